from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import findings
from tests.factories.exploring import own_report
from tests.portal.conftest import NOW, Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.core import storage
from upstream.reports.keeping import KEPT_AS
from upstream.reports.links import file_path
from upstream.reports.models import Artifact, Definition, Policy, ReportRun, Schedule, Unsubscribed
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys

WEEKLY: dict[str, Any] = {
    "version": "1", "title": "For the board", "when": "Mondays 07:00", "zone": "America/Chicago",
    "formats": ["pdf"], "paper": "A4", "roles": ["owner"], "sent": "link", "kept_days": "",
}  # fmt: skip


@pytest.fixture
def board(manager: Client, practice: Practice) -> Definition:
    """A weekly report, set up through its form."""
    answer = manager.post("/portal/reports/add/?kind=weekly", WEEKLY)
    assert answer.status_code == 302
    with practice.bound():
        return Definition.objects.get(title="For the board")


def path(row: Definition, more: str = "") -> str:
    return f"/portal/reports/definitions/{row.public_id}/{more}"


def test_the_list_says_what_there_can_be_and_what_there_is(manager: Client, practice: Practice) -> None:
    said = words_of(manager, "/portal/reports/")
    assert "No report is set up." in said
    assert "What payers changed, what it costs" in said
    assert "/portal/reports/add/?kind=weekly" in said


def test_a_report_is_set_up_shown_and_listed(manager: Client, board: Definition) -> None:
    said = words_of(manager, path(board))
    for words in (
        "Mondays 07:00 America/Chicago",
        "9 March 2026, 07:00",
        "PDF on A4, kept for 730 days",
        "links alone",
    ):
        assert words in said
    assert "Undo the last" not in said
    listed = words_of(manager, "/portal/reports/")
    assert "For the board" in listed
    assert "9 March 2026, 07:00" in listed


def test_a_look_at_the_next_moments_saves_nothing(manager: Client, practice: Practice) -> None:
    asked = {**WEEKLY, "when": "first working day of the month 8am", "preview": "yes"}
    said = manager.post("/portal/reports/add/?kind=weekly", asked).content.decode()
    assert "first working day of the month 08:00 America/Chicago" in said
    assert "1 April 2026, 08:00" in said
    with practice.bound():
        assert not Definition.objects.exists()


def test_words_that_are_not_understood_are_refused_at_their_field(manager: Client, practice: Practice) -> None:
    answer = manager.post("/portal/reports/add/?kind=weekly", {**WEEKLY, "when": "now and then"})
    assert answer.status_code == 422
    assert "say it like: Mondays 07:00" in answer.content.decode()
    with practice.bound():
        assert not Definition.objects.exists()


def test_a_change_from_an_old_page_overwrites_nothing(manager: Client, practice: Practice, board: Definition) -> None:
    said = words_of(manager, path(board, "edit/"))
    assert 'value="Mondays 07:00"' in said
    assert manager.post(path(board, "edit/"), {**WEEKLY, "title": "Mine"}).status_code == 302
    refused = manager.post(path(board, "edit/"), {**WEEKLY, "title": "Yours"})
    assert refused.status_code == 422
    assert "changed this meanwhile" in refused.content.decode()
    with practice.bound():
        assert Definition.objects.get().title == "Mine"


def test_every_step_can_be_taken_back(manager: Client, practice: Practice, board: Definition) -> None:
    manager.post(path(board, "edit/"), {**WEEKLY, "title": "Renamed"})
    seen = []
    for number, step in enumerate(("undo", "pause", "resume", "end", "put_back"), start=2):
        answer = manager.post(path(board, "move/"), {"move": step, "version": str(number)}, follow=True)
        assert answer.status_code == 200
        with practice.bound():
            row, schedule = Definition.objects.get(), Schedule.objects.get()
            seen.append((row.title, row.ended_at is None, schedule.active))
    assert seen == [
        ("For the board", True, True), ("For the board", True, False), ("For the board", True, True),
        ("For the board", False, True), ("For the board", True, True),
    ]  # fmt: skip
    assert manager.post(path(board, "move/"), {"move": "explode"}).status_code == 404


