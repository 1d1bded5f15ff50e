"""How a payer behaves, as the last look left it: its denial rate, its speed, its money, and what would be noticed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from upstream.core.charts import LagChart, LagCurve, NowcastChart, percent
from upstream.detection import charts
from upstream.detection.models import Baseline, DetectionRun
from upstream.detection.queries import state_of
from upstream.portal import words
from upstream.portal.figures import Table

MONEY_WEEKS = 8
KINDS = {"decision": "Until a decision", "payment": "Until a payment"}
QUARTILES = ("50", "75", "90")
CHANGES = {
    "denial_rate": ("Denials rise by", lambda size: words.points(size).removeprefix("+")),
    "payment_delay": ("Decisions come later by", lambda size: f"{size:.0f} days" if size >= 3 else f"{size:.1f} days"),
    "underpayment": ("Allowed amounts fall by", lambda size: percent(size, 1)),
}
WEEK_COLUMNS = (
    "week", "claims", "decided", "denied", "denial_rate", "denial_rate_low_95", "denial_rate_high_95", "usual_rate",
    "share_of_decisions_expected_by_now", "still_filling",
    *(f"{kind}_{part}" for kind in ("allowed", "paid") for part in ("so_far", "expected", "low_80", "high_80")),
)  # fmt: skip
DAY_COLUMNS = ("days_since_submission", *(f"{kind}_{when}{part}" for kind in KINDS for when in ("now", "usual")
                                          for part in ("", "_low_95", "_high_95")))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """What every number carries: its basis, the day it is of, how complete it is, and the method."""

    basis: str
    as_of: date
    method: str
    maturity: float | None = None

    @property
    def words(self) -> str:
        """One sentence for the foot of a chart."""
        filled = ""
        if self.maturity is not None:
            filled = f"; {percent(self.maturity)} of the decisions on the last 8 weeks' claims are expected by then"
        return f"{self.basis}, as of {words.long_day(self.as_of)}{filled}. Method {self.method}."


@dataclass(frozen=True, slots=True)
class SpeedLine:
    """Days by which half, three quarters and nine tenths are decided or paid: now with a 95 % interval, and usually."""

    kind: str
    now: tuple[str, ...]
    usual: tuple[str, ...]
    days: int
    decisions: int


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One submission week in cents: known so far, expected in the end with an 80 % interval."""

    week: date
    claims: int
    known: int
    expected: int
    low: int
    high: int
    paid: int


@dataclass(frozen=True, slots=True)
class HorizonLine:
    """One kind of change with the smallest one that would be noticed within 2, 4 and 8 weeks, in words."""

    change: str
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The parts of a payer's page that tell how it behaves."""

    baseline: Baseline
    run: DetectionRun
    wide: NowcastChart
    narrow: NowcastChart
    lag: LagChart | None
    speed: list[SpeedLine]
    money: list[MoneyLine]
    horizon: list[HorizonLine]
    rates_made: Made
    speed_made: Made


def behaviour_of(payer_id: int, name: str) -> Behaviour | None:
    """Two queries: the last look, and what it left of the payer; None where it left nothing."""
    found = state_of(payer_id)
    if found is None:
        return None
    run = found.run
    told = NowcastChart(f"Denial rate by week of submission, {name}", (), found.usual_rate)
    return Behaviour(
        baseline=found,
        run=run,
        wide=charts.nowcast(told, found.series, charts.WIDE_WEEKS),
        narrow=charts.nowcast(told, found.series, charts.NARROW_WEEKS),
        lag=_lag_chart(found.lag, name),
        speed=[_speed(kind, found.lag[kind]) for kind in KINDS if kind in found.lag],
        money=[_money(week) for week in found.series[-MONEY_WEEKS:] if week.get("allowed")],
        horizon=list(_horizon(found.visible)),
        rates_made=Made("By the week of submission", run.as_of, run.method, found.maturity),
        speed_made=Made(_span(found.lag), run.as_of, run.method),
    )


