"""On which weekdays something usually comes, and how surprising it is that nothing did. Pure: dates in, shares out.

Each weekday has its own share of weeks in which something came. That knows daily and weekly senders exactly and treats
one who sends every other week cautiously: silence surprises later, never too early.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import fmean, pvariance

FEWEST_WEEKS, MOST_WEEKS = 6, 26
FEWEST_VOLUME_WEEKS = 8
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rhythm:
    """`chances`: for Monday to Sunday, the chance that something comes; learned from `weeks` weeks."""

    chances: tuple[float, ...]
    weeks: int

    def chance(self, day: date) -> float:
        return self.chances[day.weekday()]

    def expected(self, days: Iterable[date]) -> float:
        """How many of these days something should come on."""
        return sum(self.chance(day) for day in days)

    def surprise(self, silent: Iterable[date]) -> float:
        """The chance that nothing comes on any of these days, if the rhythm holds."""
        chance = 1.0
        for day in silent:
            chance *= 1 - self.chance(day)
        return chance


def learned(days: Collection[date], until: date) -> Rhythm | None:
    """The rhythm of the last 26 weeks before the Monday `until`, None for fewer than six weeks.

    A weekday's share is (weeks with something + 1/2) / (weeks + 1), so that no chance is ever 0 or 1 (Jeffreys). Weeks
    count from the first one in which anything came.
    """
    first = min(days, default=until)
    start = max(first - timedelta(days=first.weekday()), until - timedelta(weeks=MOST_WEEKS))
    weeks = (until - start).days // 7
    if weeks < FEWEST_WEEKS:
        return None
    seen = [0] * 7
    for day in {day for day in days if start <= day < until}:
        seen[day.weekday()] += 1
    return Rhythm(tuple((hits + 0.5) / (weeks + 1) for hits in seen), weeks)


def days_between(first: date, last: date) -> list[date]:
    """Every day from first to last, both counted."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@dataclass(frozen=True)
class Volume:
    """How the last week compares with the ones before: times the usual, and in standard deviations of a new week."""

    last: int
    usual: float
    times: float
    deviations: float


def volume_of(weekly: Sequence[int]) -> Volume | None:
    """The last of these weeks against up to 26 before it; None for fewer than eight weeks or fewer than ten a week.

    Weeks vary at least as Poisson counts do, and by as much more as they have shown.
    """
    before = list(weekly[-1 - MOST_WEEKS : -1])
    if len(before) < FEWEST_VOLUME_WEEKS or (usual := fmean(before)) < 10:
        return None
    spread = max(pvariance(before) * len(before) / (len(before) - 1), usual)
    deviations = (weekly[-1] - usual) / sqrt(spread * (1 + 1 / len(before)))
    return Volume(weekly[-1], usual, weekly[-1] / usual, deviations)


def bank_holidays(year: int) -> frozenset[date]:
    """Days on which no money moves between US banks (Federal Reserve); a Sunday's is kept on Monday."""
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    moving = [
        _nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _last_monday_of_may(year), _nth(year, 9, 0, 1), _nth(year, 10, 0, 2),
        _nth(year, 11, 3, 4),
    ]  # fmt: skip
    return frozenset([day + DAY if day.weekday() == 6 else day for day in fixed] + moving)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())