def test_make_it_now(manager: Client, practice: Practice, board: Definition) -> None:
    said = manager.post(path(board, "run/"), follow=True).content.decode()
    assert "It is being made." in said
    assert "every 2s" in said
    with practice.bound():
        run = ReportRun.objects.get()
        assert (run.as_of, run.state, run.requested_by) == (
            date(2026, 3, 1), "due", f"user:{practice.manager.user.public_id}",
        )  # fmt: skip
    stopped = manager.post(f"/portal/reports/{run.public_id}/move/", {"cancel": "1"}, follow=True).content.decode()
    assert "Cancelled" in stopped
    assert "Try again" in stopped
    again = manager.post(f"/portal/reports/{run.public_id}/move/", {"again": "1"}, follow=True).content.decode()
    assert "It is tried again." in again


def test_a_person_stops_and_starts_getting_it_by_mail(
    signed_in: SignedIn, practice: Practice, board: Definition
) -> None:
    biller = signed_in(Role.BILLER)
    said = biller.post(path(board, "mail/"), follow=True).content.decode()
    assert "You get it by mail no more." in said
    assert "Mail it to me again" in said
    biller.post(path(board, "mail/"), {"wanted": "1"})
    with practice.bound():
        assert not Unsubscribed.objects.exists()


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_read_reports_and_change_nothing(role: str, signed_in: SignedIn, board: Definition) -> None:
    client = signed_in(role)
    assert "Set up" not in words_of(client, "/portal/reports/")
    assert "Make it now" not in words_of(client, path(board))
    for ask, where in (
        (client.get, "/portal/reports/add/"), (client.get, path(board, "edit/")), (client.post, path(board, "move/")),
        (client.post, path(board, "run/")), (client.get, "/portal/reports/keeping/"),
    ):  # fmt: skip
        assert ask(where).status_code == 403


def test_how_long_files_are_kept_is_said_for_all(manager: Client, practice: Practice) -> None:
    assert 'value="730"' in words_of(manager, "/portal/reports/keeping/")
    assert manager.post("/portal/reports/keeping/", {"version": "1", "kept_days": "10"}).status_code == 422
    assert manager.post("/portal/reports/keeping/", {"version": "1", "kept_days": "90"}).status_code == 302
    with practice.bound():
        assert Policy.objects.values_list("kept_days", "may_attach").get() == (90, False)


def test_the_report_of_one_thing_is_asked_for_on_its_own_page(manager: Client, practice: Practice) -> None:
    with practice.bound():
        incident = findings.incident(practice.payer, practice.run)
    page = words_of(manager, f"/portal/incidents/{incident.public_id}/")
    assert "Make the dossier" in page
    assert f"/portal/reports/add/?kind=dossier&amp;about={incident.public_id}" in page
    asked = {"kind": "dossier", "about": str(incident.public_id)}
    assert "It is being made." in manager.post("/portal/reports/make/", asked, follow=True).content.decode()
    with practice.bound():
        run = ReportRun.objects.get()
        assert (run.kind, run.mail, run.definition.subject) == ("dossier", False, str(incident.public_id))
    assert "No report is set up." in words_of(manager, "/portal/reports/")


def test_a_report_of_what_is_not_there_is_refused(manager: Client, practice: Practice) -> None:
    asked = {"kind": "dossier", "about": "00000000-0000-4000-8000-000000000000"}
    said = manager.post("/portal/reports/make/", asked, follow=True).content.decode()
    assert "name the incident that this report is about" in said


@pytest.mark.parametrize("kind", ["scorecard", "underpayment"])
def test_a_payers_page_offers_its_reports(manager: Client, practice: Practice, kind: str) -> None:
    page = words_of(manager, f"/portal/payers/{practice.payer.public_id}/")
    assert f"/portal/reports/add/?kind={kind}&amp;about={practice.payer.public_id}" in page


