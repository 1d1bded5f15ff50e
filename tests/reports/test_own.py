"""Own reports as a kind: what the page shows, on paper, in the Excel and in the mail; only while they are shared."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from pypdf import PdfReader

from tests.factories import member
from upstream.core.errors import Invalid
from upstream.explore import services
from upstream.explore.answering import period_of
from upstream.explore.models import OwnReport
from upstream.explore.queries import checked
from upstream.reports import rules, subjects
from upstream.reports.kinds import KINDS, Made, Subject
from upstream.reports.rendering import render_run
from upstream.reports.services import request_run
from upstream.tenants.choices import Role

OWN, SUNDAY = KINDS["own"], date(2026, 3, 1)
ASKED = {
    "measures": ["claims", "refused", "denied_dollars"], "by": ["payer"], "basis": "answer", "first": "2026-01-05",
    "last": "2026-03-01",
}  # fmt: skip


@pytest.fixture
def maker(small: int) -> str:
    return f"user:{member(Role.MANAGER).user.public_id}"


def kept(maker: str, *, shared: bool = True, **more: Any) -> OwnReport:
    return services.save_report(name="Refused by payer", definition={**ASKED, **more}, shared=shared, actor=maker)


def made(report: OwnReport, as_of: date = SUNDAY) -> Made:
    with transaction.atomic():
        return OWN.make(Subject(as_of, str(report.public_id)))


def text_of(made: Made) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.files["pdf"]())).pages)


def test_the_pdf_says_what_the_page_says(maker: str) -> None:
    said = text_of(made(kept(maker)))
    for words in (
        "Refused by payer", "5 January to 1 March 2026", "Facts of 2 March 2026", "Civic Care 2 $100.00 50.0%",
        "Summit Mutual 7 $1,110.00", "All 9 $1,210.00 68.8%", "$1,210.00 of $1,760.00",
    ):  # fmt: skip
        assert words in said


def test_the_excel_has_both_halves_of_a_share_so_that_its_totals_tie(maker: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(made(kept(maker)).files["xlsx"]()))["Found"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == [
        "Payer", "Claims", "Refused, billed", "Denied dollars, billed", "Denied dollars, billed: counted",
        "Denied dollars, billed: of",
    ]  # fmt: skip
    assert rows[1] == ["Civic Care", 2, 100, 0.5, 100, 200]
    assert [sum(row[place] for row in rows[1:]) for place in (1, 2, 4, 5)] == [9, 1210, 1210, 1760]


def test_weeks_are_dates_and_a_report_without_groups_is_one_line(maker: str) -> None:
    weekly = openpyxl.load_workbook(BytesIO(made(kept(maker, by=["week"])).files["xlsx"]()))["Found"]
    assert weekly["A4"].value.date() == date(2026, 1, 19)
    whole = openpyxl.load_workbook(BytesIO(made(kept(maker, by=[])).files["xlsx"]()))["Found"]
    assert [cell.value for cell in whole[4]] == ["All", 9, 1210, 1210 / 1760, 1210, 1760]


def test_the_mail_has_totals_and_names_no_payer(maker: str) -> None:
    summary = made(kept(maker)).summary
    assert summary.lines == ("Lines: 2", "Claims: 9", "Refused: $1,210.00", "Denied dollars: 68.8%")


def test_the_last_weeks_are_those_that_were_complete_then(maker: str) -> None:
    weeks = checked({"measures": ["claims"], "weeks": 4})
    with transaction.atomic():
        assert period_of(weeks, date(2026, 2, 17)) == (date(2026, 1, 19), date(2026, 2, 15))
        assert period_of(weeks, date(2026, 2, 15)) == (date(2026, 1, 19), date(2026, 2, 15))
        assert period_of(weeks, date(2026, 5, 1)) == period_of(weeks) == (date(2026, 2, 2), date(2026, 3, 1))


def test_only_what_is_shared_can_be_reported(maker: str) -> None:
    mine, shared = kept(maker, shared=False), kept(maker)
    with transaction.atomic():
        assert subjects.things(OWN) == [(str(shared.public_id), "Refused by payer")]
        with pytest.raises(Invalid, match="name the shared own report"):
            subjects.check(OWN, str(mine.public_id))


def test_a_run_fails_in_words_once_the_report_is_deleted(maker: str) -> None:
    report = kept(maker)
    with transaction.atomic():
        run = request_run(kind="own", as_of=SUNDAY, actor=maker, about=str(report.public_id))
    services.delete_report(report, actor=maker)
    render_run(run.pk)
    run.refresh_from_db()
    assert (run.definition.title, run.attempts) == ("Own report: Refused by payer", 1)
    assert rules.reason(run.error_code).startswith("The report that was put together is deleted")


def test_a_run_leaves_both_files(maker: str) -> None:
    report = kept(maker)
    with transaction.atomic():
        run = request_run(kind="own", as_of=SUNDAY, actor=maker, about=str(report.public_id))
    assert render_run(run.pk)
    assert sorted(run.artifacts.values_list("format", flat=True)) == ["pdf", "xlsx"]
