"""The calendar of the bound practice: what stands now, and everything that was ever said."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from upstream.detection.calendar.rules import Event, standing
from upstream.detection.choices import EventEffect
from upstream.detection.models import CalendarEvent, SharedEvent


@dataclass(frozen=True)
class Calendar:
    """Shared events and the practice's own, those that another row replaces left out."""

    shared: tuple[Event, ...] = ()
    own: tuple[Event, ...] = ()

    def at(self, day: date) -> list[Event]:
        """What is in force in a look as of `day`."""
        return standing(self.shared, self.own, day)


def calendar() -> Calendar:
    """Two queries."""
    shared = tuple(row.event for row in SharedEvent.objects.order_by("first_day", "key"))
    return Calendar(shared, tuple(row.event for row in _heads().order_by("pk")))


def own_events() -> QuerySet[CalendarEvent]:
    """The practice's own events as they stand, the newest first; what was taken back is not among them."""
    return _heads().exclude(effect=EventEffect.NONE).order_by("-first_day", "-pk")


def taken_back() -> QuerySet[CalendarEvent]:
    """What was taken back and may be put in again, the latest first."""
    return _heads().filter(effect=EventEffect.NONE).order_by("-entered_at", "-pk")


def shared_events(first: date, last: date) -> list[SharedEvent]:
    """Shared events with a day between the two that the practice has said nothing of, by date."""
    rows = SharedEvent.objects.filter(first_day__lte=last, last_day__gte=first).order_by("first_day", "key")
    own = _heads().exclude(effect=EventEffect.NONE).exclude(shared="").values("shared")
    return list(rows.exclude(key__in=own))


def event(public_id: uuid.UUID) -> CalendarEvent | None:
    """An own event that no other row replaces."""
    return _heads().filter(public_id=public_id).first()


def shared_event(key: str) -> SharedEvent | None:
    return SharedEvent.objects.filter(key=key).first()


def _heads() -> "QuerySet[CalendarEvent]":
    return CalendarEvent.objects.filter(~Exists(CalendarEvent.objects.filter(replaces=OuterRef("pk"))))
