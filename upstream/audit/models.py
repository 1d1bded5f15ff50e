"""Who looked at whom: append-only, chained, kept for six years."""

from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel


class PHIAccess(TenantModel):
    """One look at identifying values: who, when, from where, what, why, how many; never the values.

    `link` = SHA-256 over the previous entry's link and this entry's fields, so that a change or a gap shows.
    `address` is where a request came from as our own proxies say, "" for what no request asked.
    """

    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    records = models.IntegerField(default=1)
    purpose = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=10, default="granted")
    address = models.CharField(max_length=45, default="", db_default="")
    request_id = models.CharField(max_length=64, blank=True)
    link = models.BinaryField(max_length=32)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="access_number_once")]

    def __str__(self) -> str:
        return f"access {self.number}"
