"""The reconciliation's pages: literal sums, the way down to claim and file, deposits, and the workbook."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests.factories import batch
from tests.factories.weeks import remittance
from tests.ingestion.world import CORRECTION, DENIED_835, PAID_835, REVERSAL, csv_of, load, pending, x12
from tests.portal.conftest import Practice, SignedIn, words_of
from upstream.claims.models import ProviderAdjustment, Remittance
from upstream.core import tenancy
from upstream.tenants.choices import Role

FEBRUARY = "first=2026-02-01&last=2026-02-28&by=month"
PAGE = "/portal/data/reconciliation/"


@pytest.fixture
def remitted(practice: Practice, db: None) -> None:
    """Two payments of Summit Mutual on 20 February: one of two claims with a take-back, one out of balance."""
    known = datetime(2026, 2, 22, 12, tzinfo=UTC)
    with tenancy.bind(practice.organization.pk):
        load(csv_of(pending("C1", day="2026-02-02")), known_at=known)
        for content in (
            x12(PAID_835, DENIED_835, amount="50.5", plb="PLB*1234567893*20261231*WO:ICN9*14*L6*-0.5"),
            x12(REVERSAL, CORRECTION, amount="5", check="CHK2", control="000000002"),
        ):
            load(content.replace(b"20260320~TRN", b"20260220~TRN"), known_at=known)


def test_page_ties_to_the_cent(manager: Client, remitted: None) -> None:
    said = words_of(manager, f"{PAGE}?{FEBRUARY}")
    row = said.split("Together</th>")[0]
    for amount in ("$55.50", "$70.00", "$13.50", "-$1.00"):
        assert f">{amount}<" in row
    assert "all loaded" in row
    assert '3<span class="under">1 not ours</span>' in row
    assert '1<span class="under">-$64.00</span>' in row
    assert said.split("Together</th>")[1].count("$55.50") == 1


def test_row_leads_to_payments_answers_claim_and_file(manager: Client, practice: Practice, remitted: None) -> None:
    with practice.bound():
        paid = Remittance.objects.get(check_number="CHK1")
    said = words_of(manager, f"{PAGE}payments/?{FEBRUARY}&payer={practice.payer.public_id}")
    assert "CHK1</a>" in said
    assert "2 payments on all pages" in said
    link = said.split(">CHK1</a>")[0].rpartition('href="')[2].rstrip('"')
    page = words_of(manager, link)
    assert f"segment {paid.position}" in page
    assert "2 loaded of 2 claims, 1 to claims that no file of the practice names" in page
    assert "Overpayment taken back" in page
    assert 'Paid on all pages</th><td class="number">$64.00</td>' in page
    assert page.count("/portal/claims/") == 2


def test_basis_moves_the_claims_and_keeps_their_sum(manager: Client, remitted: None) -> None:
    for basis, month in (("remit", "1 Feb 2026"), ("service", "1 Feb 2026"), ("submission", "1 Feb 2026")):
        said = words_of(manager, f"{PAGE}?{FEBRUARY}&basis={basis}").split("Claims by ")[-1]
        assert said.count(month) == 1
        assert said.split("Together</th>")[1].count("$70.00") == 1


def test_bank_list_is_held_against_payments(manager: Client, remitted: None) -> None:
    listed = SimpleUploadedFile(
        "bank.csv", b"date,amount,check\n2026-02-21,50.50,000CHK1\n2026-02-21,7.00,CHK2\nx,1,2\n"
    )
    said = manager.post(f"{PAGE}deposits/", {"deposits": listed}, follow=True).content.decode()
    assert "2 new deposits, 0 known already." in said
    assert "1 row could not be read: line 4 (date)." in said
    said = words_of(manager, f"{PAGE}?{FEBRUARY}")
    assert "Matched</dt><dd>1</dd>" in said
    assert "Amounts differ</dt><dd>1</dd>" in said
    assert "Deposited less paid</dt><dd>$2.00</dd>" in said


def test_what_is_no_list_is_refused_in_words(manager: Client) -> None:
    for content in (b"", b"no,list\n"):
        file = SimpleUploadedFile("bank.csv", content)
        said = manager.post(f"{PAGE}deposits/", {"deposits": file}, follow=True).content.decode()
        assert "empty" in said or "no row names the columns" in said


@pytest.mark.parametrize("wrong", ["first=2026-03-02&last=2026-03-01", "first=soon", "first=2020-01-01&by=day"])
def test_impossible_days_are_refused_in_words(wrong: str, manager: Client) -> None:
    for path in (PAGE, f"{PAGE}payments/", f"{PAGE}xlsx/", "/portal/data/ledger/"):
        assert manager.get(f"{path}?{wrong}").status_code == 422


def test_workbook_holds_what_the_page_shows(manager: Client, signed_in: SignedIn, remitted: None) -> None:
    response = manager.get(f"{PAGE}xlsx/?{FEBRUARY}")
    assert response["Content-Disposition"] == 'attachment; filename="reconciliation-2026-02-01-2026-02-28.xlsx"'
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == ["Reconciliation", "Claims", "Payments", "Deposits"]
    headings = [cell.value for cell in book["Reconciliation"][3]]
    row = dict(zip(headings, [cell.value for cell in book["Reconciliation"][4]], strict=True))
    assert (row["Amount"], row["Paid on claims"], row["Provider level"], row["Difference"]) == (55.5, 70, 13.5, -1)
    amounts = [row[5].value for row in book["Payments"].iter_rows(min_row=4)]
    assert sorted(amounts) == [5, 50.5]
    assert signed_in(Role.CLINICIAN).get(f"{PAGE}xlsx/?{FEBRUARY}").status_code == 403


def test_ledger_sums_reasons_in_our_words(manager: Client, remitted: None) -> None:
    said = words_of(manager, "/portal/data/ledger/")
    assert "Overpayment taken back" in said
    assert "Interest" in said
    assert 'Together</th><td class="number">$13.50</td>' in said
    trend = said.split("By reason and month")[0]
    told = ["$14.00", "$64.00", "$0.00", "$78.00"]
    assert '</td><td class="number">'.join(told) in trend
    assert "WO</span></a>" in said


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    rows: int, manager: Client, practice: Practice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with practice.bound():
        file = batch(format="x12")
        for number in range(rows):
            paid = remittance(practice.payer, batch_id=file.pk, position=number + 1, check_number=f"C{number}",
                              key_bidx=bytes([number]) * 16, payment_date=date(2026, 2, 20))  # fmt: skip
            ProviderAdjustment.objects.create(remittance=paid, ordinal=0, reason="WO", cents=100)
    manager.get(PAGE)
    for path, queries in (
        (f"{PAGE}?{FEBRUARY}", 28),
        (f"{PAGE}payments/?{FEBRUARY}", 21),
        ("/portal/data/ledger/", 25),
        (f"/portal/data/{file.public_id}/payments/1/", 25),
    ):
        with django_assert_num_queries(queries):
            assert manager.get(path).status_code == 200
