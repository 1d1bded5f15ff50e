"""The access log and the changes as people read them: who did what, when, from where and why."""

import json
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.db.models import Model

from upstream.audit.models import PHIAccess
from upstream.audit.queries import Asked, accesses
from upstream.core import ids
from upstream.portal import words
from upstream.portal.queries.people import names_of

PAGE = 50
ROWS = {"user", "id", "tenant"}
NOTHING = "–"
PLAIN = {"": NOTHING, "None": NOTHING, "True": "yes", "False": "no"}
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
    model = entry.content_type.model_class()
    label = f"{model._meta.app_label}.{model._meta.object_name}"
    return Change(entry, words.thing(label), KINDS.get(entry.action, "opened"), _fields(model, entry.changes or {}))


def _fields(model: type[Model], changes: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Values of many-to-many fields are lists of what came and went; numbers of rows say nothing to people."""
    known = {field.name: field for field in model._meta.fields}
    found = []
    for name, pair in changes.items():
        field = known.get(name)
        if not isinstance(pair, list) or name in ROWS or (field is not None and field.is_relation):
            continue
        labels = {str(key): str(label) for key, label in getattr(field, "flatchoices", ())}
        before, after = (_said(value, labels) for value in pair)
        if before != after:
            found.append((name.replace("_", " "), before, after))
    return found


def _said(value: object, labels: dict[str, str]) -> str:
    """A choice by its label, yes and no, what a list holds; a dash for nothing."""
    plain = "" if value is None else str(value)
    if plain.startswith("["):
        return ", ".join(labels.get(str(one), str(one)) for one in _listed(plain)) or NOTHING
    return PLAIN.get(plain) or labels.get(plain, plain)


def _listed(plain: str) -> list[Any]:
    try:
        found: list[Any] = json.loads(plain)
    except ValueError:
        return [plain]
    return found
