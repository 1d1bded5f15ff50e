"""How well we do, by what people made of incidents: shares and rates with intervals that are honest about few. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log, sqrt
from statistics import median

from upstream.alerts.choices import ResolutionOutcome
from upstream.alerts.rules import FALSE_OUTCOMES

REAL_OUTCOMES = frozenset({ResolutionOutcome.PAYER_CHANGE, ResolutionOutcome.OUR_PROCESS})
DAYS_A_QUARTER = 365.25 / 4
TAIL, Z = 0.025, 1.959964
STEPS = 60


@dataclass(frozen=True)
class Rate:
    """A value with its 95 % interval, and how many it comes from."""

    low: float
    mid: float
    high: float
    n: int


def share(some: int, of: int) -> Rate | None:
    """Some of so many, with Wilson's interval (1927); None of nothing."""
    if not of:
        return None
    mid = some / of
    middle, room = mid + Z * Z / (2 * of), Z * sqrt(mid * (1 - mid) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    return Rate(max((middle - room) / whole, 0.0), mid, min((middle + room) / whole, 1.0), of)


def per_quarter(count: int, quarters: float) -> Rate | None:
    """So many in so many quarters, with the exact Poisson interval (Garwood 1936); None when nobody watched."""
    if quarters <= 0:
        return None
    low, high = poisson_interval(count)
    return Rate(low / quarters, count / quarters, high / quarters, count)


def poisson_interval(count: int) -> tuple[float, float]:
    """The means under which so many, or so few, are no rarer than one in forty."""
    low = 0.0 if count == 0 else _mean_at(count - 1, 1.0 - TAIL)
    return low, _mean_at(count, TAIL)


def _mean_at(count: int, chance: float) -> float:
    """The mean of a Poisson number that is at most `count` with this chance."""
    low, high = 0.0, 2.0 * count + 20.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(count, middle) > chance else (low, middle)
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1)) if mean > 0 else 1.0


@dataclass(frozen=True)
class Judged:
    """One incident: when it was raised, how long that was before the month-end report, and what it turned out to be."""

    metric: str
    strength: str
    as_of: date
    days_before_report: int
    outcome: str
    closed: bool

    @property
    def is_real(self) -> bool:
        return self.outcome in REAL_OUTCOMES

    @property
    def is_false(self) -> bool:
        return self.outcome in FALSE_OUTCOMES


@dataclass(frozen=True)
class Tally:
    """Incidents counted: raised, found real, found false; the others nobody has judged."""

    raised: int
    real: int
    false: int

    @property
    def unjudged(self) -> int:
        return self.raised - self.real - self.false

    @property
    def precision(self) -> Rate | None:
        return share(self.real, self.real + self.false)


def tally(rows: Sequence[Judged]) -> Tally:
    return Tally(len(rows), sum(row.is_real for row in rows), sum(row.is_false for row in rows))


def tallies(rows: Sequence[Judged], by: str) -> dict[str, Tally]:
    """By the value of a field, the commonest first."""
    values = {getattr(row, by) for row in rows}
    found = {value: tally([row for row in rows if getattr(row, by) == value]) for value in values}
    return dict(sorted(found.items(), key=lambda item: (-item[1].raised, item[0])))


@dataclass(frozen=True)
class FalseAlarms:
    """False incidents a quarter over the days watched; `at_most` counts every unjudged one as false too."""

    quarters: float
    observed: Rate | None
    at_most: Rate | None
    budget: float

    @property
    def verdict(self) -> str:
        """What may be said of the budget: kept, exceeded, or open while too little was seen."""
        if self.observed is None or self.at_most is None:
            return "open"
        if self.observed.low > self.budget:
            return "exceeded"
        return "kept" if self.at_most.high <= self.budget else "open"


def false_alarms(rows: Sequence[Judged], days: int, budget: float) -> FalseAlarms:
    """Of the incidents raised within these days."""
    counted, quarters = tally(rows), days / DAYS_A_QUARTER
    return FalseAlarms(
        quarters,
        per_quarter(counted.false, quarters),
        per_quarter(counted.false + counted.unjudged, quarters),
        budget,
    )


@dataclass(frozen=True)
class Lead:
    """Days before the month-end report at which real changes were told: how many, the middle, least and most."""

    n: int
    middle: float
    least: int
    most: int
    before: int


def lead(rows: Iterable[Judged]) -> Lead | None:
    """None without a real one."""
    days = [row.days_before_report for row in rows if row.is_real]
    return Lead(len(days), median(days), min(days), max(days), sum(day > 0 for day in days)) if days else None


@dataclass(frozen=True)
class Brought:
    """One incident's money against what payers paid on its claims since; cents.

    `claims` were allowed something since, for which `expected` was expected and `allowed` came; `lost` to `high` is
    what we had said was lost, `kept` what of the middle is lost still.
    """

    claims: int
    of: int
    expected: int
    allowed: int
    low: int
    lost: int
    high: int
    kept: int

    @property
    def is_inside(self) -> bool:
        return self.low <= self.kept <= self.high


@dataclass(frozen=True)
class Money:
    """All incidents of which claims were paid since: expected against allowed, and how often our range held."""

    incidents: int
    claims: int
    expected: int
    allowed: int
    inside: Rate | None

    @property
    def ratio(self) -> float | None:
        return self.allowed / self.expected if self.expected else None


def money(rows: Sequence[Brought]) -> Money:
    """Where payers have answered hardly a tenth of the claims again, our range is not put to the test: left out."""
    some = [row for row in rows if row.claims]
    told = [row for row in some if row.claims >= row.of / 10]
    return Money(
        len(some), sum(row.claims for row in some), sum(row.expected for row in some),
        sum(row.allowed for row in some), share(sum(row.is_inside for row in told), len(told)),
    )  # fmt: skip
