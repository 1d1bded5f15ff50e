"""Events of the calendar. Pure: a look as of a day uses what was known by then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.core.clock import monday_of
from upstream.core.errors import Invalid
from upstream.detection.choices import EventEffect, EventKind

NAME_LENGTH, SOURCE_LENGTH = 120, 200
LONGEST = timedelta(days=400)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Event:
    """`last` None: until further notice. No `payers`: all of them. `shared` is the key of the shared row it speaks of.

    `known_from` is the day since when the world knew of it, whenever it was written down here.
    """

    name: str
    kind: str
    first: date
    last: date | None
    effect: str
    payers: tuple[int, ...] = ()
    source: str = ""
    known_from: date = date.min
    shared: str = ""

    def touches(self, first: date, last: date, payer: int) -> bool:
        """Whether any of its days lies between the two, both counted, and it is about the payer."""
        return self.first <= last and (self.last is None or self.last >= first) and self.is_about(payer)

    def is_about(self, payer: int) -> bool:
        return not self.payers or payer in self.payers

    def mondays(self, until: date) -> Iterator[date]:
        """Of every week that holds one of its days, up to the week of `until`."""
        week, end = monday_of(self.first), min(self.last or until, until)
        while week <= end:
            yield week
            week += WEEK

    def kept(self) -> list[object]:
        """As a run remembers it."""
        last = self.last.isoformat() if self.last else None
        return [self.name, self.kind, self.first.isoformat(), last, self.effect, list(self.payers)]

    @classmethod
    def of(cls, kept: list[object]) -> "Event":
        """From what a run remembers."""
        name, kind, first, last, effect, payers = kept
        if not isinstance(payers, list):
            raise Invalid("calendar", "a remembered event has a list of payers")
        ends = date.fromisoformat(str(last)) if last else None
        return cls(str(name), str(kind), date.fromisoformat(str(first)), ends, str(effect), tuple(payers))


def standing(shared: Iterable[Event], own: Iterable[Event], day: date) -> list[Event]:
    """What is in force in a look as of `day`: known by then, the practice's word before the shared one; by date.

    `own` holds no rows that a later one stands in place of.
    """
    mine = [event for event in own if event.known_from <= day and event.effect != EventEffect.NONE]
    overridden = {event.shared for event in mine if event.shared}
    others = [event for event in shared if event.known_from <= day and event.shared not in overridden]
    return sorted([*others, *mine], key=lambda event: (event.first, event.last or date.max, event.name, event.payers))


def checked(event: Event, today: date) -> Event:
    """The event as given. Invalid with the field's name where it cannot be."""
    if not event.name.strip():
        raise Invalid("name", "say what happened")
    if event.last is not None and event.last < event.first:
        raise Invalid("last", "it cannot end before it begins")
    if event.effect == EventEffect.MASK and (event.last or max(today, event.first)) - event.first > LONGEST:
        raise Invalid("last", "more than 400 days cannot be left out: no past would be left to compare with")
    if event.known_from > today:
        raise Invalid("known_from", "nobody can know it later than today and write it down now")
    return event


# name, month, day for a date; name, month, weekday (Monday is 0), which one (-1 the last) for the others.
FIXED = (
    ("New Year's Day", 1, 1), ("Juneteenth", 6, 19), ("Independence Day", 7, 4), ("Veterans Day", 11, 11),
    ("Christmas Day", 12, 25),
)  # fmt: skip
MOVING = (
    ("Martin Luther King Jr. Day", 1, 0, 3), ("Washington's Birthday", 2, 0, 3), ("Memorial Day", 5, 0, -1),
    ("Labor Day", 9, 0, 1), ("Columbus Day", 10, 0, 2), ("Thanksgiving Day", 11, 3, 4),
)  # fmt: skip
JUNETEENTH_SINCE = 2021
ALWAYS = date(1900, 1, 1)
HOLIDAY_SOURCE = "5 U.S.C. 6103; a Sunday's holiday is kept on Monday, as banks do"
CUSTOM = "our own note: when many plans change their rules"


def shared_days(year: int) -> list[Event]:
    """What every calendar shows of a year, none of it left out: holidays, the new plan year, July's Medicaid."""
    holidays = [(name, _kept_on(date(year, month, day))) for name, month, day in FIXED]
    holidays += [(name, _nth(year, month, weekday, count)) for name, month, weekday, count in MOVING]
    found = [
        _shared(name, EventKind.HOLIDAY, day, day, HOLIDAY_SOURCE)
        for name, day in holidays
        if name != "Juneteenth" or year >= JUNETEENTH_SINCE
    ]
    found.append(_shared("New plan year", EventKind.PLAN_YEAR, date(year, 1, 1), date(year, 1, 31), CUSTOM))
    found.append(_shared("Medicaid renewals of July", EventKind.MEDICAID, date(year, 7, 1), date(year, 7, 31), CUSTOM))
    return sorted(found, key=lambda event: (event.first, event.last or date.max, event.name))


def _shared(name: str, kind: str, first: date, last: date, source: str) -> Event:
    slug = "".join(letter if letter.isalnum() else "-" for letter in name.lower().replace("'", "").replace(".", ""))
    return Event(name, kind, first, last, EventEffect.NOTE, (), source, ALWAYS, f"{slug}-{first.year}")


def _kept_on(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == 6 else day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    if count < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
