"""What people do with incidents. Every step is a Transition; nothing is ever changed without one."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from upstream.alerts import joining, mentions, queries
from upstream.alerts.choices import IncidentState, StepKind
from upstream.alerts.life_rules import Snooze, checked_return, checked_snooze
from upstream.alerts.models import Incident, Transition
from upstream.alerts.queries import figures_of
from upstream.alerts.rules import CLOSED, SYSTEM, outcome_of_move
from upstream.alerts.steps import AWAKE, UNMARKED, hold, values_before, write_step
from upstream.core import clock, stages
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.tenants.models import Membership
from upstream.tenants.queries import bound_organization


@transaction.atomic
def move(
    incident: Incident, *, to_state: str, actor: str, note: str = "", outcome: str = "", return_by: date | None = None,
    said_cents: int | None = None, version: int | None = None, bulk: UUID | None = None,
) -> Transition:  # fmt: skip
    """The incident stands in `to_state` and its history says who moved it; a close is told soon.

    Conflict when that is no step from where it stands, or (ChangedMeanwhile) when somebody else has changed it since
    `version`; Invalid for a close without an outcome, or a watch whose day is too near.
    """
    hold(incident, version)
    kept = outcome_of_move(incident.state, to_state, outcome)
    values = {"state": to_state, "outcome": kept, **UNMARKED, "return_by": None}
    if to_state in CLOSED:
        mark = queries.mark_of(incident)
        values |= {**AWAKE, "said_recovered_cents": said_cents}
        values |= {"mark_rate": mark.rate, "mark_annual_cents": mark.annual_cents}
        stages.nudge()
    elif said_cents is not None:
        raise Invalid("said", "what came back is said on closing")
    if to_state == IncidentState.MONITORING:
        values["return_by"] = checked_return(_today(), return_by)
    elif return_by is not None:
        raise Invalid("return_by", "only a monitored incident has a day by which it should be as usual")
    return write_step(incident, kind=StepKind.MOVED, actor=actor, values=values, note=note, bulk=bulk)


@transaction.atomic
def assign(
    incident: Incident, *, member: Membership | None, actor: str, version: int | None = None, bulk: UUID | None = None
) -> Transition:
    """The member owns the incident, or nobody when None. Invalid for a member who does not work incidents here."""
    if member is not None and "work" not in member.rights:
        raise Invalid("assignee", "this member does not work incidents")
    hold(incident, version)
    owner = {"assigned_to_id": member.pk if member else None}
    return write_step(incident, kind=StepKind.ASSIGNED, actor=actor, values=owner, bulk=bulk)


@dataclass(frozen=True)
class Comment:
    """A comment, who is told of it by mail, and whom it names that is not: unknown here, or without mail."""

    step: Transition
    told: list[Membership] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


@transaction.atomic
def comment(incident: Incident, *, text: str, actor: str) -> Comment:
    """The text stands in the history, sealed; members it names by @ get a mail with a link and no word of it.

    It overwrites nothing, so it needs no version. Invalid for a blank one.
    """
    if not text.strip():
        raise Invalid("text", "a comment says something")
    incident.refresh_from_db(fields=["version"])
    hold(incident)
    step = write_step(incident, kind=StepKind.COMMENTED, actor=actor, note=text)
    told, untold = mentions.tell(incident, step, text, actor=actor)
    return Comment(step, told, untold)


@transaction.atomic
def snooze(
    incident: Incident, *, asked: Snooze, actor: str, note: str = "", version: int | None = None,
    bulk: UUID | None = None,
) -> Transition:  # fmt: skip
    """The incident is in nobody's way until the day comes or a mark is passed; the marks are written down.

    Conflict for a closed one, Invalid for a snooze without an end or one that has ended already.
    """
    hold(incident, version)
    if not incident.is_open:
        raise Conflict("closed", "a closed incident sleeps already")
    kept = checked_snooze(asked, figures_of(incident), _today())
    values = {"snoozed_until": kept.until, "snooze_money_cents": kept.money_cents, "snooze_rate": kept.rate}
    return write_step(incident, kind=StepKind.SNOOZED, actor=actor, values=values, note=note, bulk=bulk)


@transaction.atomic
def wake(incident: Incident, *, actor: str, note: str = "", version: int | None = None) -> Transition:
    """The incident is listed again. Conflict for one that does not sleep."""
    hold(incident, version)
    if not incident.is_snoozed:
        raise Conflict("awake", "this incident is not snoozed")
    return write_step(incident, kind=StepKind.WOKEN, actor=actor, values=AWAKE, note=note)


@transaction.atomic
def raise_with_payer(
    incident: Incident, *, raised: bool, actor: str, note: str = "", version: int | None = None
) -> Transition:
    """The incident is among what the next meeting with its payer speaks of, or no more.

    Conflict("as_it_is") where it stands so already.
    """
    hold(incident, version)
    if incident.for_meeting == raised:
        raise Conflict("as_it_is", "this was said before")
    return write_step(incident, kind=StepKind.RAISED, actor=actor, values={"for_meeting": raised}, note=note)


@transaction.atomic
def undo(incident: Incident, *, actor: str, step: UUID | None = None, version: int | None = None) -> Transition:
    """The actor's own step is taken back by a step that names it: the one named, else the last one that stands.

    Conflict("nothing_to_undo") when none stands, Conflict("followed") when a later one changed the same;
    NotAllowed("not_yours") when it is somebody else's.
    """
    hold(incident, version, merged=True)
    steps = queries.standing_steps(incident)
    chosen = next((one for one in reversed(steps) if step in {None, one.public_id}), None)
    if chosen is None or chosen.kind == StepKind.OPENED or not chosen.from_state:
        raise Conflict("nothing_to_undo", "there is no step to take back")
    if chosen.actor != actor:
        raise NotAllowed("not_yours", "this step is somebody else's; it can be followed, not taken back")
    if any(one.pk > chosen.pk and one.changes.keys() & chosen.changes.keys() for one in steps):
        raise Conflict("followed", "a later step changed the same; that one is taken back first")
    back = write_step(incident, kind=StepKind.UNDONE, actor=actor, values=values_before(chosen), undoes=chosen)
    joining.take_back(incident, chosen, actor=actor)
    return back


@transaction.atomic
def undo_bulk(bulk: UUID, *, actor: str) -> tuple[int, int]:
    """The actor's steps of one act on several incidents are taken back: how many, and how many were followed since.

    Conflict("nothing_to_undo") when none of them is the actor's and stands.
    """
    rows = Transition.objects.filter(bulk=bulk, actor=actor).select_related("incident").order_by("pk")
    gone = set(Transition.objects.filter(undoes__in=rows).values_list("undoes_id", flat=True))
    standing = [step for step in rows if step.pk not in gone]
    if not standing:
        raise Conflict("nothing_to_undo", "there is no step to take back")
    kept = 0
    for step in standing:
        try:
            with transaction.atomic():
                undo(step.incident, actor=actor, step=step.public_id)
        except Conflict:
            kept += 1
    return len(standing) - kept, kept


@transaction.atomic
def wake_due(incident_id: int) -> bool:
    """A snoozed incident whose day has come, or a mark of which is passed, is listed again; False when none is."""
    incident = queries.snoozed().filter(pk=incident_id).first()
    if incident is None:
        return False
    hold(incident)
    return wake_if_due(incident, _today())


def wake_if_due(incident: Incident, today: date) -> bool:
    """The system's own step for an incident that the caller holds."""
    why = queries.why_awake(incident, today)
    if why:
        write_step(incident, kind=StepKind.WOKEN, actor=SYSTEM, values=AWAKE, note=why)
        stages.nudge()
    return bool(why)


def _today() -> date:
    return clock.today(bound_organization().time_zone)
