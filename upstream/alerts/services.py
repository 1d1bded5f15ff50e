"""What people do with incidents. Every step is a Transition; nothing is ever changed without one."""

from django.db import transaction

from upstream.alerts.models import Incident, Transition
from upstream.alerts.rules import outcome_of_move
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys


@transaction.atomic
def move(incident: Incident, *, to_state: str, actor: str, note: str = "", outcome: str = "") -> Transition:
    """The incident stands in `to_state` and its history says who moved it.

    Conflict when that is no step from where it stands, or when somebody else has moved it meanwhile; Invalid for a
    close without an outcome.
    """
    kept = outcome_of_move(incident.state, to_state, outcome)
    return _step(incident, to_state=to_state, outcome=kept, actor=actor, note=note)


@transaction.atomic
def undo(incident: Incident, *, actor: str) -> Transition:
    """The actor's own step, the last one that stands, is taken back by a step that names it.

    Conflict("nothing_to_undo") when none stands; NotAllowed("not_yours") when the last one is somebody else's.
    """
    standing = _standing_steps(incident)
    last = standing[-1] if standing else None
    if last is None or not last.from_state:
        raise Conflict("nothing_to_undo", "there is no step to take back")
    if last.actor != actor:
        raise NotAllowed("not_yours", "the last step is somebody else's; it can be followed, not taken back")
    before = standing[-2].outcome if len(standing) > 1 else ""
    return _step(
        incident, to_state=last.from_state, outcome=before, actor=actor, note="", undoes=last, owner=last.owner_before
    )


def _standing_steps(incident: Incident) -> list[Transition]:
    """Steps that were not taken back, without those that took one back; oldest first."""
    steps = list(Transition.objects.filter(incident=incident).select_related("owner_before").order_by("pk"))
    gone = {step.undoes_id for step in steps if step.undoes_id}
    return [step for step in steps if step.pk not in gone and not step.undoes_id]


@transaction.atomic
def assign(incident: Incident, *, member: Membership | None, actor: str) -> Transition:
    """The member owns the incident, or nobody when None. Invalid for a member who does not work incidents here."""
    if member is not None and "work" not in member.rights:
        raise Invalid("assignee", "this member does not work incidents")
    return _step(incident, to_state=incident.state, outcome=incident.outcome, actor=actor, note="", owner=member)


class _Kept:
    """Stands for the owner that the incident has."""


def _step(
    incident: Incident, *, to_state: str, outcome: str, actor: str, note: str,
    undoes: Transition | None = None, owner: Membership | None | type[_Kept] = _Kept,
) -> Transition:  # fmt: skip
    """Move by compare-and-set on state and owner, and write it down."""
    now = clock.now()
    before, owner_before = incident.state, incident.assigned_to
    owner_after = owner_before if isinstance(owner, type) else owner
    seen = Incident.objects.filter(pk=incident.pk, state=before, assigned_to=owner_before)
    values = {"state": to_state, "outcome": outcome, "assigned_to": owner_after, "changed_at": now}
    if not seen.update(**values):
        raise Conflict("changed_meanwhile", "somebody else has changed this incident; look again")
    for name, value in values.items():
        setattr(incident, name, value)
    made = Transition(
        incident=incident, from_state=before, to_state=to_state, outcome=outcome, actor=actor,
        undoes=undoes, owner_before=owner_before, owner_after=owner_after, at=now,
    )  # fmt: skip
    made.write_note(note, tenant_keys())
    made.save()
    return made
