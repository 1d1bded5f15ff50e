from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.reports.conftest import SUNDAY
from upstream.audit.models import PHIAccess
from upstream.core import storage
from upstream.core.errors import Conflict, Invalid, Unreadable
from upstream.delivery import addresses
from upstream.delivery.choices import MailFate
from upstream.delivery.models import Outbox
from upstream.detection.models import DetectionRun
from upstream.reports import links, queries, rules
from upstream.reports.choices import RunState
from upstream.reports.definitions import (
    Wanted,
    add_definition,
    end_definition,
    pause,
    put_definition_back,
    resume,
    standard,
)
from upstream.reports.models import Artifact, Definition, ReportRun, Schedule
from upstream.reports.rendering import _render, render_run
from upstream.reports.services import cancel, open_artifact, request_run, try_again
from upstream.reports.stage import SCHEDULES, STAGE
from upstream.reports.timing_words import read, words_of
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
    files = mail.context.pop("files")
    assert mail.context == {
        "title": "Weekly report",
        "period": "23 February to 1 March 2026",
        "lines": ["New incidents: 1", "Open incidents: 1, $9,200 to $14,800 lost so far"],
        "chart": run.said["chart"],
        "attached": True,
        "days": 3,
        "link": f"http://127.0.0.1:8000/portal/reports/{run.public_id}/",
        "unsubscribe": f"http://127.0.0.1:8000/portal/reports/definitions/{run.definition.public_id}/",
        "definition": run.definition.public_id.hex,
    }
    assert [one["name"] for one in files] == ["PDF", "Excel"]
    assert [links.opened(one["link"].split("/")[-2]) for one in files] == [pdf, xlsx]


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
    run, waits = ask(), []
    for _ in range(5):
        assert render_run(run.pk) is True
        run.refresh_from_db()
        waits.append((run.not_before - settings.FIXED_NOW).total_seconds())
        assert render_run(run.pk) is False
        settings.FIXED_NOW = run.not_before
    assert waits == [30, 120, 480, 1800, 1800]
    assert (run.state, run.error_code, run.attempts) == (RunState.FAILED, "font_missing", 5)
    assert Artifact.objects.count() == 0
    (told,) = Outbox.objects.all()
    assert (told.template, told.recipient_id) == ("report_failed", practice.manager.pk)
    assert told.context["reason"].startswith("A font of the product is missing")
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
    settings.FIXED_NOW += timedelta(seconds=30)
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


def test_a_run_that_is_cancelled_is_neither_made_nor_mailed_until_it_is_tried_again(practice):
    run = ask()
    cancel(run)
    assert list(STAGE.ready()) == []
    assert render_run(run.pk) is False
    with pytest.raises(Conflict, match="or was stopped"):
        cancel(run)
    assert try_again(run).state == RunState.DUE
    assert render_run(run.pk) is True
    with pytest.raises(Conflict, match="failed or was cancelled"):
        try_again(run)
    with pytest.raises(Conflict, match="made already"):
        cancel(run)


def test_a_run_that_is_cancelled_while_it_is_drawn_leaves_no_file_and_no_mail(practice):
    run = ask()
    ReportRun.objects.update(state=RunState.RENDERING)
    left = ReportRun.objects.select_related("definition").get()
    cancel(run)
    _render(left)
    assert (Artifact.objects.count(), Outbox.objects.count()) == (0, 0)


def test_a_run_that_a_lost_worker_left_is_taken_again(practice):
    run = ask()
    ReportRun.objects.update(state=RunState.RENDERING, attempts=1, step="drawing")
    assert list(STAGE.ready()) == [run.pk]
    assert STAGE.take(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.attempts, run.step) == (RunState.RENDERED, 2, "")


