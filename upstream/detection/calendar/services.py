"""People say what they know of weeks that are unlike others. Nothing said is changed: another row takes its place."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import transaction

from upstream.claims.models import Payer
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge
from upstream.detection.calendar import queries
from upstream.detection.calendar.rules import NAME_LENGTH, SOURCE_LENGTH, Event, checked, shared_days
from upstream.detection.choices import EventEffect, EventKind
from upstream.detection.models import CalendarEvent, SharedEvent
from upstream.tenants.queries import bound_organization


@transaction.atomic
def add(
    *,
    name: str,
    kind: str,
    first: date,
    last: date | None,
    effect: str,
    payers: Iterable[int] = (),
    source: str = "",
    known_from: date | None = None,
    actor: str,
) -> CalendarEvent:
    """The practice knows of this event; without `known_from` the world did when it began.

    Invalid for a kind, an effect or a payer that is not there, for dates that cannot be, and without a name.
    """
    today = clock.today(bound_organization().time_zone)
    chosen = tuple(sorted(set(payers)))
    if kind not in EventKind.values or effect not in (EventEffect.MASK, EventEffect.NOTE):
        raise Invalid("effect", "there is no such kind or effect")
    if Payer.objects.filter(pk__in=chosen).count() != len(chosen):
        raise Invalid("payers", "there is no such payer")
    event = Event(
        " ".join(name.split())[:NAME_LENGTH], kind, first, last, effect, chosen, source.strip()[:SOURCE_LENGTH],
        known_from or min(first, today),
    )  # fmt: skip
    return _row(checked(event, today), actor)


@transaction.atomic
def end(row: CalendarEvent, *, last: date, actor: str) -> CalendarEvent:
    """Its last day is `last`. Conflict when somebody else has changed the event; Invalid before its first day."""
    event = replace(row.event, last=last)
    return _row(checked(event, clock.today(bound_organization().time_zone)), actor, row)


@transaction.atomic
def take_back(row: CalendarEvent, *, actor: str) -> CalendarEvent:
    """No look from now on uses the event, whatever day it is of; what was found before keeps the calendar it had.

    Conflict when it is taken back already, or somebody else has changed it.
    """
    if row.effect == EventEffect.NONE:
        raise Conflict("not_a_move", "this event is taken back already")
    return _row(replace(row.event, effect=EventEffect.NONE), actor, row)


@transaction.atomic
def put_back(row: CalendarEvent, *, actor: str) -> CalendarEvent:
    """A taking back is undone. Conflict when it was none, or somebody else has changed it."""
    if row.effect != EventEffect.NONE or row.replaces is None:
        raise Conflict("not_a_move", "this event was not taken back")
    return _row(row.replaces.event, actor, row)


@transaction.atomic
def say_of_shared(shared: SharedEvent, *, effect: str, actor: str) -> CalendarEvent:
    """For this practice the shared event's weeks are left out or only shown. Invalid for another effect."""
    if effect not in (EventEffect.MASK, EventEffect.NOTE):
        raise Invalid("effect", "a week is left out or only shown")
    rows = CalendarEvent.objects.filter(shared=shared.key).order_by("-pk")
    before = rows.first()
    event = checked(replace(shared.event, effect=effect), clock.today(bound_organization().time_zone))
    return _row(event, actor, before)


def extend_shared(first: int, last: int) -> int:
    """Every practice's calendar holds the events of these years; how many are new."""
    made = [
        SharedEvent(
            key=event.shared, name=event.name, kind=event.kind, first_day=event.first, last_day=event.last,
            effect=event.effect, source=event.source, known_from=event.known_from,
        )
        for year in range(first, last + 1)
        for event in shared_days(year)
    ]  # fmt: skip
    before = SharedEvent.objects.count()
    SharedEvent.objects.bulk_create(made, ignore_conflicts=True)
    return SharedEvent.objects.count() - before


def _row(event: Event, actor: str, before: CalendarEvent | None = None) -> CalendarEvent:
    if before is not None:
        CalendarEvent.objects.select_for_update().get(pk=before.pk)
    if before is not None and queries.event(before.public_id) is None:
        raise Conflict("not_a_move", "somebody else has changed this event")
    made: CalendarEvent = CalendarEvent.objects.create(
        name=event.name, kind=event.kind, first_day=event.first, last_day=event.last, effect=event.effect,
        source=event.source, known_from=event.known_from, payers=list(event.payers), shared=event.shared,
        replaces=before, author=actor[:80], entered_at=clock.now(),
    )  # fmt: skip
    nudge()
    return made
