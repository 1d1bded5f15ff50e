"""Letters as pages list and show them: never a name or number of a patient but in the opened text."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from upstream.appeals import queries
from upstream.appeals.choices import LetterState
from upstream.appeals.models import Letter, LetterEvent
from upstream.appeals.rules import ANSWERED, WRITABLE
from upstream.appeals.services import last_standing
from upstream.portal.queries.people import names_of
from upstream.tenants.services import tenant_keys

GROUPS: dict[str, frozenset[str]] = {
    "open": frozenset(WRITABLE),
    "sent": frozenset({LetterState.SENT}),
    "answered": frozenset(ANSWERED),
    "withdrawn": frozenset({LetterState.WITHDRAWN}),
}
LABELS = (("open", "To send"), ("sent", "Sent"), ("answered", "Answered"), ("withdrawn", "Withdrawn"), ("all", "All"))


def listed(group: str, *, payer: str = "", subject: str = "", claim: str = "", incident: str = "") -> QuerySet[Letter]:
    """Letters of a group, narrowed down; ids that are none fit no letter."""
    rows = queries.letters()
    if group in GROUPS:
        rows = rows.filter(state__in=GROUPS[group])
    if subject:
        rows = rows.filter(subject=subject)
    for name, said in (("payer", payer), ("claim", claim), ("incident", incident)):
        if said:
            wanted = _id(said)
            rows = rows.filter(**{f"{name}__public_id": wanted}) if wanted else rows.none()
    return rows


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a letter's history, in words."""

    event: LetterEvent
    actor: str
    words: str
    note: str
    undone: bool


def history_of(letter: Letter) -> list[Step]:
    """Steps, oldest first, with who did them. Three queries."""
    events = list(queries.events_of(letter))
    named, keys = names_of({event.actor for event in events}), tenant_keys()
    undone = {event.undoes_id for event in events if event.undoes_id}
    return [
        Step(event, named[event.actor], _words(event), event.opened("sealed_note", keys) or "", event.pk in undone)
        for event in events
    ]


def _words(event: LetterEvent) -> str:
    if event.undoes_id:
        return "took the last step back"
    if not event.from_state:
        return "drafted it"
    if event.edited:
        return "changed the text"
    return f"made it {LetterState(event.to_state).label.lower()}"


def may_undo(history: list[Step], actor: str) -> bool:
    last = last_standing([step.event for step in history])
    return last is not None and last.actor == actor


def since(history: list[Step], version: int) -> list[Step]:
    """What happened after the version that somebody saw."""
    return [step for step in history if step.event.number > version]
