"""When people may be disturbed: quiet hours, office hours and weekly turns on the clock of a place. Pure.

A time of day is an instant by these words: where it comes twice on a day (the clocks go back) quiet begins at the
first and ends at the second; where it does not come (they go forward) it is the moment at which they do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MIDNIGHT = time(0)
LONGEST = 15
WORKDAYS = frozenset(range(5))


@dataclass(frozen=True)
class Quiet:
    """Hours of each night, and whole days of the week (Monday is 0), in which nobody is disturbed."""

    zone: str
    start: time | None = None
    end: time | None = None
    days: frozenset[int] = frozenset()

    @property
    def place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True)
class Office:
    """The hours in which somebody is at work."""

    zone: str
    start: time = time(8)
    end: time = time(17)
    days: frozenset[int] = WORKDAYS


def instant(day: date, at: time, zone: str, *, last: bool = False) -> datetime:
    """The moment at which clocks there say so, in UTC; the second one with `last` where there are two."""
    place = ZoneInfo(zone)
    first, second = (datetime.combine(day, at, place).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return second if last else first
    return _jump(second, first, place)


def _jump(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The moment between the two at which the clocks go forward."""
    offset = before.astimezone(place).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(place).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def quiet_until(now: datetime, quiet: Quiet) -> datetime | None:
    """When the quiet that holds now is over; None when none does."""
    ends = [end for start, end in _quiet_about(now, quiet) if start <= now < end]
    return max(ends, default=None)


def _quiet_about(now: datetime, quiet: Quiet) -> Iterator[tuple[datetime, datetime]]:
    today = now.astimezone(ZoneInfo(quiet.zone)).date()
    for day in (today - DAY, today):
        if day.weekday() in quiet.days:
            yield instant(day, MIDNIGHT, quiet.zone), instant(day + DAY, MIDNIGHT, quiet.zone)
        if quiet.start is not None and quiet.end is not None and quiet.start != quiet.end:
            over = day + DAY if quiet.end < quiet.start else day
            yield instant(day, quiet.start, quiet.zone), instant(over, quiet.end, quiet.zone, last=True)


def free_at(now: datetime, *quiets: Quiet) -> datetime:
    """The first moment from now on in which none of them holds; after two weeks without one, the last end."""
    at = now
    for _round in range(LONGEST * 2):
        ends = [end for quiet in quiets if (end := quiet_until(at, quiet)) is not None]
        if not ends:
            return at
        at = max(ends)
        if at - now > LONGEST * DAY:
            break
    return at


def after_working(now: datetime, hours: float, office: Office) -> datetime:
    """The moment at which so many hours of work have passed."""
    left, day = timedelta(hours=hours), now.astimezone(ZoneInfo(office.zone)).date()
    while True:
        if day.weekday() in office.days:
            start = max(instant(day, office.start, office.zone), now)
            end = instant(day, office.end, office.zone)
            if start < end and left <= end - start:
                return start + left
            left -= max(end - start, timedelta(0))
        day += DAY


def next_time(now: datetime, at: time, zone: str) -> datetime:
    """The next moment after now at which clocks there say so."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return next(found for day in (today, today + DAY, today + 2 * DAY) if (found := instant(day, at, zone)) > now)


def week_began(now: datetime, zone: str) -> datetime:
    """The start of this week's Monday there."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return instant(today - timedelta(days=today.weekday()), MIDNIGHT, zone)


@dataclass(frozen=True)
class Turns:
    """People who take weeks by turns, the first of them from the first handover on or after `since`.

    `substitutes`: who takes a single week in another's place, by the day on which it begins.
    """

    zone: str
    weekday: int
    at: time
    since: date
    people: Sequence[int]
    substitutes: Mapping[date, int] = field(default_factory=dict)

    def day_of(self, number: int) -> date:
        """The day on which the turn of this number (0 is the first) begins."""
        first = self.since + timedelta(days=(self.weekday - self.since.weekday()) % 7)
        return first + number * WEEK

    def handover(self, number: int) -> datetime:
        """The moment at which it begins."""
        return instant(self.day_of(number), self.at, self.zone)

    def number_at(self, now: datetime) -> int:
        """Whose turn it is, counted from 0; before the first handover it is the first's."""
        number = max(int((now - self.handover(0)) / WEEK) - 1, 0)
        while self.handover(number + 1) <= now:
            number += 1
        return number

    def on_call(self, now: datetime, able: frozenset[int]) -> int | None:
        """Who has the turn: who stands in and is able, else the next in line who is; None when nobody is."""
        number = self.number_at(now)
        instead = self.substitutes.get(self.day_of(number))
        return instead if instead in able else self.usually(number, able)

    def usually(self, number: int, able: frozenset[int]) -> int | None:
        """Whose turn of this number it is by the order alone."""
        order = [self.people[(number + step) % len(self.people)] for step in range(len(self.people))]
        return next((person for person in order if person in able), None)
