"""When an incident comes back by itself: marks that are written down, and the day by which a rate should be as usual.

Pure: dates, cents and rates in, decisions out.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.core.errors import Invalid

WEEK = timedelta(weeks=1)
LONGEST = timedelta(days=366)
USUALLY_WATCHED = timedelta(weeks=4)
JUDGED_WEEKS = 2
MENTION = re.compile(r"(?<![\w@./+-])@(\w[\w.+-]*)")


@dataclass(frozen=True)
class Figures:
    """An incident's numbers now: cents lost so far and its rate; `falls` where a worse rate is a lower one."""

    lost_cents: int
    rate: float
    falls: bool = False


@dataclass(frozen=True)
class Snooze:
    """Asleep until the day begins, or until the money or the rate has passed its mark, whichever is first."""

    until: date | None = None
    money_cents: int | None = None
    rate: float | None = None


def checked_snooze(snooze: Snooze, now: Figures, today: date) -> Snooze:
    """The snooze; Invalid for one without an end, with a day that is not ahead, or with a mark already passed."""
    if snooze == Snooze():
        raise Invalid("until", "say until when: a day, an amount or a rate")
    if snooze.until is not None and not today < snooze.until <= today + LONGEST:
        raise Invalid("until", "the day lies ahead, by a year at most")
    if snooze.money_cents is not None and snooze.money_cents <= now.lost_cents:
        raise Invalid("money", "so much is lost already; name a higher amount")
    if snooze.rate is not None and not _beyond(now.rate, snooze.rate, now.falls):
        raise Invalid("rate", f"the rate is past that already; name a {'lower' if now.falls else 'higher'} one")
    return snooze


def why_awake(snooze: Snooze, now: Figures, today: date) -> str:
    """Why it wakes at the beginning of the day or with these numbers, in words; "" while it sleeps on."""
    if snooze.until is not None and today >= snooze.until:
        return f"the day has come: {snooze.until.day} {snooze.until:%B %Y}"
    if snooze.money_cents is not None and now.lost_cents > snooze.money_cents:
        return f"the money has passed its mark of ${snooze.money_cents // 100:,}"
    if snooze.rate is not None and _beyond(snooze.rate, now.rate, now.falls):
        return "the rate has passed its mark"
    return ""


@dataclass(frozen=True)
class Mark:
    """What an incident had come to when a person closed it: the worse end of its rate and of a year's cents."""

    rate: float
    annual_cents: int


@dataclass(frozen=True)
class Seen:
    """What a look sees of the same cause: its rate between two ends, and the least that a year of it costs."""

    rate_low: float
    rate_high: float
    annual_low_cents: float
    falls: bool = False


def comes_back(mark: Mark, seen: Seen) -> bool:
    """Whether what a person closed is told again: only when its rate, or its money, now surely exceeds the mark."""
    surely = seen.rate_high if seen.falls else seen.rate_low
    return _beyond(mark.rate, surely, seen.falls) or seen.annual_low_cents > mark.annual_cents


def _beyond(mark: float, value: float, falls: bool) -> bool:
    return value < mark if falls else value > mark


def first_whole_week(began: date) -> date:
    """The Monday of the first week that lies wholly under watch."""
    return began - timedelta(days=began.weekday()) + WEEK


def checked_return(began: date, return_by: date | None) -> date:
    """By when a rate under watch should be as usual: four weeks on when nothing is said.

    Invalid for a day before one whole week is over, or more than a year ahead.
    """
    chosen = return_by or began + USUALLY_WATCHED
    first_sunday = first_whole_week(began) + WEEK - timedelta(days=1)
    if not first_sunday <= chosen <= began + LONGEST:
        raise Invalid("return_by", f"from {first_sunday:%d %B %Y}, when one whole week is over, to a year ahead")
    return chosen


def weeks_to_judge(began: date, return_by: date, as_of: date, last_week: date) -> tuple[date, ...]:
    """The Mondays of the weeks that tell whether the rate has returned, as of the end of the day `as_of`.

    None of them before the day `return_by` is over; then the newest two complete ones, `last_week` the last of them,
    and never one that began before the watch did.
    """
    if as_of < return_by:
        return ()
    weeks = (last_week - WEEK * back for back in reversed(range(JUDGED_WEEKS)))
    return tuple(week for week in weeks if week >= first_whole_week(began))


@dataclass(frozen=True)
class WeekSeen:
    """A week's rate with its 95 % interval, and the usual one."""

    low: float
    high: float
    usual: float


def is_off(weeks: Sequence[WeekSeen], *, falls: bool) -> bool:
    """Whether every one of the weeks is surely worse than usual; False when there is none to tell."""
    return bool(weeks) and all(week.high < week.usual if falls else week.low > week.usual for week in weeks)


def mentioned(text: str, handles: Collection[str]) -> tuple[list[str], list[str]]:
    """The handles that the text names by @, in order and once, and what stands behind an @ and is nobody's.

    An @ inside of a word, as in an address, names nobody; case and a closing full stop do not matter.
    """
    found = dict.fromkeys(name.rstrip(".+-").lower() for name in MENTION.findall(text))
    return [name for name in found if name in handles], [name for name in found if name not in handles]
