"""One step in an incident's life: taken on the incident as it stands, written down with what it changed."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from upstream.alerts.choices import StepKind
from upstream.alerts.models import Incident, Transition
from upstream.core import clock
from upstream.core.errors import Conflict
from upstream.tenants.services import tenant_keys

DAYS = frozenset({"snoozed_until", "return_by"})
AWAKE: Mapping[str, Any] = {"snoozed_until": None, "snooze_money_cents": None, "snooze_rate": None}
UNMARKED: Mapping[str, Any] = {"mark_rate": None, "mark_annual_cents": None}


class ChangedMeanwhile(Conflict):
    """Somebody else took a step since the version that the actor had before them; nothing was changed."""

    def __init__(self, seen: int) -> None:
        super().__init__("changed_meanwhile", "somebody else has changed this incident; look again")
        self.seen = seen


def hold(incident: Incident, version: int | None = None, *, merged: bool = False) -> None:
    """The incident as it stands now, nobody else's until the transaction ends.

    ChangedMeanwhile when it is no more at `version` (None: at the one that the caller holds), Conflict("merged") when
    it is part of another one, unless `merged` ones are wanted.
    """
    seen = incident.version if version is None else version
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update())
    if incident.version != seen:
        raise ChangedMeanwhile(seen)
    if incident.merged_into_id is not None and not merged:
        raise Conflict("merged", "this is part of another incident now; work that one")


def write_step(
    incident: Incident, *, kind: StepKind, actor: str, values: Mapping[str, Any] | None = None, note: str = "",
    undoes: Transition | None = None, bulk: uuid.UUID | None = None, first: bool = False,
) -> Transition:  # fmt: skip
    """The incident, which the caller holds, has these values, and its history says what they were and who did it."""
    told = values or {}
    changes = {
        name: [_plain(before), _plain(value)]
        for name, value in told.items()
        if (before := getattr(incident, name)) != value
    }
    state, owner = incident.state, incident.assigned_to_id
    for name, value in told.items():
        setattr(incident, name, value)
    incident.version += 0 if first else 1
    incident.changed_at = clock.now()
    incident.save(update_fields=[*told, "version", "changed_at"])
    step = Transition(
        incident=incident, kind=kind, version=incident.version, changes=changes, bulk=bulk, actor=actor,
        from_state="" if first else state, to_state=incident.state, outcome=incident.outcome, undoes=undoes,
        owner_before_id=owner, owner_after_id=incident.assigned_to_id, at=incident.changed_at,
    )  # fmt: skip
    step.write_note(note, tenant_keys())
    step.save()
    return step


def values_before(step: Transition) -> dict[str, Any]:
    """What the step's fields were before it."""
    return {name: _typed(name, before) for name, (before, _after) in step.changes.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DAYS and value is not None else value
