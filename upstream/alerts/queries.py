"""Incidents of the bound practice and what stands behind them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from upstream.alerts.choices import IncidentState
from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.alerts.rules import CLOSED, SYSTEM, Due, Member
from upstream.detection.choices import SignalState
from upstream.detection.detectors.baseline import GAP, SPAN
from upstream.detection.models import DetectionRun


def incidents() -> QuerySet[Incident]:
    """All, with payer, owner and last run."""
    return Incident.objects.select_related("payer", "assigned_to__user", "last_run").order_by("-changed_at", "-pk")


def open_incidents() -> QuerySet[Incident]:
    """Those that are not closed, the costliest first."""
    return incidents().exclude(state__in=CLOSED).order_by("-at_stake_cents", "pk")


def incident(public_id: uuid.UUID) -> Incident | None:
    return incidents().filter(public_id=public_id).first()


def members_of(incident: Incident) -> QuerySet[IncidentClaim]:
    """The claims whose amounts add up to the incident's, the largest first, with payer and site."""
    rows = IncidentClaim.objects.filter(incident=incident).select_related("claim__payer", "claim__site")
    return rows.order_by("-expected_cents", "pk")


def members_by_claim(incident: Incident) -> dict[int, Member]:
    """What is kept of each claim behind the incident, by its id."""
    rows = IncidentClaim.objects.filter(incident=incident)
    return {
        claim: Member(cents, Due(due, internal or due, source) if due else None, *money)
        for claim, cents, due, internal, source, *money in rows.values_list(
            "claim_id",
            "expected_cents",
            "due",
            "internal_due",
            "due_source",
            "lost_cents",
            "recoverable_cents",
            "paid_on",
        )
    }


def history_of(incident: Incident) -> QuerySet[Transition]:
    """Steps, oldest first."""
    return Transition.objects.filter(incident=incident).order_by("pk")


@dataclass(frozen=True)
class Counts:
    """Incidents by where they stand; `due` have a deadline within seven days."""

    new: int
    open: int
    due: int


def counts(today: date) -> Counts:
    """One query."""
    standing = ~Q(state__in=CLOSED)
    soon = Q(deadline__gte=today, deadline__lte=today + timedelta(days=7))
    found = Incident.objects.aggregate(
        new=Count("pk", filter=Q(state=IncidentState.NEW)),
        open=Count("pk", filter=standing),
        due=Count("pk", filter=standing & soon),
    )
    return Counts(**found)


@dataclass(frozen=True)
class DueDate:
    """Claims of one incident that must be answered by the same day; `internal` is our own date before it."""

    incident: Incident
    due: date
    internal: date
    claims: int
    cents: int


def deadlines(today: date, days: int) -> list[DueDate]:
    """Dates of open incidents from today to `days` later, the first first. Two queries."""
    rows = IncidentClaim.objects.filter(due__gte=today, due__lte=today + timedelta(days=days))
    rows = rows.exclude(incident__state__in=CLOSED).values("incident", "due", "internal_due")
    found = list(rows.annotate(claims=Count("pk"), cents=Sum("expected_cents")).order_by("due", "-cents", "incident"))
    named = {incident.pk: incident for incident in incidents().filter(pk__in={row["incident"] for row in found})}
    return [
        DueDate(named[row["incident"]], row["due"], row["internal_due"] or row["due"], row["claims"], row["cents"])
        for row in found
    ]


def incidents_with_older_dates(today: date) -> QuerySet[Incident]:
    """Open ones whose deadlines were last told as of an earlier day, oldest first."""
    rows = Incident.objects.exclude(state__in=CLOSED).annotate(told=KeyTextTransform("as_of", "finding__deadlines"))
    return rows.filter(told__lt=today.isoformat()).order_by("pk")


def runs_waiting() -> QuerySet[DetectionRun]:
    """Detection runs that no incident knows of yet, oldest first."""
    return DetectionRun.objects.filter(state=SignalState.OPEN).order_by("as_of", "pk")


def known_after(as_of: date) -> bool:
    """Whether incidents already know of a run with a later date."""
    return Incident.objects.filter(last_run__as_of__gt=as_of).exists()


def incidents_that_may_change(as_of: date) -> QuerySet[Incident]:
    """Open ones and those last seen in the weeks that detection looks back on, locked, oldest first."""
    recent = Q(last_as_of__gte=as_of - timedelta(weeks=GAP + SPAN + 1))
    rows = Incident.objects.filter(~Q(state__in=CLOSED) | recent)
    return rows.select_for_update(of=("self",)).order_by("pk")


def closed_by_people(among: Iterable[Incident]) -> set[int]:
    """Ids of the closed incidents whose last step was a person's or a client's."""
    closed = [incident.pk for incident in among if not incident.is_open]
    last: dict[int, str] = {}
    for incident_id, actor in (
        Transition.objects.filter(incident__in=closed).order_by("pk").values_list("incident_id", "actor")
    ):
        last[incident_id] = actor
    return {incident_id for incident_id, actor in last.items() if actor != SYSTEM}