def weekly(when: str = "Mondays 07:00", **fields) -> Definition:
    """A weekly report with a schedule that has counted since before the test's week."""
    wanted = Wanted("The week", timing=read(when, "America/Chicago"), **fields)
    made = add_definition(kind="weekly", wanted=wanted, actor="user:1")
    Schedule.objects.filter(definition=made).update(since=datetime(2026, 1, 1, tzinfo=UTC))
    return made


def taken() -> list[tuple[date, str]]:
    """Take every schedule that is due; which days were asked for, and by which moment."""
    for pk in list(SCHEDULES.ready()):
        assert [SCHEDULES.take(pk), SCHEDULES.take(pk)] == [True, False]
    assert list(SCHEDULES.ready()) == []
    asked = ReportRun.objects.order_by("as_of").values_list("as_of", "moment")
    return [(day, f"{moment:%a %d %H:%MZ}") for day, moment in asked]


def test_a_schedule_asks_once_for_the_week_before_it(practice):
    weekly()
    assert taken() == [(SUNDAY, "Mon 02 13:00Z")]
    assert ReportRun.objects.get().requested_by == "schedule"


def test_after_weeks_without_a_worker_only_the_latest_is_made_up(practice, settings):
    weekly()
    taken()
    settings.FIXED_NOW = datetime(2026, 3, 26, 12, tzinfo=UTC)
    assert taken() == [(SUNDAY, "Mon 02 13:00Z"), (date(2026, 3, 22), "Mon 23 12:00Z")]


def test_before_its_hour_a_schedule_is_still_at_the_week_before(practice, settings):
    weekly()
    settings.FIXED_NOW = datetime(2026, 3, 9, 11, 59, tzinfo=UTC)
    assert taken() == [(SUNDAY, "Mon 02 13:00Z")]


def test_each_kind_of_period_shows_the_last_complete_one(practice):
    day = date(2026, 3, 4)
    shown = {period: rules.as_of(period, day) for period in ("day", "week", "month", "incident", "payer")}
    yesterday = date(2026, 3, 3)
    assert shown == {
        "day": yesterday, "week": SUNDAY, "month": date(2026, 2, 28), "incident": yesterday, "payer": yesterday,
    }  # fmt: skip


def test_a_practice_that_has_just_come_waits_for_its_first_monday(practice):
    DetectionRun.objects.update(finished_at=datetime(2026, 3, 2, 13, 30, tzinfo=UTC))
    made = weekly()
    assert list(SCHEDULES.ready()) == []
    assert SCHEDULES.take(made.schedules.get().pk) is False


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
    assert SCHEDULES.take(first) is True
    schedule = Schedule.objects.get()
    assert words_of(schedule.timing) == "Mondays 07:00 America/Chicago"
    assert schedule.definition.kind == "weekly"
    assert list(SCHEDULES.ready()) == [schedule.pk]
    assert SCHEDULES.take(schedule.pk) is True
    assert ReportRun.objects.get().as_of == SUNDAY


def test_asking_for_a_report_gives_the_practice_its_usual_schedule_too(practice):
    run = ask()
    assert run.definition == standard("weekly")
    assert Schedule.objects.get().definition == run.definition


def test_moments_before_a_schedule_was_made_paused_or_ended_are_not_made_up(practice, settings):
    made = add_definition(kind="weekly", wanted=Wanted("Mine", timing=read("Mondays 07:00", "UTC")), actor="user:1")
    assert list(SCHEDULES.ready()) == []
    made = pause(made, version=1)
    settings.FIXED_NOW += timedelta(weeks=1)
    assert list(SCHEDULES.ready()) == []
    made = resume(made, version=2)
    assert list(SCHEDULES.ready()) == []
    made = end_definition(made, version=3)
    settings.FIXED_NOW += timedelta(weeks=1)
    assert list(SCHEDULES.ready()) == []
    put_definition_back(made, version=4)
    assert list(SCHEDULES.ready()) == []
    settings.FIXED_NOW += timedelta(weeks=1)
    assert taken() == [(date(2026, 3, 22), "Mon 23 07:00Z")]
