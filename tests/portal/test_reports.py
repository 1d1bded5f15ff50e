from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import findings
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.audit.models import PHIAccess
from upstream.core import storage
from upstream.reports.models import Artifact, ReportRun
from upstream.reports.services import KEPT_AS
from upstream.tenants.choices import Role
from upstream.tenants.services import tenant_keys


def test_make_this_weeks_report(manager: Client, practice: Practice) -> None:
    assert "For the week that ended on 1 March 2026." in words_of(manager, "/portal/reports/")
    response = manager.post("/portal/reports/make/", follow=True)
    said = response.content.decode()
    assert "It is being made." in said
    assert "every 2s" in said
    with practice.bound():
        assert list(ReportRun.objects.values_list("as_of", "state", "requested_by")) == [
            (date(2026, 3, 1), "due", f"user:{practice.manager.user.public_id}")
        ]


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN, Role.AUDITOR, Role.STAFF])
def test_others_do_not_make_reports(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    assert "Make this week" not in words_of(client, "/portal/reports/")
    assert client.post("/portal/reports/make/").status_code == 403


def test_download_is_an_attachment_and_written_down(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report()
        sha256, _ = storage.put(KEPT_AS, [b"%PDF-1.7"], tenant_keys())
        Artifact.objects.filter(run=run, format="pdf").update(sha256=sha256)
    response = manager.get(f"/portal/reports/{run.public_id}/pdf/")
    assert response.content == b"%PDF-1.7"
    assert response["Content-Disposition"] == 'attachment; filename="weekly.pdf"'
    assert response["Cache-Control"] == "no-store"
    with practice.bound():
        assert list(PHIAccess.objects.values_list("action", "subject")) == [
            ("open_report_pdf", f"report:{run.public_id}")
        ]


def test_report_page_says_who_asked(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report(
            requested_by=f"user:{practice.manager.user.public_id}", state="failed", error_code="no_data"
        )
    said = words_of(manager, f"/portal/reports/{run.public_id}/")
    assert practice.manager.user.email in said
    assert "no_data" in said


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        for day in range(rows):
            findings.report(as_of=date(2026, 2, 1 + day))
    manager.get("/portal/reports/")
    with django_assert_num_queries(21):
        manager.get("/portal/reports/")


def test_report_whose_file_is_gone_says_so(manager: Client, practice: Practice) -> None:
    with practice.bound():
        run = findings.report()
    answer = manager.get(f"/portal/reports/{run.public_id}/xlsx/", follow=True)
    assert "the stored file is gone" in answer.content.decode()
