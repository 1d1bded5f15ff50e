"""Each kind of report: the same bytes twice, what it says, and what it must not say."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tests.factories import findings, prices, trouble, weeks
from tests.factories.denials import item
from tests.reports.conftest import SUNDAY
from upstream.alerts.models import Incident, IncidentClaim
from upstream.claims.choices import DenialCategory
from upstream.core.errors import Invalid
from upstream.detection.choices import Metric
from upstream.kpis.measures import measures
from upstream.reports.kinds import KINDS, Subject
from upstream.reports.kinds.monthend import month_before
from upstream.worklist.models import Item

EVERY = sorted(KINDS)


def made(code, practice, **more):
    things = {"payer": practice.summit, "incident": practice.incident, "own": practice.own}
    about = things[KINDS[code].period].public_id if KINDS[code].about_one else ""
    with transaction.atomic():
        return KINDS[code].make(Subject(SUNDAY, str(about), **more))


def text_of(made):
    reader = PdfReader(BytesIO(made.files["pdf"]()))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def book_of(made):
    return openpyxl.load_workbook(BytesIO(made.files["xlsx"]()))


@pytest.mark.parametrize("code", EVERY)
def test_the_same_database_gives_the_same_bytes_in_every_format(practice, code):
    first, second = made(code, practice), made(code, practice)
    assert tuple(first.files) == KINDS[code].formats
    assert first.summary == second.summary
    assert [write() for write in first.files.values()] == [write() for write in second.files.values()]


@pytest.mark.parametrize("code", EVERY)
def test_a_kind_is_tagged_small_and_names_its_hash_and_no_one(practice, code):
    found = made(code, practice, paper="A4")
    pdf = found.files["pdf"]()
    reader = PdfReader(BytesIO(pdf))
    assert len(pdf) < 1_000_000
    assert [round(float(n)) for n in reader.pages[0].mediabox[2:]] == [595, 842]
    assert b'pdfuaid:part="1"' in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    assert found.summary.content_hash in text_of(found)
    said = " ".join(found.summary.lines)
    assert "Summit" not in said
    assert "Whitfield" not in said


@pytest.mark.parametrize("code", [code for code in EVERY if KINDS[code].about_one])
@pytest.mark.parametrize("about", ["", "none", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_refused(practice, code, about):
    with pytest.raises(Invalid), transaction.atomic():
        KINDS[code].make(Subject(SUNDAY, about))


@pytest.mark.parametrize("code", [code for code in EVERY if code != "weekly"])
def test_more_rows_take_no_more_queries(practice, code):
    made(code, practice)
    with CaptureQueriesContext(connection) as few:
        made(code, practice)
    for _ in range(3):
        claim = IncidentClaim.objects.first().claim
        other = findings.incident(practice.civic, practice.incident.last_run)
        findings.behind(other, claim)
        weeks.reason_week(practice.civic, "AUTH", f"CO-{other.pk}", 4, 100)
    with CaptureQueriesContext(connection) as many:
        made(code, practice)
    assert len(many) == len(few)


def test_the_scorecard_says_what_the_measures_page_says(practice):
    with transaction.atomic():
        page = measures(date(2025, 12, 1), date(2026, 3, 1), practice.summit)
    sheet = book_of(made("scorecard", practice))["Measures"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4)}
    known = page["denied_dollars"]
    assert said["Denied dollars, billed"] == f"{100 * known.value:.1f}%"
    assert said["Cash lag"] == f"not known: {page['cash_lag'].unknown}"
    assert len(said) == len(list(page))


def test_the_dossier_holds_every_claim_to_the_cent(practice):
    text, book = text_of(made("dossier", practice)), book_of(made("dossier", practice))
    assert (
        "Since the week of 2 Feb, 1 of 31 decided claims for 73721 were denied with CO-197; 3 would be usual." in text
    )
    claims = [row[7].value for row in book["Claims"].iter_rows(min_row=4)]
    assert sum(claims) * 100 == sum(IncidentClaim.objects.values_list("lost_cents", flat=True))
    assert "Whitfield" not in text


def test_the_statement_of_short_payments_is_live_and_ties(practice):
    claim = IncidentClaim.objects.get().claim
    claim.allowed_cents = 70_000
    claim.save()
    Incident.objects.update(metric=Metric.UNDERPAYMENT)
    IncidentClaim.objects.update(expected_cents=80_000)
    found = made("underpayment", practice)
    assert "Summit Mutual allowed $100.00 less than before on 1 line." in text_of(found)
    assert found.summary.facts == {"lines": 1, "short": "$100.00"}
    sheet = book_of(found)["Underpayments"]
    assert [cell.value for cell in sheet[4]][6:] == [claim.billed_cents / 100, 800, 700, "=H4-I4", "=IF(H4=0,0,J4/H4)"]


def test_the_statement_says_what_the_contract_says(practice):
    agreed = prices.contract(practice.summit, "Summit 2026")
    prices.fees(agreed, "99213,,,80.00,,,")
    prices.short_line(agreed, claim=IncidentClaim.objects.get().claim)
    found = made("underpayment", practice)
    assert "Summit Mutual allowed $10.00 less than the contract says on 1 line (Summit 2026)." in text_of(found)
    assert found.summary.facts == {"lines": 1, "short": "$10.00"}
    row = [cell.value for cell in book_of(found)["Underpayments"][4]]
    assert ("Summit 2026" in row, row[-4:]) == (True, [80, 70, "=H4-I4", "=IF(H4=0,0,J4/H4)"])


def test_the_clinicians_note_has_no_dollars_and_no_claim(practice):
    claim = IncidentClaim.objects.get().claim
    values = {"decision_id": 1, "decided_date": date(2026, 2, 20), "clock_days": 30, "clock_basis": "decision"}
    Item.objects.create(
        claim=claim, payer=practice.summit, category=DenialCategory.DOC, billed_cents=90_000, expected_cents=80_000,
        action="appeal", deadline=date(2026, 3, 20), internal_due=date(2026, 3, 13), clock_source="usual",
        clock_confidence="low", procedure_code="73721", opened_at=claim.known_at, changed_at=claim.known_at, **values,
    )  # fmt: skip
    text = text_of(made("clinician", practice))
    assert "$" not in text
    assert str(claim.public_id)[:8] not in text
    assert "13 Mar 2026 20 Mar 2026 Summit Mutual" in text
    assert "the note or record asked for" in text
    assert "Missing authorization (CO-197) 14" in text


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 2, 28), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 2, 27), (date(2026, 1, 1), date(2026, 1, 31))),
        (date(2026, 1, 1), (date(2025, 12, 1), date(2025, 12, 31))),
    ],
)
def test_the_month_is_the_last_complete_one(day, month):
    assert month_before(day) == month


def test_the_daily_brief_is_one_page_however_much_there_is(practice):
    """More incidents and troubles than it shows, and something due on each of the next days."""
    run = findings.run(as_of=date(2026, 2, 22))
    title = "Northstar Health started denying claims from Westgate for missing or wrong information around 2 February"
    for number in range(9):
        findings.incident(practice.summit, run, title=f"{title}: {number} of 9 claims, usually 0")
        trouble(subject=f"source-{number}")
        item(practice.summit, deadline=SUNDAY + timedelta(days=number))
    for paper in ("Letter", "A4"):
        assert len(PdfReader(BytesIO(made("daily", practice, paper=paper).files["pdf"]())).pages) == 1
