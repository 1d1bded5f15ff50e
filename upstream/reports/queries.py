"""Reports of the bound practice: what they are to be, the runs, and their files."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from upstream.core import clock
from upstream.detection.models import DetectionRun
from upstream.reports.choices import RunState
from upstream.reports.kinds import KINDS
from upstream.reports.models import Artifact, Definition, Policy, ReportRun, Schedule, Unsubscribed
from upstream.reports.timing import latest, upcoming
from upstream.tenants.models import Membership

NO_SCHEDULE_YET = 0
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


def policy() -> Policy:
    """What holds for all reports; unsaved, as it is at first, where nobody has said anything."""
    return Policy.objects.first() or Policy()


def definitions() -> QuerySet[Definition]:
    """What is to be reported, by title, with its schedule; ended ones are left out."""
    return all_definitions().filter(ended_at=None)


def all_definitions() -> QuerySet[Definition]:
    rows: QuerySet[Definition] = Definition.objects.prefetch_related("schedules").order_by("title", "pk")
    return rows


def definition(public_id: uuid.UUID) -> Definition | None:
    return all_definitions().filter(public_id=public_id).first()


def schedule_of(definition: Definition) -> Schedule | None:
    """The definition's schedule, read with it."""
    return next(iter(definition.schedules.all()), None)


@dataclass(frozen=True)
class Listed:
    """A definition with its newest run, and the next moment of its schedule, None where it rests or is none."""

    definition: Definition
    schedule: Schedule | None
    run: ReportRun | None
    next: datetime | None


def listed() -> list[Listed]:
    """Every definition that counts, each with its newest run; without those of one thing that stand for nothing but
    having been asked for on its page. Three queries."""
    now = clock.now()
    newest = ReportRun.objects.filter(definition=OuterRef("pk")).order_by("-as_of", "-pk").values("pk")[:1]
    once = Q(standard=True, schedules=None) & ~Q(subject="")
    rows = list(definitions().exclude(once).annotate(newest=Subquery(newest)))
    runs = ReportRun.objects.in_bulk([row.newest for row in rows if row.newest])
    return [_listed(row, runs.get(row.newest), now) for row in rows]


def _listed(row: Definition, run: ReportRun | None, now: datetime) -> Listed:
    schedule = schedule_of(row)
    working = schedule is not None and schedule.active
    return Listed(row, schedule, run, upcoming(schedule.timing, now, 1)[0] if schedule and working else None)


def runs() -> QuerySet[ReportRun]:
    """Newest day first, with their definitions and files."""
    files = Prefetch("artifacts", Artifact.objects.order_by("format"))
    rows: QuerySet[ReportRun] = ReportRun.objects.select_related("definition").prefetch_related(files)
    return rows.order_by("-as_of", "-pk")


def run(public_id: uuid.UUID) -> ReportRun | None:
    return runs().filter(public_id=public_id).first()


def artifact(public_id: uuid.UUID, file_format: str) -> Artifact | None:
    """The file of a run in this format, also one that was removed meanwhile."""
    rows: QuerySet[Artifact] = Artifact.objects.select_related("run")
    return rows.filter(run__public_id=public_id, format=file_format).first()


def due_runs() -> QuerySet[ReportRun]:
    """What waits to be rendered or was left by a lost worker, oldest first."""
    waiting = Q(state=RunState.DUE, not_before__lte=clock.now())
    rows: QuerySet[ReportRun] = ReportRun.objects.filter(waiting | Q(state=RunState.RENDERING))
    return rows.order_by("requested_at", "pk")


def being_made() -> bool:
    """Whether a worker is making a report right now."""
    return ReportRun.objects.filter(state=RunState.RENDERING).exists()


def due_schedules() -> list[int]:
    """Ids of the schedules whose latest moment was not acted on yet.

    However many moments passed while nobody worked, only the latest counts, and none from before detection first ran:
    a practice that has just come is not sent a report of half its files. NO_SCHEDULE_YET stands for a practice that
    was never given a weekly report.
    """
    if not DetectionRun.objects.exists():
        return []
    found = [schedule.pk for schedule in _working() if due_moment(schedule)]
    return found if Definition.objects.filter(kind="weekly").exists() else [NO_SCHEDULE_YET, *found]


def _working() -> Iterable[Schedule]:
    rows = Schedule.objects.filter(active=True, definition__ended_at=None, definition__kind__in=KINDS)
    return rows.select_related("definition").order_by("pk")


def due_moment(schedule: Schedule) -> datetime | None:
    """The schedule's latest moment that is still to be acted on; None when nothing is to be done."""
    moment = latest(schedule.timing, clock.now())
    if moment is None or not schedule.active or schedule.definition.ended_at is not None:
        return None
    if moment <= (schedule.taken or schedule.since) or moment <= schedule.since:
        return None
    return moment if DetectionRun.objects.filter(finished_at__lte=moment).exists() else None


def is_subscribed(definition: Definition, member: Membership) -> bool:
    """Whether this person has not unsubscribed from this report."""
    return not Unsubscribed.objects.filter(definition=definition, member=member).exists()
