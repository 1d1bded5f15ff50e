"""Replays of the bound practice, what they raised, and what the live system raised."""

import uuid
from datetime import date

from django.db.models import QuerySet

from upstream.alerts.choices import ReplayState
from upstream.alerts.models import Opening, Replay, ReplayFinding


def replays() -> QuerySet[Replay]:
    """The newest first."""
    return Replay.objects.order_by("-requested_at", "-pk")


def replay(public_id: uuid.UUID) -> Replay | None:
    return replays().filter(public_id=public_id).first()


def replays_due() -> QuerySet[Replay]:
    """Those that wait for a worker or have one, the oldest first."""
    return Replay.objects.filter(state=ReplayState.DUE).order_by("requested_at", "pk")


def findings_of(of_replay: Replay) -> QuerySet[ReplayFinding]:
    """What it raised, in the order of its days."""
    return ReplayFinding.objects.filter(replay=of_replay).select_related("payer").order_by("as_of", "number")


def openings(first: date, last: date) -> QuerySet[Opening]:
    """What the live system raised as of these days, in their order."""
    rows = Opening.objects.filter(as_of__gte=first, as_of__lte=last)
    return rows.select_related("payer", "incident").order_by("as_of", "pk")
