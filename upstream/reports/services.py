"""Runs of reports: asked for by people and by schedules, stopped, tried again; and their files, opened."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import transaction

from upstream.audit.services import record_access
from upstream.core import clock, stages, storage
from upstream.core.errors import Conflict, Invalid, Unreadable
from upstream.reports import queries, rules
from upstream.reports.choices import MOVING, STOPPED, RunState, Step
from upstream.reports.definitions import WEEKLY, kind_of, standard
from upstream.reports.keeping import KEPT_AS
from upstream.reports.models import Artifact, Definition, ReportRun, Schedule
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

SCHEDULE = "schedule"


def request_run(*, kind: str, as_of: date, actor: str, mail: bool = True, about: str = "") -> ReportRun:
    """The one run of the practice's standard report of this kind as of the end of this day, as `request` makes it.

    Invalid for an unknown kind, for what it cannot be about, and for a day that has not come yet.
    """
    return request(standard(kind, about), as_of=as_of, actor=actor, mail=mail)


def request(
    definition: Definition, *, as_of: date, actor: str, mail: bool = True, moment: datetime | None = None
) -> ReportRun:
    """The definition's one run as of the end of this day, waiting if new; one that failed or was stopped goes on.

    Invalid for a day that has not come yet, Conflict for a definition that was ended.
    """
    if as_of > clock.today(bound_organization().time_zone):
        raise Invalid("as_of_future", "a report cannot be made as of a day that has not come yet")
    if definition.ended_at is not None:
        raise Conflict("definition_ended", "this report was ended; put it back first")
    kind_of(definition.kind)
    now = clock.now()
    values = {"requested_by": actor[:80], "requested_at": now, "mail": mail, "moment": moment, "not_before": now}
    run: ReportRun
    run, new = ReportRun.objects.get_or_create(
        definition=definition, as_of=as_of, defaults={**values, "kind": definition.kind}
    )
    if run.state in STOPPED:
        return try_again(run)
    if new or run.state == RunState.DUE:
        stages.nudge()
    return run


def run_now(definition: Definition, *, actor: str, mail: bool = True) -> ReportRun:
    """The run that a schedule would ask for at this moment: of the last complete day, week or month."""
    day = clock.today(bound_organization().time_zone)
    return request(definition, as_of=rules.as_of(kind_of(definition.kind).period, day), actor=actor, mail=mail)


def try_again(run: ReportRun) -> ReportRun:
    """A run that failed or was stopped waits anew, with all its tries. Conflict for any other."""
    again = {"state": RunState.DUE, "step": Step.WAITING, "attempts": 0, "error_code": "", "not_before": clock.now()}
    if not ReportRun.objects.filter(pk=run.pk, state__in=STOPPED).update(**again):
        raise Conflict("not_stopped", "only a report that failed or was cancelled can be tried again")
    stages.nudge()
    run.refresh_from_db()
    return run


def cancel(run: ReportRun) -> ReportRun:
    """A run that waits or is being made is not made, nor mailed. Conflict for one that is at its end."""
    stopped = {"state": RunState.CANCELLED, "step": Step.WAITING}
    if not ReportRun.objects.filter(pk=run.pk, state__in=MOVING).update(**stopped):
        raise Conflict("not_moving", "this report is made already, or was stopped")
    run.refresh_from_db()
    return run


def take_schedule(schedule_id: int) -> bool:
    """Ask for the report of a schedule's latest moment; False when that was done before.

    A practice that was never given a weekly report gets the usual one: Mondays at 7.
    """
    with transaction.atomic():
        if schedule_id == queries.NO_SCHEDULE_YET:
            standard(WEEKLY)
            return True
        schedule = Schedule.objects.select_for_update(of=("self",)).select_related("definition").get(pk=schedule_id)
        moment = queries.due_moment(schedule)
        if moment is None:
            return False
        period = kind_of(schedule.definition.kind).period
        day = moment.astimezone(ZoneInfo(schedule.zone)).date()
        request(schedule.definition, as_of=rules.as_of(period, day), actor=SCHEDULE, moment=moment)
        Schedule.objects.filter(pk=schedule.pk).update(taken=moment)
        return True


def open_artifact(artifact: Artifact, *, actor: str) -> Iterator[bytes]:
    """The file's bytes in pieces, once the opening stands in the audit trail; Unreadable when the file is gone.

    Called in a transaction; the pieces may be read after it.
    """
    if artifact.removed_at is not None:
        raise Unreadable("file_removed", "this file was removed when its time was over; make the report again")
    subject = f"report:{artifact.run.public_id}"
    record_access(actor=actor, action=f"open_report_{artifact.format}", subject=subject, purpose="report")
    pieces = storage.read(KEPT_AS, artifact.sha256, tenant_keys())
    return chain([next(pieces)], pieces)
