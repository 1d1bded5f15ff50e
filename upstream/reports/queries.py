"""Report runs of the bound practice."""

import uuid

from django.db.models import QuerySet

from upstream.core import clock
from upstream.detection.models import DetectionRun
from upstream.reports.choices import RunState
from upstream.reports.models import Artifact, ReportRun, Schedule
from upstream.reports.rules import latest_due, week_before
from upstream.tenants.queries import bound_organization


def runs() -> QuerySet[ReportRun]:
    """Newest week first, with their files."""
    rows: QuerySet[ReportRun] = ReportRun.objects.prefetch_related("artifacts").order_by("-as_of", "-pk")
    return rows


def run(public_id: uuid.UUID) -> ReportRun | None:
    return runs().filter(public_id=public_id).first()


def artifact(public_id: uuid.UUID, file_format: str) -> Artifact | None:
    """The file of a run in this format."""
    rows: QuerySet[Artifact] = Artifact.objects.select_related("run")
    return rows.filter(run__public_id=public_id, format=file_format).first()


def due_runs() -> QuerySet[ReportRun]:
    """What waits to be rendered, oldest first."""
    rows: QuerySet[ReportRun] = ReportRun.objects.filter(state=RunState.DUE).order_by("requested_at", "pk")
    return rows


def due_schedules() -> list[Schedule]:
    """Active schedules whose latest moment has no run yet; none before the practice has been looked at once.

    However many moments passed while nobody worked, only the latest counts.
    """
    if not DetectionRun.objects.exists():
        return []
    zone, now = bound_organization().time_zone, clock.now()
    found = []
    for schedule in Schedule.objects.filter(active=True).order_by("pk"):
        as_of = week_before(latest_due(now, schedule.weekday, schedule.hour, zone))
        if not ReportRun.objects.filter(kind=schedule.kind, as_of=as_of).exists():
            found.append(schedule)
    return found
