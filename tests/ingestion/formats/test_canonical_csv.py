import tracemalloc
from datetime import date

import pytest

from tests.ingestion.formats.claims_csv import DENIED, HEADER, PAID, PENDING, STATED, one, rows
from upstream.core.errors import Unreadable
from upstream.ingestion.formats.canonical_csv import read
from upstream.ingestion.records import (
    AdjustmentRecord,
    ClaimRecord,
    Notice,
    RejectedRow,
)


def test_a_paid_row():
    assert one(PAID) == ClaimRecord(
        position=2,
        claim_number="C1",
        payer_name="Summit Mutual",
        procedure_code="99213",
        diagnosis="M54.50",
        location="Main",
        submitted_date=date(2025, 1, 5),
        decided_date=date(2025, 1, 20),
        status="paid",
        decision=True,
        billed_cents=12000,
        allowed_cents=8000,
        paid_cents=7000,
        event_key="C1|paid|2025-01-20|7000|8000|",
        stated=STATED,
    )


def test_a_denied_row_carries_its_reasons_and_its_money_once():
    claim = one(DENIED)
    assert claim.adjustments == [AdjustmentRecord(0, "CO", "197", 12000), AdjustmentRecord(0, "CO", "16", 0)]
    assert claim.event_key == "C2|denied|2025-01-20|0|0|CO-197;CO-16"


def test_a_partial_row_was_cut_by_what_was_not_allowed():
    claim = one(PAID.replace("paid,,", "partial,CO-50,"))
    assert claim.adjustments == [AdjustmentRecord(0, "CO", "50", 4000)]


def test_a_pending_row_is_no_decision():
    claim = one(PENDING)
    assert (claim.decision, claim.decided_date, claim.allowed_cents, claim.paid_cents) == (False, None, None, 0)


def test_a_reversed_row_is_a_reversal_and_may_be_negative():
    claim = one(PAID.replace("paid,,120.00,80.00,70.00", "reversed,,-120,-80,-70"))
    assert (claim.reversal, claim.billed_cents, claim.paid_cents) == (True, -12000, -7000)


def test_the_same_decision_written_otherwise_has_the_same_key():
    again = PAID.replace("120.00,80.00,70.00", "120,80.0,70").replace("2025-01-20", "20250120").replace("paid", "PAID")
    assert one(again).event_key == one(PAID).event_key


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("C1,", ",", "claim_id", "missing_value"),
        ("C1,", "=1+1,", "claim_id", "bad_code"),
        ("C1,", "@SUM(1),", "claim_id", "bad_code"),
        ("C1,", "C\0,", "claim_id", "bad_code"),
        ("C1,", "C" * 65 + ",", "claim_id", "bad_code"),
        ("Summit Mutual", " ", "payer", "missing_value"),
        ("Summit Mutual", "Sum\x07mit", "payer", "bad_text"),
        ("99213", "=HYPERLINK(1)", "procedure_code", "bad_code"),
        ("99213", "9" * 17, "procedure_code", "bad_code"),
        ("M54.50", "@x", "diagnosis", "bad_code"),
        ("Main", "x" * 201, "location", "bad_text"),
        ("2025-01-05", "", "submitted_date", "missing_value"),
        ("2025-01-05", "1/5/2025", "submitted_date", "bad_date"),
        ("2025-01-05", "2025-02-30", "submitted_date", "bad_date"),
        ("2025-01-05", "45662", "submitted_date", "bad_date"),
        ("2025-01-20", "", "decided_date", "missing_value"),
        ("2025-01-20", "2025-01-32", "decided_date", "bad_date"),
        ("2025-01-20", "2025-01-04", "decided_date", "unknown_date_order"),
        ("paid,,", "settled,,", "status", "bad_status"),
        ("paid,,", ",,", "status", "missing_value"),
        ("paid,,", "denied,197,", "denial_reason", "bad_code"),
        ("paid,,", "denied,CO-197;N/A,", "denial_reason", "bad_code"),
        ("paid,,", "denied," + "CO-197;" * 30 + ",", "denial_reason", "bad_code"),
        ("C1,", "1.23457E+11,", "claim_id", "rounded_number"),
        ("C1,", "1E+15,", "claim_id", "rounded_number"),
        ("120.00", "", "billed", "missing_value"),
        ("120.00", "10000000000.01", "billed", "bad_amount"),
        ("120.00", "$120.00", "billed", "bad_amount"),
        ("120.00", "1e3", "billed", "bad_amount"),
        ("120.00", "(120)", "billed", "bad_amount"),
        ("120.00", "1.005", "billed", "bad_amount"),
        ("120.00", "-120", "billed", "negative_amount"),
        ("80.00", "eighty", "allowed", "bad_amount"),
        ("80.00", "-80", "allowed", "negative_amount"),
        ("70.00", "+1", "paid", "bad_amount"),
        ("70.00", "-70", "paid", "negative_amount"),
        (",70.00", "", "", "ragged_row"),
        ("70.00", "70.00,more", "", "ragged_row"),
        ("C1,", '"C1,', "", "broken_quotes"),
    ],
)
def test_a_bad_row_is_rejected_alone_and_says_why(old: str, new: str, field: str, code: str) -> None:
    bad = PAID.replace(old, new, 1)
    records = rows(DENIED, bad, PENDING)
    assert records[1] == RejectedRow(3, field, code, bad.encode())
    assert [type(record) for record in records] == [ClaimRecord, RejectedRow, ClaimRecord]


