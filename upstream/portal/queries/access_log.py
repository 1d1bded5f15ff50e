"""The access log as people read it: who looked at what, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from upstream.audit.models import PHIAccess
from upstream.core import clock, ids
from upstream.portal.queries.people import names_of

PAGE = 50
MACHINES = "machines"


@dataclass(frozen=True, slots=True)
class Look:
    """One entry with its actor's name."""

    entry: PHIAccess
    actor: str

    @property
    def subject(self) -> str:
        """A claim, incident or report by the end of its id."""
        kind, _, name = self.entry.subject.partition(":")
        return f"{kind.replace('_', ' ')} {ids.short(name)}".strip()


@dataclass(frozen=True, slots=True)
class LogPage:
    """Newest first; `older` is where the next page begins, None on the last one."""

    looks: list[Look]
    older: int | None


def log_page(wanted: Mapping[str, Any], *, before: int | None, time_zone: str) -> LogPage:
    """One page of the entries that fit, in two queries however many there are."""
    rows = _fitting(wanted, time_zone)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: PAGE + 1])
    shown = found[:PAGE]
    names = names_of({entry.actor for entry in shown})
    older = shown[-1].number if len(found) > PAGE else None
    return LogPage([Look(entry, names[entry.actor]) for entry in shown], older)


def _fitting(wanted: Mapping[str, Any], time_zone: str) -> QuerySet[PHIAccess]:
    rows: QuerySet[PHIAccess] = PHIAccess.objects.all()
    actor, action = wanted.get("actor"), wanted.get("action")
    first: date | None = wanted.get("first")
    last: date | None = wanted.get("last")
    if actor == MACHINES:
        rows = rows.exclude(actor__startswith="user:")
    elif actor:
        rows = rows.filter(actor=actor)
    if action:
        rows = rows.filter(action=action)
    if first:
        rows = rows.filter(at__gte=clock.start_of(first, time_zone))
    if last:
        rows = rows.filter(at__lt=clock.start_of(last + timedelta(days=1), time_zone))
    return rows
