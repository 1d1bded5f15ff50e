"""Incidents merged and split by hand. The one that others are merged into, or split from, keeps its identity."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from upstream.alerts import queries
from upstream.alerts.choices import IncidentState, ResolutionOutcome, SplitAxis, StepKind
from upstream.alerts.families import families
from upstream.alerts.keeping import retell
from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.alerts.rules import SYSTEM
from upstream.alerts.steps import AWAKE, UNMARKED, hold, values_before, write_step
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.tenants.queries import bound_organization

JOINED = {
    "state": IncidentState.RESOLVED, "outcome": ResolutionOutcome.MERGED, "return_by": None, **AWAKE, **UNMARKED,
}  # fmt: skip
TITLE_LENGTH = 300


@transaction.atomic
def merge(incident: Incident, *, part: Incident, actor: str, note: str = "", version: int | None = None) -> Transition:
    """`part` is part of `incident`: its claims stand there, each once, and later looks keep updating that one.

    Conflict for a closed incident, one that is part of another already, or one that was changed since `version`;
    Invalid for itself, and for a change to the better with one to the worse.
    """
    if part.pk == incident.pk:
        raise Invalid("part", "choose another incident")
    if part.direction != incident.direction:
        raise Invalid("part", "a change to the better is no part of one to the worse")
    for one in sorted((incident, part), key=lambda one: one.pk):
        hold(one, version if one is incident else None)
    if not incident.is_open:
        raise Conflict("closed", "a closed incident takes nothing in; open it again first")
    bulk = uuid.uuid4()
    write_step(part, kind=StepKind.MERGED, actor=actor, values={**JOINED, "merged_into_id": incident.pk}, bulk=bulk)
    step = write_step(incident, kind=StepKind.MERGED, actor=actor, note=note, bulk=bulk)
    here = IncidentClaim.objects.filter(incident=incident).values("claim")
    going = IncidentClaim.objects.filter(incident=part).exclude(claim__in=here)
    going.update(incident=incident, source_id=Coalesce(F("source_id"), Value(part.pk)))
    _retell(incident)
    return step


@transaction.atomic
def split(
    incident: Incident, *, actor: str, axis: str = "", key: str = "", claims: Collection[uuid.UUID] = (),
    note: str = "", version: int | None = None,
) -> Incident:  # fmt: skip
    """A new incident holds the claims of one procedure, reason or location, later ones too; or those picked.

    It is new, with the same owner, and measured with the one it came from. Conflict for a closed incident; Invalid
    when that is no claim of its own, or every one.
    """
    hold(incident, version)
    if not incident.is_open:
        raise Conflict("closed", "nothing is split off a closed incident; open it again first")
    own = IncidentClaim.objects.filter(incident=incident, source=None)
    chosen = list(_chosen(own, axis, key, claims).values_list("pk", flat=True))
    if not chosen or len(chosen) == own.count():
        raise Invalid("claims", "choose some of the incident's own claims, not all of them")
    named = f"{SplitAxis(axis).label.lower()} {key}" if axis else "claims picked by hand"
    part = _part_of(incident, named, axis, key)
    bulk = uuid.uuid4()
    write_step(part, kind=StepKind.OPENED, actor=actor, bulk=bulk, first=True)
    write_step(incident, kind=StepKind.SPLIT, actor=actor, note=note, bulk=bulk)
    IncidentClaim.objects.filter(pk__in=chosen).update(incident=part)
    _retell(incident, part)
    return part


def _chosen(
    own: QuerySet[IncidentClaim], axis: str, key: str, claims: Collection[uuid.UUID]
) -> QuerySet[IncidentClaim]:
    if not axis:
        return own.filter(claim__public_id__in=claims)
    if axis not in SplitAxis.values or claims:
        raise Invalid("axis", "a part is told by a procedure, a reason or a location, or its claims are picked")
    return own.filter(**{queries.SPLIT_COLUMNS[SplitAxis(axis)]: key})


def _part_of(incident: Incident, named: str, axis: str, key: str) -> Incident:
    """The row of a new part, without claims."""
    now, ending = clock.now(), f" Of that, {named}."
    values = {
        field.attname: getattr(incident, field.attname)
        for field in Incident._meta.concrete_fields
        if field.name not in {"id", "tenant", "public_id", *AWAKE, *UNMARKED, "return_by", "said_recovered_cents"}
    }
    values |= {
        "state": IncidentState.NEW, "outcome": "", "version": 1, "opened_at": now, "changed_at": now,
        "title": f"{incident.title[: TITLE_LENGTH - len(ending)]}{ending}", "split_from_id": incident.pk,
        "split_axis": axis, "split_key": key, "merged_into_id": None,
        "finding": {name: value for name, value in incident.finding.items() if name != "own"},
    }  # fmt: skip
    made: Incident = Incident.objects.create(**values)
    return made


def take_back(incident: Incident, step: Transition, *, actor: str) -> None:
    """What a step that was just taken back had done to other incidents is taken back too; nothing for other kinds.

    Conflict("followed") when somebody has worked a part since that was split off.
    """
    if step.kind not in {StepKind.MERGED, StepKind.SPLIT}:
        return
    other = Transition.objects.filter(bulk=step.bulk).exclude(pk=step.pk).select_related("incident").get()
    hold(other.incident, merged=True)
    if step.kind == StepKind.SPLIT:
        _put_back(incident, other, actor)
        return
    write_step(other.incident, kind=StepKind.UNDONE, actor=actor, values=values_before(other), undoes=other)
    part, whole = (incident, other.incident) if step.changes else (other.incident, incident)
    kin = families()
    for component in kin.parts(part.pk):
        source = None if component == part.pk else component
        rows = IncidentClaim.objects.filter(source_id=component).exclude(incident=part)
        rows.update(incident=part, source_id=source)
    home = whole if kin.root(whole.pk) == whole.pk else Incident.objects.get(pk=kin.root(whole.pk))
    _retell(home, part)


def _put_back(incident: Incident, opened: Transition, actor: str) -> None:
    """What was split off belongs to the incident again, and its row tells where it went."""
    part = opened.incident
    if any(one.actor not in {actor, SYSTEM} for one in queries.standing_steps(part)) or part.merged_into_id:
        raise Conflict("followed", "somebody has worked the part that was split off; merge it instead")
    gone = {**JOINED, "merged_into_id": incident.pk, "split_from_id": None, "split_axis": "", "split_key": ""}
    write_step(part, kind=StepKind.UNDONE, actor=actor, values=gone, undoes=opened)
    home = families().root(incident.pk)
    rows = IncidentClaim.objects.filter(incident=part, source=None)
    rows.update(incident_id=home, source_id=None if home == incident.pk else incident.pk)
    _retell(incident if home == incident.pk else Incident.objects.get(pk=home))


def _retell(*changed: Incident) -> None:
    kin, today = families(), clock.today(bound_organization().time_zone)
    for incident in changed:
        retell(incident, kin, today)