def test_a_formula_in_free_text_is_only_text():
    claim = one(PAID.replace("Summit Mutual", '"=HYPERLINK(""http://x"")"').replace("Main", "@home"))
    assert (claim.payer_name, claim.location) == ('=HYPERLINK("http://x")', "@home")


def test_odd_but_good_cells():
    line = (
        " C1 , Summit Mutual ,j1234,m54.50;I10, ,2025-01-05T00:00:00,2099-01-20 00:00,Denied,co197|PR 27, 120 ,  , .5 "
    )
    claim = one(line)
    assert (claim.claim_number, claim.payer_name, claim.procedure_code) == ("C1", "Summit Mutual", "J1234")
    assert (claim.diagnosis, claim.location, claim.status) == ("M54.50", "", "denied")
    assert (claim.submitted_date, claim.decided_date) == (date(2025, 1, 5), date(2099, 1, 20))
    assert (claim.billed_cents, claim.allowed_cents, claim.paid_cents) == (12000, None, 50)
    assert [(item.group, item.carc) for item in claim.adjustments] == [("CO", "197"), ("PR", "27")]


def test_a_blank_that_does_not_break_is_a_blank():
    assert one(PAID.replace("Summit Mutual", "Summit\xa0Mutual")).payer_name == "Summit Mutual"


def test_identifiers_keep_their_zeros():
    assert one(PAID.replace("C1,", "00123,")).claim_number == "00123"


def test_blank_cells_beyond_the_header_are_no_harm():
    assert one(PAID + ",, ").claim_number == "C1"


def test_blank_rows_and_totals_are_no_claims():
    records = rows(PAID, ",,,,,,,,,,,", "", '"",', "Totals,,,,,,,,,120,80,70", "Grand total: 1", "\0\0\0")
    assert records[1:] == [Notice(6, "claim_id", "total_row"), Notice(7, "claim_id", "total_row")]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_line_ends_and_encodings(delimiter: str, newline: str, codec: str) -> None:
    text = (
        newline.join([HEADER, PAID.replace("Main", "Señal"), DENIED])
        .replace(",", delimiter)
        .replace("CO-197;CO-16", "CO-50")
    )
    found = [record for record in read([text.encode(codec)]) if isinstance(record, ClaimRecord)]
    assert [(claim.claim_number, claim.location) for claim in found] == [("C1", "Señal"), ("C2", "Main")]


