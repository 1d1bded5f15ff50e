"""Money that the bank says has come, to be held against the payers' payments."""

from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel


class Deposit(TenantModel):
    """One deposit of the bank's list: what came on a day under a check or trace number.

    `number_key` is the number without leading zeros and punctuation, by which payments are found; `ordinal` tells
    equal ones of one list apart. The same list again adds nothing.
    """

    day = models.DateField()
    cents = models.BigIntegerField()
    number = models.CharField(max_length=50, blank=True)
    number_key = models.CharField(max_length=50, blank=True)
    ordinal = models.SmallIntegerField(default=1)
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=80)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day", "number_key", "cents", "ordinal"], name="deposit_once"),
        ]

    def __str__(self) -> str:
        return f"deposit {self.pk}"
