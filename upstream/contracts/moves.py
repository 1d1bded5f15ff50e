"""What people do with underpaid lines. Every move is a row, and the last one can be undone."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from upstream.contracts.choices import State
from upstream.contracts.models import ShortLine, Step
from upstream.contracts.rules import MOVES
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.tenants.services import tenant_keys

MOST_AT_ONCE = 500


@transaction.atomic
def move(
    line: ShortLine, *, to: str, version: int, actor: str, note: str = "", recovered_cents: int | None = None
) -> ShortLine:
    """The line is in this state; `recovered_cents` is what came of it, everything where nothing is said.

    Conflict where somebody moved it since `version`, or it cannot go there; Invalid for what is no state, or for an
    amount below nothing.
    """
    kept = _held(line, version)
    if to not in State.values:
        raise Invalid("to", "there is no such state")
    if to not in MOVES[State(kept.state)]:
        raise Conflict("cannot_move", f"from “{State(kept.state).label}” it cannot go to “{State(to).label}”")
    if recovered_cents is not None and recovered_cents < 0:
        raise Invalid("recovered", "an amount is not below nothing")
    if to == State.RECOVERED:
        kept.recovered_cents = kept.short_cents if recovered_cents is None else recovered_cents
    return _step(kept, to=State(to), actor=actor, note=note)


@transaction.atomic
def move_all(versions: Mapping[UUID, int], *, to: str, actor: str, note: str = "") -> int:
    """Each of the lines is in this state, or none is moved; how many. As `move`; Invalid for more than 500."""
    if len(versions) > MOST_AT_ONCE:
        raise Invalid("lines", f"move at most {MOST_AT_ONCE} lines at once")
    found = list(ShortLine.objects.filter(public_id__in=versions).order_by("pk"))
    for line in found:
        move(line, to=to, version=versions[line.public_id], actor=actor, note=note)
    return len(found)


@transaction.atomic
def undo(line: ShortLine, *, version: int, actor: str) -> ShortLine:
    """The line is where it was before its last move. Conflict where nothing is left to undo, or it moved since."""
    kept = _held(line, version)
    undone = Step.objects.filter(line=kept, undoes__isnull=False).values("undoes")
    last = Step.objects.filter(line=kept, undoes=None).exclude(pk__in=undone).order_by("-pk").first()
    if last is None:
        raise Conflict("nothing_to_undo", "nothing is left to undo")
    if last.to_state == State.RECOVERED:
        kept.recovered_cents = 0
    return _step(kept, to=State(last.from_state), actor=actor, undoes=last)


def _held(line: ShortLine, version: int) -> ShortLine:
    kept: ShortLine = (
        ShortLine.objects.select_for_update(of=("self",)).select_related("payer", "claim", "contract").get(pk=line.pk)
    )
    if kept.version != version:
        raise Conflict("changed_meanwhile", "somebody has moved this line meanwhile; look again")
    return kept


def _step(line: ShortLine, *, to: State, actor: str, note: str = "", undoes: Step | None = None) -> ShortLine:
    step = Step(line=line, from_state=line.state, to_state=to, actor=actor[:80], at=clock.now(), undoes=undoes)
    step.write_note(note, tenant_keys())
    step.save()
    line.state = to
    line.version += 1
    line.save(update_fields=["state", "recovered_cents", "version"])
    return line