def test_lines_that_are_not_utf8_are_read_one_by_one():
    data = (
        "\n".join([HEADER, PAID.replace("Main", "Señal")]).encode()
        + b"\n"
        + PAID.encode().replace(b"Main", b"Se\xf1al")
    )
    assert [record.location for record in read([data]) if isinstance(record, ClaimRecord)] == ["Señal", "Señal"]


def test_the_header_is_found_below_title_rows_and_in_any_order():
    header = ",".join(reversed(HEADER.split(",")))
    records = list(
        read([f"Denial report,,\nRun,2025-01-02\n\n{header}\n{','.join(reversed(PAID.split(',')))}".encode()])
    )
    assert [(record.position, record.claim_number) for record in records if isinstance(record, ClaimRecord)] == [
        (5, "C1")
    ]


def test_columns_that_we_do_not_know_are_passed_over_once():
    records = rows("x," + PAID + ",y", "x," + DENIED + ",y", header="Row No," + HEADER + ",Notes")
    assert [record for record in records if isinstance(record, Notice)] == [Notice(1, "header", "unknown_columns")]
    assert len(records) == 3


def test_columns_that_we_can_do_without_are_reported():
    header = HEADER.replace("diagnosis,location,", "").replace("allowed,", "") + ",paid"
    records = rows("C1,Summit Mutual,99213,2025-01-05,2025-01-20,paid,,120,70,1", header=header)
    assert records[:2] == [Notice(1, "header", "repeated_column"), Notice(1, "header", "absent_columns")]
    assert isinstance(records[2], ClaimRecord)
    assert (records[2].allowed_cents, records[2].location, records[2].paid_cents) == (None, "", 7000)


def test_headers_by_spelling():
    header = HEADER.replace("submitted_date", "Submitted-Date").replace("paid", " PAID ")
    assert len(rows(PAID, header=header)) == 1


def test_missing_columns_are_named():
    with pytest.raises(Unreadable, match="missing: payer, status, billed") as caught:
        rows(header=HEADER.replace("payer,", "").replace("status,", "").replace("billed,", ""))
    assert caught.value.code == "missing_columns"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n\0\0", "empty_file"),
        (b"a,b,c\n1,2,3", "no_header"),
        (b"x" * 3_000_000, "row_too_long"),
    ],
)
def test_files_that_are_no_claims_csv_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(read([data]))
    assert caught.value.code == code


def test_a_field_of_200_mb_is_refused_in_bounded_memory():
    def chunks():
        yield (HEADER + '\nC1,"').encode()
        for _ in range(3200):
            yield b"A" * 65_536

    tracemalloc.start()
    with pytest.raises(Unreadable) as caught:
        list(read(chunks()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (caught.value.code, caught.value.line) == ("row_too_long", 2)
    assert peak < 8_000_000


def test_a_cell_over_the_limit_of_the_csv_module_costs_its_row_only():
    long = PAID.replace("Main", '"' + "x" * 200_000 + '"')
    records = rows(long, DENIED)
    assert isinstance(records[0], RejectedRow)
    assert isinstance(records[1], ClaimRecord)


def test_a_quote_that_never_closes_costs_its_row_only():
    records = rows(PAID.replace("Main", '"Main'), *[PAID] * 80, PAID.replace("Main", '5" pipe'))
    assert [record.code for record in records if isinstance(record, RejectedRow)] == ["broken_quotes"]
    assert len([record for record in records if isinstance(record, ClaimRecord)]) == 81


def test_a_quoted_line_break_stays_in_its_cell():
    records = rows(PAID.replace("Summit Mutual", '"Summit\nMutual"'), DENIED)
    assert records[0] == RejectedRow(2, "payer", "bad_text", PAID.replace("Summit Mutual", '"Summit\nMutual"').encode())
    assert isinstance(records[1], ClaimRecord)
    assert records[1].position == 4