def test_an_own_report_is_scheduled_once_it_is_shared(manager: Client, practice: Practice) -> None:
    with practice.bound():
        mine, shared = own_report(practice.manager), own_report(practice.manager, "For all", shared=True)
    assert "Share it above first" in words_of(manager, f"/portal/explore/{mine.public_id}/")
    link = f"/portal/reports/add/?kind=own&about={shared.public_id}"
    assert link.replace("&", "&amp;") in words_of(manager, f"/portal/explore/{shared.public_id}/")
    given = {**WEEKLY, "formats": ["pdf", "xlsx"], "about": str(shared.public_id)}
    assert manager.post(link, given).status_code == 302
    with practice.bound():
        assert Definition.objects.get().subject == str(shared.public_id)
    assert manager.post(link, {**given, "about": str(mine.public_id)}).status_code == 422


@pytest.fixture
def link(practice: Practice) -> str:
    """The address of a stored PDF, as the report's page has it."""
    with practice.bound():
        run = findings.report()
        sha256, _ = storage.put(KEPT_AS, [b"%PDF-1.7"], tenant_keys())
        Artifact.objects.filter(run=run, format="pdf").update(sha256=sha256)
        return file_path(run.artifacts.get(format="pdf"))


def test_download_is_an_attachment_and_written_down(manager: Client, practice: Practice, link: str) -> None:
    response = manager.get(link)
    assert response.content == b"%PDF-1.7"
    assert response["Content-Disposition"] == 'attachment; filename="weekly.pdf"'
    assert response["Cache-Control"] == "no-store"
    with practice.bound():
        run = ReportRun.objects.get()
        assert list(PHIAccess.objects.values_list("action", "subject")) == [
            ("open_report_pdf", f"report:{run.public_id}")
        ]


def test_a_link_that_is_over_says_so_and_leads_to_the_page(manager: Client, link: str, settings: Settings) -> None:
    settings.FIXED_NOW = NOW + timedelta(hours=1, seconds=1)
    answer = manager.get(link)
    assert answer.status_code == 410
    assert "This link is over" in answer.content.decode()


def test_a_link_leads_who_is_not_signed_in_to_the_door_and_back(link: str, practice: Practice) -> None:
    answer = Client().get(link)
    assert (answer.status_code, answer["Location"].startswith("/portal/sign-in/?next=")) == (302, True)
    assert Client().get(link[:-3] + "xx/").status_code == 302


def test_a_link_with_another_signature_is_no_page(manager: Client, link: str) -> None:
    assert manager.get(link[:-3] + "xx/").status_code == 404


def test_report_page_says_who_asked_and_why_it_failed(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report(
            requested_by=f"user:{practice.manager.user.public_id}", state="failed", error_code="font_missing"
        )
    said = words_of(manager, f"/portal/reports/{run.public_id}/")
    assert practice.manager.user.email in said
    assert "A font of the product is missing" in said
    assert "Try again" in said


def test_report_page_says_who_got_no_mail(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report(skipped=[[practice.manager.pk, "stopped"]])
    said = words_of(manager, f"/portal/reports/{run.public_id}/")
    assert f"{practice.manager.user.email} (billing manager): mail to this address came back" in said


def test_files_whose_time_is_over_are_said_to_be_removed(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report()
        Artifact.objects.update(removed_at=NOW)
    assert "removed, because their time was over" in words_of(manager, f"/portal/reports/{run.public_id}/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for day in range(rows):
            made = findings.definition(title=f"Report {day}")
            Schedule.objects.create(definition=made, cron="0 7 * * 1", zone="UTC", since=NOW)
            findings.report(definition=made, as_of=date(2026, 2, 1 + day))
    manager.get("/portal/reports/")
    with django_assert_num_queries(24):
        manager.get("/portal/reports/")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_definition_do_not_grow_with_its_runs(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        made = findings.definition()
        for day in range(rows):
            findings.report(definition=made, as_of=date(2026, 2, 1 + day))
    manager.get(path(made))
    with django_assert_num_queries(28):
        manager.get(path(made))


def test_report_whose_file_is_gone_says_so(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report()
        where = file_path(run.artifacts.get(format="xlsx"))
    assert "the stored file is gone" in manager.get(where, follow=True).content.decode()