def horizon_words(baseline: Baseline, name: str) -> str:
    """ "At Civic Care a rise below 9 points would not have been seen within 4 weeks." """
    size = baseline.visible_in_4_weeks
    if size is None:
        return f"At {name} claims are too few for any rise of denials to be seen within 4 weeks."
    least = words.points(size).removeprefix("+")
    return f"At {name} a rise below {least} would not have been seen within 4 weeks."


def tables_of(found: Behaviour | None) -> dict[str, Table]:
    """The numbers behind both charts, each row with the day that it is of and the method; none without a look."""
    if found is None:
        return {}
    run, base = found.run, found.baseline
    kinds = (("weeks", WEEK_COLUMNS, _week_rows(base.series)), ("days", DAY_COLUMNS, _day_rows(base.lag)))
    return {
        name: Table(
            f"payer {name} {run.as_of}", (*columns, "as_of", "method"), ((*row, run.as_of, run.method) for row in rows)
        )
        for name, columns, rows in kinds
    }


def _week_rows(series: Sequence[Mapping[str, Any]]) -> Iterator[tuple[object, ...]]:
    """Denial rate and expected dollars by the week of submission: shares and dollars as numbers."""
    for week in series:
        cents = [
            None if not week.get(kind) else week[kind][place] / 100
            for kind in ("allowed", "paid")
            for place in (3, 1, 0, 2)
        ]
        yield (
            week["week"], week["submitted"], week.get("decided"), week.get("denied"), week["mid"], week["low"],
            week["high"], week["baseline"], week["maturity"], "yes" if week["immature"] else "no", *cents,
        )  # fmt: skip


def _day_rows(lag: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """The curves by day: share decided and paid, now and usually, with their 95 % bands."""
    curves = [
        lag[kind][when][part]
        for kind in KINDS
        if kind in lag
        for when in ("now", "usual")
        for part in ("share", "low", "high")
    ]
    for day, shares in enumerate(zip(*curves, strict=True)):
        yield (day, *shares)


def _span(lag: Mapping[str, Any]) -> str:
    days = lag["decision"]["days"] if "decision" in lag else 28
    return f"By days since submission, decisions of the last {days // 7} weeks against those of 12 to 64 weeks ago"


def _lag_chart(lag: Mapping[str, Any], name: str) -> LagChart | None:
    if "decision" not in lag:
        return None
    curves = tuple(
        LagCurve(called, tuple(enumerate(lag["decision"][when]["share"])))
        for called, when in (("Now", "now"), ("Usual", "usual"))
    )
    return LagChart(f"Share of claims decided by days since submission, {name}", curves)


def _speed(kind: str, told: Mapping[str, Any]) -> SpeedLine:
    return SpeedLine(
        KINDS[kind],
        tuple(_days(told["now"][quartile]) for quartile in QUARTILES),
        tuple(_days(told["usual"][quartile], band=False) for quartile in QUARTILES),
        told["days"],
        told["now"]["decisions"],
    )


def _days(ends: Sequence[float | None], *, band: bool = True) -> str:
    low, mid, high = ends
    if mid is None:
        return "not reached"
    if not band:
        return f"{mid:.0f}"
    return f"{mid:.0f} ({low or 0:.0f} to {high:.0f})" if high is not None else f"{mid:.0f} ({low or 0:.0f} or more)"


def _money(week: Mapping[str, Any]) -> MoneyLine:
    low, mid, high, known = week["allowed"]
    return MoneyLine(date.fromisoformat(week["week"]), int(week["submitted"]), known, mid, low, high, week["paid"][1])


def _horizon(visible: Mapping[str, Sequence[float | None]]) -> Iterator[HorizonLine]:
    for metric, (change, said) in CHANGES.items():
        if metric in visible:
            within = ("too few claims" if size is None else said(size) for size in visible[metric])
            yield HorizonLine(change, tuple(within))
