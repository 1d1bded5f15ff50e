from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.reports.conftest import SUNDAY
from upstream.audit.models import PHIAccess
from upstream.core import storage
from upstream.core.errors import Invalid, Unreadable
from upstream.delivery import addresses
from upstream.delivery.choices import MailFate
from upstream.delivery.models import Outbox
from upstream.detection.models import DetectionRun
from upstream.reports import queries
from upstream.reports.choices import RunState
from upstream.reports.models import Artifact, ReportRun, Schedule
from upstream.reports.services import open_artifact, render_run, request_run, set_schedule
from upstream.reports.stage import SCHEDULES, STAGE
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys


def ask(as_of: date = SUNDAY, **fields) -> ReportRun:
    return request_run(**{"kind": "weekly", "as_of": as_of, "actor": "user:1", **fields})


def test_a_report_of_a_day_is_asked_for_once(practice):
    assert ask().pk == ask(actor="schedule").pk
    assert ask().requested_by == "user:1"
    assert list(STAGE.ready()) == [ask().pk]


def test_no_report_of_a_day_to_come_or_of_an_unknown_kind(practice):
    with pytest.raises(Invalid, match="has not come yet"):
        ask(date(2026, 3, 3))
    with pytest.raises(Invalid, match="no report of kind 'yearly'"):
        ask(kind="yearly")


def test_a_report_is_rendered_stored_and_mailed(practice):
    run = ask()
    assert STAGE.take(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.attempts, run.error_code) == (RunState.RENDERED, 1, "")
    pdf, xlsx = run.artifacts.order_by("format")
    assert (pdf.name, xlsx.name) == ("hillside-weekly-2026-03-01.pdf", "hillside-weekly-2026-03-01.xlsx")
    for artifact, magic in ((pdf, b"%PDF-1"), (xlsx, b"PK\x03\x04")):
        content = storage.read_whole("reports", artifact.sha256, tenant_keys())
        assert content.startswith(magic)
        assert len(content) == artifact.size
    (mail,) = Outbox.objects.all()
    assert (mail.recipient_id, mail.attachment_sha256, mail.attachment_name) == (
        practice.manager.pk,
        pdf.sha256,
        pdf.name,
    )
    assert mail.context == {
        "period": "23 February to 1 March 2026",
        "new": 1,
        "open": 1,
        "money": "$9,200 to $14,800",
        "at_stake": "$9,200",
        "deadlines": 0,
        "attached": True,
        "link": f"http://127.0.0.1:8000/portal/reports/{run.public_id}/",
    }


def test_a_report_is_rendered_once(practice):
    run = ask()
    assert [STAGE.take(run.pk), STAGE.take(run.pk)] == [True, False]
    assert (Artifact.objects.count(), Outbox.objects.count()) == (2, 1)
    assert list(STAGE.ready()) == []


def test_only_those_who_may_make_reports_and_want_mail_get_it(practice):
    owner, silent = factories.member(Role.OWNER), factories.member(Role.MANAGER)
    silent.wants_mail = False
    silent.save()
    addresses.note(factories.member(Role.OWNER), MailFate.COMPLAINED)
    for role in (Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF):
        factories.member(role)
    render_run(ask().pk)
    assert set(Outbox.objects.values_list("recipient", flat=True)) == {practice.manager.pk, owner.pk}


def test_a_report_may_be_made_without_mail(practice):
    render_run(ask(mail=False).pk)
    assert Outbox.objects.count() == 0


def test_a_report_that_cannot_be_drawn_fails_after_five_tries_and_may_be_asked_for_again(practice, settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    run = ask()
    assert [render_run(run.pk) for _ in range(6)] == [True] * 5 + [False]
    run.refresh_from_db()
    assert (run.state, run.error_code, run.attempts) == (RunState.FAILED, "font_missing", 5)
    assert Artifact.objects.count() == Outbox.objects.count() == 0
    again = ask()
    assert (again.pk, again.state, again.attempts) == (run.pk, RunState.DUE, 0)


def test_a_run_that_kills_its_worker_again_and_again_is_given_up(practice):
    run = ask()
    ReportRun.objects.update(attempts=5)
    assert render_run(run.pk) is False
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "too_many_attempts")


