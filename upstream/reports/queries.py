"""Report runs of the bound practice."""

import uuid
from datetime import date

from django.db.models import QuerySet

from upstream.core import clock
from upstream.detection.models import DetectionRun
from upstream.reports.choices import RunState
from upstream.reports.models import Artifact, ReportRun, Schedule
from upstream.reports.rules import latest_due, week_before
from upstream.tenants.queries import bound_organization

NO_SCHEDULE_YET = 0


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


def due_schedules() -> list[int]:
    """Ids of the active schedules whose latest moment has no run yet.

    However many moments passed while nobody worked, only the latest counts, and none from before detection first ran:
    a practice that has just come is not sent a report of half its files. NO_SCHEDULE_YET stands for a practice that
    was never given a schedule.
    """
    if not DetectionRun.objects.exists():
        return []
    schedules = list(Schedule.objects.order_by("pk"))
    if not schedules:
        return [NO_SCHEDULE_YET]
    return [schedule.pk for schedule in schedules if due_week(schedule)]


def due_week(schedule: Schedule) -> date | None:
    """The Sunday that ends the week which the schedule's latest moment reports; None when nothing is to be done."""
    due = latest_due(clock.now(), schedule.weekday, schedule.hour, bound_organization().time_zone)
    if not schedule.active or not DetectionRun.objects.filter(finished_at__lte=due).exists():
        return None
    week = week_before(due)
    return None if ReportRun.objects.filter(kind=schedule.kind, as_of=week).exists() else week
