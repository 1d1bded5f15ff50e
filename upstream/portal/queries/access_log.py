"""The access log and the changes as people read them: who did what, when, from where and why."""

from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry

from upstream.audit.models import PHIAccess
from upstream.audit.queries import Asked, accesses
from upstream.core import ids
from upstream.portal import words
from upstream.portal.queries.people import names_of

PAGE = 50
ROWS = {"user", "id", "tenant"}
KINDS = {LogEntry.Action.CREATE: "made", LogEntry.Action.UPDATE: "changed", LogEntry.Action.DELETE: "removed"}


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


def log_page(asked: Asked, *, before: int | None, time_zone: str) -> LogPage:
    """One page of the entries that fit, in two queries however many there are."""
    rows = accesses(asked, time_zone)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: PAGE + 1])
    shown = found[:PAGE]
    names = names_of({entry.actor for entry in shown})
    older = shown[-1].number if len(found) > PAGE else None
    return LogPage([Look(entry, names[entry.actor]) for entry in shown], older)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what thing, done how, and each field with its values before and after."""

    entry: LogEntry
    thing: str
    done: str
    fields: list[tuple[str, str, str]]

    @property
    def actor(self) -> str:
        person = self.entry.actor
        return (person.get_full_name() or str(person.email)) if person else "Upstream"


def change_of(entry: LogEntry) -> Change:
    """As the page shows it."""
    label = f"{entry.content_type.app_label}.{entry.content_type.model_class()._meta.object_name}"
    return Change(entry, words.thing(label), KINDS.get(entry.action, "opened"), _fields(entry.changes or {}))


def _fields(changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Values of many-to-many fields are lists of what came and went; numbers of rows say nothing to people."""
    pairs = {name: pair for name, pair in changes.items() if isinstance(pair, list) and name not in ROWS}
    return [(name.replace("_", " "), _said(before), _said(after)) for name, (before, after) in pairs.items()]


def _said(value: object) -> str:
    return "–" if value in (None, "None", "") else str(value)
