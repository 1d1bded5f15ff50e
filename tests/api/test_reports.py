"""Reports: asked for once, listed, and taken away as files that are written down."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import Caller, asked_of_database, rows_of, told
from tests.factories import findings
from upstream.audit.models import PHIAccess
from upstream.core import storage, tenancy
from upstream.reports.models import Artifact, ReportRun
from upstream.tenants.services import tenant_keys

PDF = b"%PDF-1.7 a report"


@pytest.fixture
def report(us: Caller) -> ReportRun:
    """A weekly report whose PDF is stored."""
    with tenancy.bind(us.practice.pk):
        made = findings.report()
        sha256, size = storage.put("reports", [PDF], tenant_keys())
        Artifact.objects.filter(run=made, format="pdf").update(sha256=sha256, size=size)
        return made


def shape_of(run: ReportRun, **changed: Any) -> dict[str, Any]:
    return {
        "id": str(run.public_id),
        "definition": str(run.definition.public_id),
        "title": "Weekly report",
        "kind": "weekly",
        "as_of": "2026-03-01",
        "state": "rendered",
        "step": "",
        "attempts": 0,
        "error_code": "",
        "reason": "",
        "period": "",
        "says": [],
        "due_at": None,
        "requested_at": "2026-03-02T12:00:00Z",
        "rendered_at": "2026-03-02T12:00:00Z",
        **changed,
    }


def test_a_report_is_listed_and_told_with_its_files(us: Caller, report: ReportRun) -> None:
    with tenancy.bind(us.practice.pk):
        files = [
            {"format": row.format, "name": row.name, "size": row.size, "sha256": row.sha256, "removed_at": None}
            for row in report.artifacts.order_by("format")
        ]
    (row,) = rows_of(us.get("reports/?kind=weekly"))
    assert row == shape_of(report, files=files)
    assert json.loads(us.get(f"reports/{report.public_id}/").content) == row


def test_the_pdf_is_taken_away_and_written_down(us: Caller, report: ReportRun) -> None:
    response = us.get(f"reports/{report.public_id}.pdf")
    assert (response.status_code, response.content) == (200, PDF)
    assert {name: response.headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="weekly-2026-03-01.pdf"',
        "Cache-Control": "no-store",
    }
    with tenancy.bind(us.practice.pk):
        entry = PHIAccess.objects.get()
    assert (entry.actor, entry.action) == (f"client:{us.client.client_id}", "open_report_pdf")


def test_a_file_that_is_gone_is_no_empty_file(us: Caller, report: ReportRun) -> None:
    response = us.get(f"reports/{report.public_id}.xlsx")
    assert (response.status_code, told(response)["code"]) == (422, "file_missing")


def test_a_report_that_is_not_ready_has_no_file_yet(us: Caller) -> None:
    with tenancy.bind(us.practice.pk):
        waiting = findings.report(state="due", rendered_at=None)
    response = us.get(f"reports/{waiting.public_id}.pdf")
    assert (response.status_code, told(response)["code"]) == (409, "not_ready")


def test_a_report_is_asked_for_once_a_day(us: Caller, settings: Any) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
    first = us.post("reports/", {"kind": "weekly", "as_of": "2026-03-01"})
    again = us.post("reports/", {"kind": "weekly", "as_of": "2026-03-01"})
    with tenancy.bind(us.practice.pk):
        run = ReportRun.objects.select_related("definition").get()
    assert first.status_code == again.status_code == 202
    assert (
        json.loads(first.content) == json.loads(again.content) == shape_of(run, state="due", rendered_at=None, files=[])
    )
    assert (run.mail, run.requested_by) == (False, f"client:{us.client.client_id}")


def test_without_a_day_it_is_the_day_in_the_practice(us: Caller, settings: Any) -> None:
    settings.FIXED_NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
    assert json.loads(us.post("reports/", {"kind": "weekly"}).content)["as_of"] == "2026-03-01"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"kind": "yearly"}, 422, "report_kind"),
        ({"kind": "weekly", "about": "x"}, 422, "about"),
        ({"kind": "weekly", "definition": str(UUID(int=1))}, 400, "invalid"),
        ({"definition": str(UUID(int=1))}, 404, "not_found"),
        ({"kind": "weekly", "as_of": "today"}, 400, "invalid"),
        ({"kind": "weekly", "as_of": "2999-01-01"}, 422, "as_of_future"),
        ({"kind": "weekly", "tenant": 1}, 400, "invalid"),
        ({"kind": "weekly", "requested_by": "user:x"}, 400, "invalid"),
        ({"kind": "weekly", "mail": "perhaps"}, 400, "invalid"),
    ],
)
def test_a_wrong_wish_is_refused(us: Caller, body: Any, status: int, code: str) -> None:
    response = us.post("reports/", body)
    assert (response.status_code, told(response)["code"]) == (status, code)
    with tenancy.bind(us.practice.pk):
        assert not ReportRun.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_three_queries(us: Caller, rows: int) -> None:
    with tenancy.bind(us.practice.pk):
        for day in range(rows):
            findings.report(as_of=f"2026-03-0{day + 1}")
    with asked_of_database() as asked:
        assert len(rows_of(us.get("reports/"))) == rows
    assert len(asked) == 3
