"""Charts of the pages, from the weekly series that detection leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from upstream.core.charts import NowcastChart, RateWeek, Sparkline

SPARK_WEEKS = 26
LEAST_MATURITY = 0.25
WIDE_WEEKS, NARROW_WEEKS = 39, 16

Weeks = Sequence[Mapping[str, Any]]


def spark(title: str, series: Weeks, onset: date | None = None) -> Sparkline:
    """The last 26 weeks of which something is decided, with the place of the change among them."""
    recent = [week for week in series if week["maturity"] >= LEAST_MATURITY][-SPARK_WEEKS:]
    places = [i for i, week in enumerate(recent) if onset and week["week"] == onset.isoformat()]
    return Sparkline(title, tuple(_rate(week) for week in recent), places[0] if places else None)


def nowcast(told: NowcastChart, series: Weeks, weeks: int) -> NowcastChart:
    """What is told of the chart, with the last `weeks` weeks and their intervals."""
    return replace(told, weeks=tuple(_week(week) for week in series[-weeks:]))


def _week(week: Mapping[str, Any]) -> RateWeek:
    return RateWeek(
        week=date.fromisoformat(week["week"]),
        rate=_rate(week),
        low=_plotted(week["low"]),
        high=_plotted(week["high"]),
        claims=int(week["submitted"]),
        complete=not week["immature"],
    )


def _rate(week: Mapping[str, Any]) -> float | None:
    return _plotted(week["mid"]) if week["submitted"] else None


def _plotted(share: float) -> float:
    """Within the picture: after a backlog, decisions can be more than those expected."""
    return min(max(float(share), 0.0), 1.0)
