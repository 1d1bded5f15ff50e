"""Weekly sums that measures are made of: derived, without PHI, and recounted whole for weeks that changed."""

from typing import ClassVar

from django.db import models

from upstream.claims.models import Payer
from upstream.core.db.models import TenantModel, tenant_key
from upstream.ingestion.reconciliation.choices import Basis as ReconciliationBasis
from upstream.kpis.choices import Fact


class WeekSum(TenantModel):
    """One fact of one payer in one week on the fact's own basis, of families first submitted in `sent_week`.

    `place` is the procedure where the fact tells it; `days` a number of days, or a day counted from year 1. `cents`
    add up the family's money, `most_cents` is the largest of them.
    """

    payer = tenant_key(Payer)
    sent_week = models.DateField()
    fact = models.CharField(max_length=16, choices=Fact.choices)
    week = models.DateField()
    place = models.CharField(max_length=16, blank=True)
    days = models.IntegerField(default=0)
    number = models.BigIntegerField()
    cents = models.BigIntegerField()
    most_cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "sent_week", "fact", "payer", "week", "place", "days"], name="week_sum_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "fact", "week"], name="week_sum_by_fact")]

    def __str__(self) -> str:
        return f"sum {self.pk} in the week of {self.week}"


class SummedWeek(TenantModel):
    """A submission week whose sums stand: `changes` is SubmissionWeek's of the claims that they were made from, and
    `statuses` the newest ClaimStatus that was looked at."""

    week = models.DateField()
    changes = models.BigIntegerField()
    statuses = models.BigIntegerField()
    layout = models.CharField(max_length=60)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "week"], name="summed_week_once")]

    def __str__(self) -> str:
        return f"sums of {self.week}"


class AnswerDay(TenantModel):
    """What one payer answered that counts for one day on one basis, on claims submitted in `sent_week`.

    `claims` of the day; `week_first` are those of them with no earlier day in its week, `week_last` with no later one,
    and so for its month. Reversals count with their sign.
    """

    payer = tenant_key(Payer)
    sent_week = models.DateField()
    basis = models.CharField(max_length=10, choices=ReconciliationBasis.choices)
    day = models.DateField()
    claims = models.IntegerField()
    week_first = models.IntegerField()
    week_last = models.IntegerField()
    month_first = models.IntegerField()
    month_last = models.IntegerField()
    answers = models.IntegerField()
    denied = models.IntegerField()
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    patient_cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "sent_week", "basis", "day", "payer"], name="answer_day_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "basis", "day"], name="answer_day_by_day")]

    def __str__(self) -> str:
        return f"answers of {self.day}"


class Price(TenantModel):
    """What a payer allowed of a procedure's charges in the 52 weeks before the sums were last made."""

    payer = tenant_key(Payer)
    procedure_code = models.CharField(max_length=16, blank=True)
    claims = models.IntegerField()
    billed_cents = models.BigIntegerField()
    allowed_cents = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "payer", "procedure_code"], name="kpi_price_once"),
        ]

    def __str__(self) -> str:
        return f"price {self.pk}"


class ReworkCost(TenantModel):
    """What one touch of a denied claim costs the practice from a day on; never changed, the newest word counts."""

    cents = models.BigIntegerField()
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "-valid_from", "-id"], name="rework_cost_newest")]

    def __str__(self) -> str:
        return f"cost of rework from {self.valid_from}"