def test_a_full_disk_costs_no_try(practice, settings):
    settings.VAR_DIR.parent.mkdir(parents=True, exist_ok=True)
    settings.VAR_DIR.write_text("in the way")
    run = ask()
    assert render_run(run.pk) is False
    run.refresh_from_db()
    assert (run.state, run.error_code, run.attempts) == (RunState.DUE, "storage_unavailable", 0)
    settings.VAR_DIR.unlink()
    assert render_run(run.pk) is True


def test_opening_a_file_is_written_down_first(practice):
    run = ask()
    render_run(run.pk)
    artifact = queries.artifact(run.public_id, "pdf")
    assert len(b"".join(open_artifact(artifact, actor="user:1"))) == artifact.size
    (entry,) = PHIAccess.objects.all()
    assert (entry.actor, entry.action, entry.subject) == ("user:1", "open_report_pdf", f"report:{run.public_id}")


def test_a_file_that_is_gone_is_refused_before_the_first_byte(practice):
    run = ask()
    render_run(run.pk)
    artifact = queries.artifact(run.public_id, "pdf")
    storage.remove("reports", artifact.sha256, tenant_keys())
    with pytest.raises(Unreadable, match="gone"):
        open_artifact(artifact, actor="user:1")


def test_runs_are_found_newest_week_first(practice):
    older, newer = ask(SUNDAY - timedelta(days=7)), ask()
    assert list(queries.runs()) == [newer, older]
    assert queries.run(newer.public_id) == newer


def test_a_schedule_asks_once_for_the_week_before_it(practice):
    schedule = set_schedule(weekday=0, hour=7)
    assert list(SCHEDULES.ready()) == [schedule.pk]
    assert [SCHEDULES.take(schedule.pk), SCHEDULES.take(schedule.pk)] == [True, False]
    assert ReportRun.objects.values_list("as_of", "requested_by").get() == (SUNDAY, "schedule")
    assert list(SCHEDULES.ready()) == []


def test_after_weeks_without_a_worker_only_the_latest_is_made_up(practice, settings):
    schedule = set_schedule()
    SCHEDULES.take(schedule.pk)
    settings.FIXED_NOW = datetime(2026, 3, 26, 12, tzinfo=UTC)
    assert list(SCHEDULES.ready()) == [schedule.pk]
    SCHEDULES.take(schedule.pk)
    assert list(ReportRun.objects.order_by("as_of").values_list("as_of", flat=True)) == [SUNDAY, date(2026, 3, 22)]
    assert list(SCHEDULES.ready()) == []


def test_before_its_hour_a_schedule_is_still_at_the_week_before(practice, settings):
    settings.FIXED_NOW = datetime(2026, 3, 9, 11, 59, tzinfo=UTC)
    SCHEDULES.take(set_schedule().pk)
    assert ReportRun.objects.get().as_of == SUNDAY


def test_a_practice_that_has_just_come_waits_for_its_first_monday(practice):
    DetectionRun.objects.update(finished_at=datetime(2026, 3, 2, 13, 30, tzinfo=UTC))
    schedule = set_schedule()
    assert list(SCHEDULES.ready()) == []
    assert SCHEDULES.take(schedule.pk) is False


def test_a_practice_that_was_never_looked_at_gets_no_report(practice):
    practice.incident.members.all().delete()
    practice.incident.transitions.all().delete()
    practice.incident.delete()
    for run in DetectionRun.objects.all():
        run.baselines.all().delete()
        run.delete()
    assert list(SCHEDULES.ready()) == []


def test_a_practice_that_was_never_given_a_schedule_gets_the_usual_one(practice):
    (first,) = SCHEDULES.ready()
    assert [SCHEDULES.take(first), SCHEDULES.take(first)] == [True, False]
    schedule = Schedule.objects.get()
    assert (schedule.kind, schedule.weekday, schedule.hour, schedule.active) == ("weekly", 0, 7, True)
    assert list(SCHEDULES.ready()) == [schedule.pk]


def test_a_schedule_is_one_and_can_be_stopped(practice):
    set_schedule()
    set_schedule(weekday=4, hour=16, active=False)
    assert Schedule.objects.values_list("weekday", "hour", "active").get() == (4, 16, False)
    assert list(SCHEDULES.ready()) == []
    with pytest.raises(Invalid, match="hour from 0 to 23"):
        set_schedule(hour=24)
