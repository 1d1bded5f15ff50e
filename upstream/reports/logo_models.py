"""A practice's logo on what it prints."""

from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel


class Logo(TenantModel):
    """The logo from a moment on, as a file in encrypted storage; an empty `sha256` takes it away. The newest counts."""

    sha256 = models.CharField(max_length=64, blank=True)
    width = models.SmallIntegerField(default=0)
    height = models.SmallIntegerField(default=0)
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "-id"], name="logo_newest")]

    def __str__(self) -> str:
        return f"logo {self.pk}"
