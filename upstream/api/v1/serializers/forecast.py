"""What the next four weeks are expected to bring, and how right earlier forecasts were."""

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.core.money import dollars_of
from upstream.forecast.queries import Line, NextWeeks
from upstream.forecast.rules import Ahead, Past


class ForecastQuery(Strict):
    payer = serializers.UUIDField(required=False, help_text="Default: every payer, and all together.")


class ExpectedCash(Shape):
    low = serializers.CharField(help_text="Four of five times what comes is not below it.")
    expected = serializers.CharField()
    high = serializers.CharField(help_text="Four of five times what comes is not above `high` nor below `low`.")


class ExpectedDenials(Shape):
    low = serializers.FloatField()
    expected = serializers.FloatField()
    high = serializers.FloatField()


class WeekAheadShape(Shape):
    first = serializers.DateField(help_text="A Monday.")
    last = serializers.DateField(help_text="A Sunday.")
    cash = ExpectedCash(help_text="What payers' first answers pay.")
    denials = ExpectedDenials(help_text="Claims that first answers refuse, wholly or in part.")


class WeekOverShape(WeekAheadShape):
    cash_came = serializers.CharField()
    denials_came = serializers.FloatField()


class RightShape(Shape):
    weeks = serializers.IntegerField(help_text="Ranges of earlier forecasts whose weeks are over.")
    inside = serializers.FloatField(help_text="Share of them that held what came; 0.8 is meant.")
    off = serializers.FloatField(help_text="Forecasts for four weeks later: all differences, divided by what came.")
    off_last_year = serializers.FloatField(
        allow_null=True, help_text='What "as a year before" would have been off in the same weeks.'
    )


class ForecastLineShape(Shape):
    payer = PayerName(allow_null=True, help_text="Null: all together.")
    weeks = WeekAheadShape(many=True)
    four_weeks = WeekAheadShape()
    cash_so_far = serializers.CharField(help_text="What has come of the first week by now.")
    denials_so_far = serializers.FloatField()
    past = WeekOverShape(many=True, help_text="Complete weeks, each with what was expected the week before.")
    cash_right = RightShape(allow_null=True)
    denials_right = RightShape(allow_null=True)


class ForecastShape(Shape):
    as_of = serializers.DateField(allow_null=True, help_text="Null: there is too little past for a forecast.")
    made_at = serializers.DateTimeField(allow_null=True)
    method = serializers.CharField(allow_null=True)
    total = ForecastLineShape(allow_null=True)
    payers = ForecastLineShape(many=True)


def told(found: NextWeeks | None) -> dict[str, object]:
    """As ForecastShape says it."""
    if found is None:
        return {"as_of": None, "made_at": None, "method": None, "total": None, "payers": []}
    return {
        "as_of": found.as_of, "made_at": found.made_at, "method": found.method, "total": _line(found.total),
        "payers": [_line(line) for line in found.payers],
    }  # fmt: skip


def _line(line: Line) -> dict[str, object]:
    return {
        "payer": line.payer, "weeks": [_week(ahead) for ahead in line.weeks], "four_weeks": _week(line.together),
        "cash_so_far": _dollars(line.so_far.cash), "denials_so_far": line.so_far.denials,
        "past": [_over(past) for past in line.past], "cash_right": line.cash_right, "denials_right": line.denials_right,
    }  # fmt: skip


def _week(ahead: Ahead) -> dict[str, object]:
    cash, denials = ahead.cash, ahead.denials
    return {
        "first": ahead.first, "last": ahead.last,
        "cash": {"low": _dollars(cash.low), "expected": _dollars(cash.mid), "high": _dollars(cash.high)},
        "denials": {"low": denials.low, "expected": denials.mid, "high": denials.high},
    }  # fmt: skip


def _over(past: Past) -> dict[str, object]:
    came = past.came
    return {**_week(past.expected), "cash_came": _dollars(came.cash), "denials_came": came.denials}


def _dollars(cents: float) -> str:
    return str(dollars_of(round(cents)))
