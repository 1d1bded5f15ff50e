"""Payers under the names that files give them, and the meaning of adjustment codes."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key


class Payer(TenantModel):
    """An adjudicating entity as this practice knows it."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name_key"], name="payer_once_per_tenant"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="payer_public_id"),
        ]

    def __str__(self) -> str:
        return self.name


class PayerAlias(TenantModel):
    """A name or an identifier under which files speak of a payer."""

    payer = tenant_key(Payer)
    kind = models.CharField(max_length=4, choices=[("name", "name"), ("id", "identifier")])
    value = models.CharField(max_length=200)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "kind", "value"], name="alias_once")]

    def __str__(self) -> str:
        return f"{self.kind} alias of payer {self.payer_id}"


class CarcRule(models.Model):
    """What one claim adjustment reason code means from a date on; shared by all tenants, our own words."""

    carc = models.CharField(max_length=8)
    category = models.CharField(max_length=16)
    adjustment_class = models.CharField(max_length=16)
    first_action = models.CharField(max_length=200, blank=True)
    clock = models.CharField(max_length=32, blank=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["carc", "valid_from"], name="carc_rule_once")]

    def __str__(self) -> str:
        return f"CARC {self.carc}: {self.category}"
