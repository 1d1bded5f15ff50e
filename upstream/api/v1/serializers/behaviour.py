"""How a payer behaves: rates, speed, expected money, and what would be noticed, each with what it is made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape
from upstream.api.v1.serializers.common import PayerName
from upstream.detection.models import Baseline

QUARTILES = ("50", "75", "90")


class MadeShape(Shape):
    """What every number carries."""

    basis = serializers.CharField(help_text="submission_week: claims belong to the week in which they were submitted.")
    as_of = serializers.DateField(help_text="Nothing that became known after this day counts.")
    maturity = serializers.FloatField(
        allow_null=True, help_text="Share of the decisions on the last 8 weeks' claims that is expected by as_of."
    )
    method_version = serializers.CharField()


class RateShape(Shape):
    """A share of claims with its 95 % interval."""

    low = serializers.FloatField(source="rate_low")
    value = serializers.FloatField(source="rate")
    high = serializers.FloatField(source="rate_high")


class CentsShape(Shape):
    """Known so far and expected in the end, with an 80 % interval."""

    so_far = Dollars()
    low = Dollars()
    value = Dollars()
    high = Dollars()


class WeekShape(Shape):
    """One submission week; rates are what it will read when all is decided."""

    week = serializers.DateField()
    claims = serializers.IntegerField(source="submitted")
    decided = serializers.IntegerField(allow_null=True, default=None)
    denied = serializers.IntegerField(allow_null=True, default=None)
    rate_low = serializers.FloatField(source="low")
    rate = serializers.FloatField(source="mid")
    rate_high = serializers.FloatField(source="high")
    maturity = serializers.FloatField()
    still_filling = serializers.BooleanField(source="immature")
    allowed = serializers.SerializerMethodField()
    paid = serializers.SerializerMethodField()

    @extend_schema_field(CentsShape(allow_null=True))
    def get_allowed(self, week: Mapping[str, Any]) -> Any:
        return _cents(week.get("allowed"))

    @extend_schema_field(CentsShape(allow_null=True))
    def get_paid(self, week: Mapping[str, Any]) -> Any:
        return _cents(week.get("paid"))


class DaysShape(Shape):
    """Days with a 95 % interval; null where the share is not reached."""

    low = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class QuartilesShape(Shape):
    """Days by which half, three quarters and nine tenths have come."""

    claims = serializers.IntegerField()
    half = DaysShape()
    three_quarters = DaysShape()
    nine_tenths = DaysShape()


class SpeedShape(Shape):
    """Now, in the last `days` days, and usually, in a year that ended twelve weeks before as_of."""

    days = serializers.IntegerField()
    now = QuartilesShape()
    usual = QuartilesShape()


class WithinShape(Shape):
    """The smallest change found in about half of all cases; null where claims are too few."""

    within_2_weeks = serializers.FloatField(allow_null=True)
    within_4_weeks = serializers.FloatField(allow_null=True)
    within_8_weeks = serializers.FloatField(allow_null=True)


class HorizonShape(Shape):
    denial_rate = WithinShape(allow_null=True, help_text="Rise, as a share of claims.")
    payment_delay = WithinShape(allow_null=True, help_text="Days later.")
    underpayment = WithinShape(allow_null=True, help_text="Fall of allowed amounts, as a share.")
    false_incidents_per_quarter = serializers.FloatField(help_text="The tolerated number over all that is watched.")


class BehaviourShape(Shape):
    """One payer as the last look left it."""

    payer = PayerName()
    made = MadeShape(source="*")
    rate = RateShape(source="*")
    usual_rate = serializers.FloatField()
    weekly_claims = serializers.FloatField()
    weeks = WeekShape(many=True, source="series")
    until_decision = SpeedShape(allow_null=True)
    until_payment = SpeedShape(allow_null=True)
    horizon = HorizonShape()


def told(found: Baseline) -> dict[str, Any]:
    """A baseline in the shape of the answer."""
    run = found.run
    plain = {name: getattr(found, name) for name in ("rate_low", "rate", "rate_high", "usual_rate", "weekly_claims")}
    made = {"basis": "submission_week", "as_of": run.as_of, "maturity": found.maturity, "method_version": run.method}
    return {
        **plain,
        **made,
        "payer": found.payer,
        "series": found.series,
        "until_decision": _speed(found.lag.get("decision")),
        "until_payment": _speed(found.lag.get("payment")),
        "horizon": {
            **{
                metric: _within(found.visible.get(metric))
                for metric in ("denial_rate", "payment_delay", "underpayment")
            },
            "false_incidents_per_quarter": float(run.budget_per_quarter),
        },
    }


def _cents(ends: Sequence[int] | None) -> Any:
    if ends is None:
        return None
    low, value, high, known = ends
    return CentsShape({"so_far": known, "low": low, "value": value, "high": high}).data


def _speed(lag: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if lag is None:
        return None
    return {"days": lag["days"], "now": _quartiles(lag["now"]), "usual": _quartiles(lag["usual"])}


def _quartiles(table: Mapping[str, Any]) -> dict[str, Any]:
    named = zip(("half", "three_quarters", "nine_tenths"), QUARTILES, strict=True)
    days = {name: dict(zip(("low", "value", "high"), table[quartile], strict=True)) for name, quartile in named}
    return {"claims": table["decisions"], **days}


def _within(sizes: Sequence[float | None] | None) -> dict[str, float | None] | None:
    if sizes is None:
        return None
    return dict(zip(("within_2_weeks", "within_4_weeks", "within_8_weeks"), sizes, strict=True))
