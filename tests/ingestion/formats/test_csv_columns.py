"""Rows that are lines of a claim, and the optional columns."""

from datetime import date
from decimal import Decimal

import pytest

from tests.ingestion.formats.claims_csv import DENIED, HEADER, PAID, PENDING, STATED, one, rows
from upstream.ingestion.records import (
    AdjustmentRecord,
    ClaimRecord,
    LineRecord,
    Notice,
    PatientRecord,
    RejectedRow,
)

LINES = HEADER + (
    ",line_id,modifiers,units,revenue_code,service_date,patient_responsibility,remark_codes,adjudicated_procedure_code"
)
LINE_1 = PAID + ",1,25:59,2,0450,2025-01-03,10,N290 MA04,99212"
LINE_2 = "C1,Summit Mutual,97110,M54.50,Main,2025-01-05,2025-01-22,denied,CO-97;CO-16,150,0,0,2,,1.5,,2025-01-02,,,"


def test_rows_with_line_ids_that_stand_together_are_one_claim():
    first, second = rows(LINE_1, LINE_2, LINE_2.replace("C1", "C9"), header=LINES)
    assert first == ClaimRecord(
        position=2,
        claim_number="C1",
        payer_name="Summit Mutual",
        procedure_code="97110",
        diagnosis="M54.50",
        location="Main",
        submitted_date=date(2025, 1, 5),
        service_date=date(2025, 1, 2),
        decided_date=date(2025, 1, 22),
        status="partial",
        decision=True,
        billed_cents=27000,
        allowed_cents=8000,
        paid_cents=7000,
        patient_cents=1000,
        event_key="C1|partial|2025-01-22|7000|8000|,CO-97;CO-16",
        lines=[
            LineRecord(
                1,
                "99213",
                "25:59",
                "0450",
                Decimal(2),
                date(2025, 1, 3),
                12000,
                8000,
                7000,
                "99212",
                "1",
                ("N290", "MA04"),
            ),
            LineRecord(2, "97110", "", "", Decimal("1.5"), date(2025, 1, 2), 15000, 0, 0, "", "2", ()),
        ],
        adjustments=[AdjustmentRecord(2, "CO", "97", 15000), AdjustmentRecord(2, "CO", "16", 0)],
        stated=STATED | {"service_date"} | {"modifiers"},
    )
    assert isinstance(second, ClaimRecord)
    assert (second.claim_number, second.status, len(second.lines)) == ("C9", "denied", 1)


@pytest.mark.parametrize(
    ("statuses", "together"),
    [
        (("paid", "paid"), "paid"),
        (("denied", "denied"), "denied"),
        (("paid", "denied"), "partial"),
        (("paid", "partial"), "partial"),
        (("paid", "pending"), "pending"),
        (("paid", "reversed"), "paid"),
        (("reversed", "reversed"), "reversed"),
    ],
)
def test_lines_make_the_status_together(statuses: tuple[str, str], together: str) -> None:
    first, second = (PAID.replace("paid", status) + ",1,,,,,,," for status in statuses)
    (claim,) = rows(first, second, header=LINES)
    assert isinstance(claim, ClaimRecord)
    assert (claim.status, claim.decision) == (together, together != "pending")


def test_a_claim_that_loses_a_line_is_rejected_with_all_its_lines():
    bad = LINE_2.replace("150", "x")
    records = rows(PAID.replace("C1", "C0") + ",,,,,,,,", LINE_1, bad, LINE_2, DENIED + ",1,,,,,,,", header=LINES)
    assert [(record.position, record.code) for record in records if isinstance(record, RejectedRow)] == [
        (3, "other_line_rejected"),
        (4, "bad_amount"),
        (5, "other_line_rejected"),
    ]
    assert [record.claim_number for record in records if isinstance(record, ClaimRecord)] == ["C0", "C2"]


def test_a_claim_has_at_most_999_lines():
    records = rows(*[LINE_1] * 1001, PENDING + ",,,,,,,,", header=LINES)
    codes = [record.code for record in records if isinstance(record, RejectedRow)]
    assert codes == ["other_line_rejected"] * 999 + ["too_many_lines", "other_line_rejected"]
    assert isinstance(records[-1], ClaimRecord)


EXTRAS = HEADER + (
    ",payer_id,product,place_of_service,received_date,payment_date,rendering_npi,billing_npi,frequency_code,"
    "original_claim_id,payer_order,authorization_number,check_number,patient_account,patient_first_name,"
    "patient_last_name,patient_birth_date,member_id"
)
FILLED = (
    PAID
    + ",HA1,PPO,11,2025-01-06,2025-01-21,1811901945,1999999984,7,C0,secondary,AUTH1,EFT1,A-1,June,Moon,1980-02-29,W001"
)


def test_optional_columns_fill_their_facts():
    claim = one(FILLED, header=EXTRAS)
    assert (claim.payer_id, claim.product, claim.place_of_service) == ("HA1", "PPO", "11")
    assert (claim.received_date, claim.payment_date) == (date(2025, 1, 6), date(2025, 1, 21))
    assert (claim.rendering_npi, claim.billing_npi, claim.frequency_code) == ("1811901945", "1999999984", "7")
    assert (claim.original_claim_number, claim.payer_order, claim.lines) == ("C0", 2, [])
    assert (claim.authorization_number, claim.check_number) == ("AUTH1", "EFT1")
    assert claim.patient == PatientRecord("June", "Moon", date(1980, 2, 29), "W001", "A-1")


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("W001", "=1+1", "member_id", "bad_code"),
        ("June", "Ju\x00ne", "patient_first_name", "bad_text"),
        ("1811901945", "18119019451", "rendering_npi", "bad_code"),
        (",7,", ",77,", "frequency_code", "bad_code"),
        ("EFT1", "@EFT", "check_number", "bad_code"),
    ],
)
def test_a_bad_optional_code_rejects_the_row(old: str, new: str, field: str, code: str) -> None:
    bad = FILLED.replace(old, new)
    assert rows(bad, header=EXTRAS) == [RejectedRow(2, field, code, bad.encode())]


def test_a_bad_optional_date_or_number_is_left_out_with_a_notice():
    line = FILLED.replace("2025-01-06", "6 Jan").replace("1980-02-29", "1981-02-29").replace("secondary", "last")
    records = rows(line, header=EXTRAS)
    assert records[:3] == [
        Notice(2, "received_date", "bad_date"),
        Notice(2, "payer_order", "bad_number"),
        Notice(2, "patient_birth_date", "bad_date"),
    ]
    claim = records[3]
    assert isinstance(claim, ClaimRecord)
    assert (claim.received_date, claim.payer_order) == (None, 1)
    assert claim.patient is not None
    assert claim.patient.birth_date is None
