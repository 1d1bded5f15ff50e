"""What codes mean beyond the shipped map: by remark, by this practice's own word, and codes that nobody mapped yet."""

from typing import ClassVar

from django.db import models

from upstream.claims.models.payer import Payer
from upstream.core.db.models import TenantModel, tenant_key


class RemarkRule(models.Model):
    """The category that a remark code gives to denials whose adjustment code (one of `carcs`) says little by itself."""

    remark = models.CharField(max_length=8)
    category = models.CharField(max_length=16)
    carcs = models.CharField(max_length=80, help_text="Adjustment codes, separated by spaces.")
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["remark", "valid_from"], name="remark_rule_once")]

    def __str__(self) -> str:
        return f"remark {self.pk}: {self.category}"


class CarcOverride(TenantModel):
    """What an adjustment code means to this practice from a date on, with who said so, when and why."""

    carc = models.CharField(max_length=8)
    category = models.CharField(max_length=16)
    adjustment_class = models.CharField(max_length=16)
    valid_from = models.DateField()
    author = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "carc", "made_at"], name="carc_override_once"),
        ]

    def __str__(self) -> str:
        return f"CARC {self.carc}: {self.category}"


class NewCode(TenantModel):
    """An adjustment code that no map had when a payer first used it: a sign in itself of how the payer behaves."""

    payer = tenant_key(Payer)
    carc = models.CharField(max_length=8)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    times = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "payer", "carc"], name="new_code_once")]

    def __str__(self) -> str:
        return f"CARC {self.carc} of payer {self.payer_id}"
