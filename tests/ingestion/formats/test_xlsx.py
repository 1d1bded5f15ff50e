"""Excel workbooks read as the CSV that Excel would save of them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.ingestion.formats.workbooks import HEADER, RELATIONS, by_hand, saved, workbook, zipped
from upstream.core.errors import Unreadable
from upstream.ingestion.formats import xlsx
from upstream.ingestion.formats.xlsx_rows import day_of_serial, shown_number
from upstream.ingestion.records import ClaimRecord, Notice, RejectedRow

PAID = ["00123", "Summit Mutual", "99213", "M54.50", "Main", date(2026, 3, 2), datetime(2026, 3, 16), "paid", None,
        100, 80.5, 64.25]  # fmt: skip
DENIED = ["C2", "Summit Mutual", 73721, "M17.11", "Main", date(2026, 3, 2), date(2026, 3, 20), "denied", "CO-197",
          900, None, 0]  # fmt: skip


def read(content: bytes) -> list[object]:
    return list(xlsx.read([content]))


def cells(content: bytes) -> list[tuple[int, list[str]]]:
    return list(xlsx.table_of([content]))


def refused(content: bytes) -> tuple[str, int]:
    with pytest.raises(Unreadable) as caught:
        read(content)
    return caught.value.code, caught.value.line


def test_a_sheet_of_claims():
    paid, denied = read(workbook([HEADER, PAID, DENIED]))
    assert isinstance(paid, ClaimRecord)
    assert isinstance(denied, ClaimRecord)
    assert (paid.position, paid.claim_number, paid.submitted_date, paid.decided_date) == (
        2, "00123", date(2026, 3, 2), date(2026, 3, 16),
    )  # fmt: skip
    assert (paid.billed_cents, paid.allowed_cents, paid.paid_cents) == (10_000, 8_050, 6_425)
    assert (denied.position, denied.procedure_code, denied.status) == (3, "73721", "denied")
    assert [(a.group, a.carc, a.cents) for a in denied.adjustments] == [("CO", "197", 90_000)]


def test_title_rows_and_a_total_are_told_apart():
    rows = [["Claims of March"], [], HEADER, PAID, ["Total", None, None, None, None, None, None, None, None, 100]]
    claim, total = read(workbook(rows))
    assert isinstance(claim, ClaimRecord)
    assert (claim.position, total) == (4, Notice(5, "claim_id", "total_row"))


def test_the_first_sheet_with_a_header_that_we_know_is_taken():
    notice, claim = read(workbook([["Read me"], ["nothing here"]], [HEADER, PAID]))
    assert notice == Notice(1, "sheet", "other_sheets")
    assert isinstance(claim, ClaimRecord)
    assert claim.claim_number == "00123"


def test_hidden_sheets_are_not_looked_at():
    book = Workbook()
    hidden, shown = book.active, book.create_sheet("Claims")
    assert hidden is not None
    hidden.sheet_state = "hidden"
    for row in (HEADER, DENIED):
        hidden.append(row)
    for row in (HEADER, PAID):
        shown.append(row)
    (claim,) = read(saved(book))
    assert isinstance(claim, ClaimRecord)
    assert claim.claim_number == "00123"


def test_a_bad_row_is_set_aside_by_its_number_in_the_sheet():
    bad = [*PAID[:9], "a lot", 1, 1]
    claim, row = read(workbook([HEADER, PAID, [], [], bad]))
    assert isinstance(claim, ClaimRecord)
    assert row == RejectedRow(
        5, "billed", "bad_amount", b"00123,Summit Mutual,99213,M54.50,Main,2026-03-02,2026-03-16,paid,,a lot,1,1"
    )


def test_formulas_are_never_evaluated_and_their_stored_results_are_used():
    row = (
        '<row r="1"><c r="A1"><f>WEBSERVICE("http://x")</f><v>7</v></c>'
        '<c r="B1" t="str"><f>A1&amp;"x"</f><v>=1+1</v></c>'
        '<c r="C1"><f>1/0</f></c><c r="D1" t="e"><v>#DIV/0!</v></c><c r="E1" t="b"><v>1</v></c></row>'
    )
    assert cells(by_hand(row)) == [(1, ["7", "=1+1", "", "#DIV/0!", "TRUE"])]


def test_cells_as_excel_shows_them():
    row = (
        '<row r="3"><c r="A3"><v>12345678901234567890</v></c><c r="B3" t="s"><v>0</v></c><c r="C3"><v>1001.0</v></c>'
        '<c r="E3" t="inlineStr"><is><r><t>Ma</t></r><r><t>in, 2</t></r><rPh><t>x</t></rPh></is></c>'
        '<c r="F3" s="1"><v>45662</v></c><c r="G3" t="d"><v>2026-03-02</v></c><c><v>-55</v></c>'
        '<c r="J3"><v>12.300000000000001</v></c><c r="K3"><v>1.5E-2</v></c><c r="L3"><f>A1</f><v>0.1</v></c></row>'
    )
    content = by_hand(
        row,
        xl__sharedStrings="<sst><si><t>Summit_x000D_</t><t>Mutual</t></si></sst>",
        xl__styles='<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[Red]yyyy\\-mm"/></numFmts><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    )
    assert cells(content) == [
        (3, ["12345678901234567890", "Summit Mutual", "1001", "", "Main, 2", "2025-01-05", "2026-03-02", "-55", "",
             "12.3", "0.015", "0.1"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("serial", "since_1904", "day"),
    [
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("61", False, "1900-03-01"),
        ("45662.75", False, "2025-01-05"),
        ("44200", True, "2025-01-05"),
        ("0", False, ""),
        ("-3", False, ""),
        ("9999999", False, ""),
        ("2958465", True, ""),
        ("NaN", False, ""),
        ("1e999999999", False, ""),
        ("x", False, ""),
    ],
)
def test_serial_dates(serial: str, since_1904: bool, day: str):
    assert day_of_serial(serial, since_1904=since_1904) == day


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("123456789012345", "123456789012345"),
        ("1.23456789012345E+14", "123456789012345"),
        ("1.2345678901234501E+17", "1.23456789012345E+17"),
        ("123456789012345678", "123456789012345678"),
        ("80.099999999999994", "80.1"),
    ],
)
def test_digits_that_excel_has_lost_are_not_made_up(stored: str, shown: str):
    assert shown_number(stored) == shown


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_amounts_are_kept_to_the_cent(amount):
    assert float(shown_number(repr(float(amount)))) == pytest.approx(float(amount), abs=1e-6)


@given(st.lists(st.integers(1, 400), max_size=8))
def test_any_split_into_chunks_reads_the_same(sizes):
    content = workbook([HEADER, PAID, DENIED])
    chunks, at = [], 0
    for size in sizes:
        chunks.append(content[at : at + size])
        at += size
    chunks.append(content[at:])
    assert list(xlsx.read(chunks)) == read(content)


def test_what_is_no_workbook_is_refused_in_words():
    assert refused(b"PK\x03\x04 cut") == ("archive_damaged", 0)
    assert refused(zipped({"word/document.xml": "<a/>"})) == ("not_a_workbook", 0)
    assert refused(workbook([HEADER])[:-30]) == ("archive_damaged", 0)
    assert refused(workbook([[]])) == ("empty_file", 0)
    assert refused(by_hand('<row r="1"><c><v>1</c></row>')) == ("bad_xml", 1)
    binary = (
        f'<Relationships><Relationship Type="{RELATIONS}/officeDocument" Target="xl/workbook.bin"/></Relationships>'
    )
    assert refused(zipped({"_rels/.rels": binary, "xl/workbook.bin": b"\x83\x01"})) == ("not_a_workbook", 0)
    assert refused(by_hand("")) == ("empty_file", 0)


def test_a_sheet_that_lies_outside_the_file_is_not_followed():
    relation = f'<Relationships><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"'
    external = by_hand("", rels=f'{relation} TargetMode="External"/></Relationships>')
    assert refused(external) == ("no_sheet", 0)
    climbing = by_hand("", rels=f"{relation.replace('worksheets', '../../etc')}/></Relationships>")
    assert refused(climbing) == ("no_sheet", 0)
