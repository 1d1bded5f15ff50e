"""What a forecast says, and how right earlier ones were. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
YEAR = 52 * WEEK
STEPS, TOGETHER = 4, 4
FEWEST = 4


@dataclass(frozen=True)
class Range:
    """Four of five times what comes lies between `low` and `high`."""

    low: float
    mid: float
    high: float

    def holds(self, came: float) -> bool:
        return self.low <= came <= self.high


@dataclass(frozen=True)
class Amounts:
    """Cents that first answers pay, and claims that they refuse."""

    cash: float = 0
    denials: float = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.cash + other.cash, self.denials + other.denials)


@dataclass(frozen=True)
class Ahead:
    """What is expected from the Monday `first` to the Sunday `last`: cents, and claims refused.

    `step` says how many weeks after what was known the last of these weeks is.
    """

    step: int
    first: date
    last: date
    cash: Range
    denials: Range

    @classmethod
    def over(cls, as_of_week: date, span: int, cash: Range, denials: Range) -> "Ahead":
        """`span` 0 to 3 is one of the four weeks after `as_of_week`, 4 all of them together."""
        first, last = (1, STEPS) if span == TOGETHER else (span + 1, span + 1)
        return cls(last, as_of_week + WEEK * first, as_of_week + WEEK * last + timedelta(days=6), cash, denials)


@dataclass(frozen=True)
class Past:
    """One complete week: what the forecast a week before it had expected, and what came."""

    expected: Ahead
    came: Amounts


@dataclass(frozen=True)
class Told:
    """One earlier word of one figure: for the week so many `steps` later, what came then, and a year before then."""

    step: int
    expected: Range
    came: float
    year_before: float | None


@dataclass(frozen=True)
class Rightness:
    """How right the earlier forecasts of one figure were.

    `inside` is the share of `weeks` bands that held what came. `off` is by how much the forecasts for four weeks later
    were off in all, as a share of what came, and `off_last_year` what "as a year before" would have been off; None
    where no such week has a year before it. Both are of the same weeks where it is not None.
    """

    weeks: int
    inside: float
    off: float
    off_last_year: float | None


Weeks = Mapping[date, Amounts]


def rightness(told: Sequence[Told]) -> Rightness | None:
    """None until four forecasts for four weeks later have met their week."""
    last = [one for one in told if one.step == STEPS]
    if len(last) < FEWEST:
        return None
    known = [one for one in last if one.year_before is not None]
    inside = sum(one.expected.holds(one.came) for one in told) / len(told)
    chosen = known or last
    truth = sum(one.came for one in chosen)
    off = sum(abs(one.expected.mid - one.came) for one in chosen)
    before = sum(abs((one.year_before or 0.0) - one.came) for one in known)
    return Rightness(len(told), inside, _share(off, truth), _share(before, truth) if known else None)


def _share(off: float, truth: float) -> float:
    return off / truth if truth else 0.0
