"""The calendar as its page shows it, and what of it stands beside an incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.alerts.models import Incident
from upstream.claims.models import Payer
from upstream.detection.calendar import queries
from upstream.detection.calendar.rules import Event
from upstream.detection.causes.context import Context
from upstream.detection.choices import EventEffect, EventKind
from upstream.detection.models import CalendarEvent, SharedEvent
from upstream.portal import words
from upstream.portal.queries.people import names_of

BACK, AHEAD = timedelta(days=730), timedelta(days=120)
OUTAGES_SINCE = date(2023, 1, 1)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One event of the practice's own, with names in place of numbers."""

    row: CalendarEvent
    payers: str
    author: str

    @property
    def days(self) -> str:
        return days_of(self.row.event)

    @property
    def left_out(self) -> bool:
        return self.row.effect == EventEffect.MASK


@dataclass(frozen=True, slots=True)
class SharedRow:
    """One event that all practices share."""

    row: SharedEvent

    @property
    def days(self) -> str:
        return days_of(self.row.event)


@dataclass(frozen=True, slots=True)
class Page:
    own: list[OwnRow]
    gone: list[OwnRow]
    outages: list[SharedRow]
    others: list[SharedRow]


def page_of(today: date) -> Page:
    """The practice's own events, those it took back, and those that all share, about now. Five queries."""
    own, gone = list(queries.own_events()), list(queries.taken_back())
    shared = [SharedRow(row) for row in queries.shared_events(OUTAGES_SINCE, today + AHEAD)]
    payers = dict(Payer.objects.values_list("pk", "name"))
    authors = names_of({row.author for row in (*own, *gone)})
    outages = [one for one in shared if one.row.kind in (EventKind.OUTAGE, EventKind.OTHER)]
    recent = [one for one in shared if one not in outages and (one.row.last_day or today) >= today - BACK]
    return Page(
        [_own(row, payers, authors) for row in own], [_own(row, payers, authors) for row in gone],
        outages, sorted(recent, key=lambda one: one.row.first_day, reverse=True),
    )  # fmt: skip


def _own(row: CalendarEvent, payers: Mapping[int, str], authors: Mapping[str, str]) -> OwnRow:
    named = sorted(payers[payer] for payer in row.payers if payer in payers)
    return OwnRow(row, ", ".join(named) or "all payers", authors[row.author])


def days_of(event: Event) -> str:
    """ "14 January 2026", "14 January to 3 February 2026", "since 14 January 2026"."""
    if event.last is None:
        return f"since {words.long_day(event.first)}"
    if event.last == event.first:
        return words.long_day(event.first)
    return f"{words.long_day(event.first)} to {words.long_day(event.last)}"


@dataclass(frozen=True, slots=True)
class Beside:
    """One event that an incident's last look knew of."""

    name: str
    days: str
    left_out: bool


def beside(incident: Incident) -> list[Beside]:
    """Events of its payer that its last look knew of: those left out, and those since shortly before it began."""
    events = Context.of(incident.last_run.context).events
    first = incident.onset_week - timedelta(weeks=4)
    return [
        Beside(event.name, days_of(event), event.effect == EventEffect.MASK)
        for event in events
        if event.is_about(incident.payer_id)
        and (event.effect == EventEffect.MASK or event.touches(first, incident.last_as_of, incident.payer_id))
    ]
