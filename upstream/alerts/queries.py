"""Incidents of the bound practice and what stands behind them."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from upstream.alerts.choices import IncidentState
from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.alerts.rules import CLOSED
from upstream.detection.choices import SignalState
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


def history_of(incident: Incident) -> QuerySet[Transition]:
    """Steps, oldest first."""
    return Transition.objects.filter(incident=incident).order_by("at", "pk")


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


def runs_waiting() -> QuerySet[DetectionRun]:
    """Detection runs that no incident knows of yet, oldest first."""
    return DetectionRun.objects.filter(state=SignalState.OPEN).order_by("as_of", "pk")
