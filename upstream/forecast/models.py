"""What was expected as of each week, and what came: derived, without PHI."""

from typing import ClassVar

from django.db import models

from upstream.claims.models import Payer
from upstream.core.db.models import TenantModel, tenant_key


class Forecast(TenantModel):
    """What was expected at the end of the week of one Monday, from what was known by then; never changed.

    `inputs` is a hash of all that it was made from. Another row for the same week is there when the past was put right
    since, such as by a payer's name: the newest counts.
    """

    as_of_week = models.DateField()
    method = models.CharField(max_length=20)
    inputs = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "-as_of_week", "-id"], name="forecast_newest")]

    def __str__(self) -> str:
        return f"forecast {self.pk} as of the week of {self.as_of_week}"


class Expected(TenantModel):
    """One payer's, or without a payer everybody's, over one of `bands.SPANS`: 80 % of what comes lies inside.

    Claims count as denied when refused wholly or in part, dollars are what first answers pay.
    """

    forecast = tenant_key(Forecast, related_name="expected")
    payer = tenant_key(Payer, null=True)
    span = models.SmallIntegerField()
    cash_low = models.BigIntegerField()
    cash = models.BigIntegerField()
    cash_high = models.BigIntegerField()
    denials_low = models.FloatField()
    denials = models.FloatField()
    denials_high = models.FloatField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "forecast", "payer", "span"], name="expected_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"expected {self.pk}"


class Came(TenantModel):
    """What first answers that became known in one week paid, and how many claims they refused."""

    payer = tenant_key(Payer)
    week = models.DateField()
    cash = models.BigIntegerField()
    denials = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "week", "payer"], name="came_once"),
        ]

    def __str__(self) -> str:
        return f"came in the week of {self.week}"


class Reckoned(TenantModel):
    """Up to where forecasts stand: the look of detection that they follow, and how often claims had changed."""

    run = models.BigIntegerField()
    changes = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="reckoned_once")]

    def __str__(self) -> str:
        return f"forecasts after look {self.run}"
