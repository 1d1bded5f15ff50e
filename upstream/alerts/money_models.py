"""What a practice says of money, from a date on."""

from typing import ClassVar

from django.db import models

from upstream.alerts.choices import MoneyLimitKind
from upstream.core.db.models import TenantModel


class MoneyLimit(TenantModel):
    """What this practice says of money from a date on, in dollars or percent; an empty value ends that.

    `source` says why or where it is written, in the practice's own words.
    """

    kind = models.CharField(max_length=12, choices=MoneyLimitKind.choices)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    source = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "valid_from"], name="money_limit_by_day")]

    def __str__(self) -> str:
        return f"limit {self.pk}: {self.kind}"
