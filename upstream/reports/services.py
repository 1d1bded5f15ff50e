"""Reports: asked for once a week and kind, rendered to their end, kept, and mailed."""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import F

from upstream.audit.services import record_access
from upstream.core import clock, crash, stages, storage
from upstream.core.errors import DomainError, Invalid
from upstream.delivery import addresses
from upstream.delivery.choices import Event
from upstream.delivery.services import Announcement, announce, queue_mail
from upstream.reports import queries
from upstream.reports.choices import ReportKind, RunState
from upstream.reports.kinds import KINDS, Subject, Summary
from upstream.reports.models import Artifact, ReportRun, Schedule
from upstream.reports.rules import MAX_ATTEMPTS
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership, Organization
from upstream.tenants.queries import active_members, bound_organization
from upstream.tenants.services import tenant_keys

KEPT_AS = "reports"


def set_schedule(*, kind: str = ReportKind.WEEKLY, weekday: int = 0, hour: int = 7, active: bool = True) -> Schedule:
    """The practice's one schedule of this kind, at this weekday (0 is Monday) and hour of its own clock."""
    if weekday not in range(7) or hour not in range(24):
        raise Invalid("schedule", "a schedule needs a weekday from 0 (Monday) to 6 and an hour from 0 to 23")
    values = {"weekday": weekday, "hour": hour, "active": active}
    schedule: Schedule
    schedule, _ = Schedule.objects.update_or_create(kind=kind, defaults=values)
    return schedule


def request_run(*, kind: str, as_of: date, actor: str, mail: bool = True) -> ReportRun:
    """The one run of this kind as of the end of this day, waiting if new; one that failed is tried again.

    Invalid for an unknown kind or a day that has not come yet.
    """
    if kind not in KINDS:
        raise Invalid("report_kind", f"there is no report of kind {kind!r}")
    if as_of > clock.today(bound_organization().time_zone):
        raise Invalid("as_of_future", "a report cannot be made as of a day that has not come yet")
    values = {"requested_by": actor[:80], "requested_at": clock.now(), "mail": mail}
    run: ReportRun
    run, new = ReportRun.objects.get_or_create(kind=kind, as_of=as_of, defaults=values)
    if run.state == RunState.FAILED:
        ReportRun.objects.filter(pk=run.pk, state=RunState.FAILED).update(state=RunState.DUE, attempts=0, error_code="")
        run.refresh_from_db()
    if new or run.state == RunState.DUE:
        stages.nudge()
    return run


def take_schedule(schedule_id: int) -> bool:
    """Ask for the week that a schedule's latest moment reports; False when that was done before.

    A practice that was never given a schedule gets the usual one: Mondays at 7.
    """
    with transaction.atomic():
        if schedule_id == queries.NO_SCHEDULE_YET:
            _, new = Schedule.objects.get_or_create(kind=ReportKind.WEEKLY)
            return bool(new)
        schedule = Schedule.objects.get(pk=schedule_id)
        week = queries.due_week(schedule)
        if week is not None:
            request_run(kind=schedule.kind, as_of=week, actor="schedule")
        return week is not None


def render_run(run_id: int) -> bool:
    """Take a DUE run to RENDERED: files stored, then their rows and the mails in one commit. False: nothing to do.

    Tried at most five times, then FAILED with the code of what stood in the way. A full disk costs no try.
    """
    run = _claim(run_id)
    if run is None:
        return False
    crash.point("after_claim")
    try:
        _render(run)
    except DomainError as exc:
        _note_failure(run, exc.code)
    except OSError:
        with transaction.atomic():
            waiting = ReportRun.objects.filter(pk=run.pk, state=RunState.DUE)
            waiting.update(attempts=F("attempts") - 1, error_code="storage_unavailable")
        return False
    return True


def _claim(run_id: int) -> ReportRun | None:
    """The run with one more try counted, or None when it is not due or its tries are used up."""
    with transaction.atomic():
        run: ReportRun = ReportRun.objects.get(pk=run_id)
        if run.state != RunState.DUE:
            return None
        if run.attempts < MAX_ATTEMPTS:
            run.attempts += 1
            run.save(update_fields=["attempts"])
            return run
    _note_failure(run, run.error_code or "too_many_attempts")
    return None


def _note_failure(run: ReportRun, code: str) -> None:
    state = RunState.FAILED if run.attempts >= MAX_ATTEMPTS else RunState.DUE
    with transaction.atomic():
        ReportRun.objects.filter(pk=run.pk, state=RunState.DUE).update(state=state, error_code=code[:60])


def _render(run: ReportRun) -> None:
    with transaction.atomic():
        practice, keys = bound_organization(), tenant_keys()
        made = KINDS[run.kind].make(Subject(run.as_of, link=link_to(run)))
    files = {file_format: write() for file_format, write in made.files.items()}
    crash.point("after_render")
    stored: dict[str, tuple[str, int]] = {
        file_format: storage.put(KEPT_AS, [content], keys) for file_format, content in files.items()
    }
    crash.point("after_artifact_write")
    with transaction.atomic():
        _complete(run, practice, made.summary, stored)


def link_to(run: ReportRun) -> str:
    """The run's page in the portal, for people who sign in."""
    return f"{settings.PORTAL_BASE_URL}/portal/reports/{run.public_id}/"


def _complete(run: ReportRun, practice: Organization, said: Summary, stored: dict[str, tuple[str, int]]) -> None:
    """Rows of the files, RENDERED, and the mails, all or nothing; nothing when another has done it."""
    finished = {"state": RunState.RENDERED, "rendered_at": clock.now(), "error_code": ""}
    if not ReportRun.objects.filter(pk=run.pk, state=RunState.DUE).update(**finished):
        return
    artifacts = {
        kind: Artifact.objects.create(
            run=run, format=kind, sha256=sha256, size=size, name=f"{practice.slug}-{run.kind}-{run.as_of}.{kind}"
        )
        for kind, (sha256, size) in stored.items()
    }
    if run.mail:
        for member in _readers():
            _queue(run, member, said, artifacts["pdf"])
        announce(Event.REPORT_READY, about=f"report:{run.public_id}", said=_ready(run, said))


def _readers() -> list[Membership]:
    """Members who may make reports, want mail and get it."""
    without = addresses.stopped().keys()
    wanting = (member for member in active_members() if Right.REPORT in member.rights and member.wants_mail)
    return [member for member in wanting if member.pk not in without]


def _ready(run: ReportRun, said: Summary) -> Announcement:
    data = {"report": str(run.public_id), "kind": run.kind, "as_of": run.as_of.isoformat(), "link": link_to(run)}
    return Announcement(f"The report of {said.period} is ready", list(said.lines), link_to(run), data)


def _queue(run: ReportRun, member: Membership, said: Summary, pdf: Artifact) -> None:
    queue_mail(
        "weekly_report",
        about=f"report:{run.public_id}",
        recipient=member,
        context={**said.facts, "period": said.period, "attached": True, "link": link_to(run)},
        attachment_sha256=pdf.sha256,
        attachment_name=pdf.name,
    )


def open_artifact(artifact: Artifact, *, actor: str) -> Iterator[bytes]:
    """The file's bytes in pieces, once the opening stands in the audit trail; Unreadable when the file is gone.

    Called in a transaction; the pieces may be read after it.
    """
    subject = f"report:{artifact.run.public_id}"
    record_access(actor=actor, action=f"open_report_{artifact.format}", subject=subject, purpose="report")
    pieces = storage.read(KEPT_AS, artifact.sha256, tenant_keys())
    return chain([next(pieces)], pieces)
