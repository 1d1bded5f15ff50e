"""Tables of any layout, read by the profile of their source."""

from collections.abc import Iterator
from datetime import date

import pytest

from upstream.core.errors import Invalid
from upstream.ingestion.formats.canonical_csv import read, read_cells
from upstream.ingestion.formats.csv_rows import text_of
from upstream.ingestion.formats.profile import NeedsMapping, Profile, as_json, from_json, keys_of, layout_of
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, Notice, PatientRecord, Record, RejectedRow

COLUMNS = {
    "claim #": "claim_id",
    "payor": "payer",
    "cpt": "procedure_code",
    "dos": "service_date",
    "chg amt": "billed",
    "allow": "allowed",
    "ins pmt": "paid",
    "denial cd": "denial_reason",
    "posted": "payment_date",
}
PROFILE = Profile(
    COLUMNS, status_from_amounts=True, submitted_from="service_date", decided_from="payment_date", undated=True
)
TITLES = ["Claim #", "Payor", "CPT", "DOS", "Chg Amt", "Allow", "Ins Pmt", "Denial Cd", "Posted", "Notes"]
PAID = ["00123", "Summit Mutual", "99213", "1/5/2025", "$1,200.00", "300.00", "300.00", "", "01/20/25", "call"]
DENIED = ["124", "Summit Mutual", "73721", "45662", "900", "", "0.00", "CO45, 197", "45677", ""]


def table(*rows: list[str], titles: list[str] = TITLES) -> Iterator[tuple[int, list[str]]]:
    yield from enumerate([titles, *rows], start=1)


def by_cells(*rows: list[str], profile: Profile = PROFILE, titles: list[str] = TITLES) -> list[Record]:
    return list(read_cells(table(*rows, titles=titles), profile))


def one(row: list[str], profile: Profile = PROFILE, titles: list[str] = TITLES) -> ClaimRecord:
    (record,) = by_cells(row, profile=profile, titles=titles)
    assert isinstance(record, ClaimRecord)
    return record


def test_a_worksheet_is_read_by_its_profile():
    claim = one(PAID[:9])
    assert claim == ClaimRecord(
        position=2,
        claim_number="00123",
        payer_name="Summit Mutual",
        procedure_code="99213",
        submitted_date=date(2025, 1, 5),
        service_date=date(2025, 1, 5),
        decided_date=date(2025, 1, 20),
        payment_date=date(2025, 1, 20),
        decision=True,
        billed_cents=120_000,
        allowed_cents=30_000,
        paid_cents=30_000,
        event_key="00123||2025-01-20|30000|30000|",
        stated=frozenset(
            {"payer_id", "raw_payer_id", "procedure_code", "procedure_group", "service_date", "billed_cents"}
        ),
    )


def test_a_denial_is_worked_out_from_its_codes_and_the_contracts_share_is_none():
    claim = one(DENIED)
    assert (claim.status, claim.decision, claim.service_date) == ("", True, date(2025, 1, 5))
    assert claim.adjustments == [AdjustmentRecord(0, "CO", "45", 0), AdjustmentRecord(0, "", "197", 90_000)]


@pytest.mark.parametrize(
    ("paid", "codes", "posted", "status", "decision"),
    [
        ("", "", "", "pending", False),
        ("0.00", "", "", "pending", False),
        ("0.00", "", "1/20/25", "", True),
        ("", "PR-1", "", "", True),
        ("12.00", "", "", "", True),
        ("(12.00)", "", "1/20/25", "reversed", True),
    ],
)
def test_a_status_that_is_not_stated_follows_from_the_amounts(
    paid: str, codes: str, posted: str, status: str, decision: bool
) -> None:
    claim = one([*PAID[:6], paid, codes, posted, ""])
    assert (claim.status, claim.decision) == (status, decision)


def test_the_same_table_as_text_gives_the_same_claims():
    lines = ["Denials of the week", "", ";".join(TITLES), ";".join(PAID), ";".join(DENIED)]
    text = "\n".join(lines).replace("CO45, 197", "CO45/197")
    from_text = [record for record in read([text.encode("utf-16")], PROFILE) if isinstance(record, ClaimRecord)]
    from_cells = [record for record in by_cells(PAID, DENIED) if isinstance(record, ClaimRecord)]
    for record in from_text:
        record.position -= 2
    assert from_text == from_cells


def test_the_encoding_and_separator_may_be_said():
    text = "\n".join(["|".join(TITLES), "|".join(PAID).replace("Summit", "Señal")]).encode("cp850")
    (claim,) = read([text[:40], text[40:]], Profile(**as_json(PROFILE) | {"separator": "|", "encoding": "cp850"}))
    assert isinstance(claim, ClaimRecord)
    assert claim.payer_name == "Señal Mutual"


def test_european_numbers_and_dates():
    profile = Profile(**as_json(PROFILE) | {"decimals": "eu", "day_order": "dmy"})
    claim = one([*PAID[:3], "31.12.2024", "1.234,50", "300,00", "300,00-", "", "02.01.25", ""], profile)
    assert (claim.billed_cents, claim.allowed_cents, claim.paid_cents) == (123_450, 30_000, -30_000)
    assert (claim.service_date, claim.decided_date) == (date(2024, 12, 31), date(2025, 1, 2))


def test_statuses_in_the_sources_own_words():
    words = {
        "paid in full": "paid",
        "denied - final": "denied",
        "open": "pending",
        "": "pending",
        "closed": "adjudicated",
    }
    profile = Profile(COLUMNS | {"state": "status"}, statuses=words, submitted_from="service_date", undated=True)
    titles = [*TITLES[:9], "State"]
    told = by_cells(*([*PAID[:9], word] for word in ("Paid  in FULL", "Open", "", "Closed", "PAID", "Lost")),
                    profile=profile, titles=titles)  # fmt: skip
    assert [record.status if isinstance(record, ClaimRecord) else record for record in told] == [
        "paid", "pending", "pending", "", "paid",
        RejectedRow(7, "status", "bad_status", text_of([*PAID[:9], "Lost"]).encode()),
    ]  # fmt: skip


def test_one_payer_for_the_whole_file_and_group_codes_in_a_column_of_their_own():
    titles = ["Claim #", "DOS", "Chg Amt", "Ins Pmt", "Denial Cd", "Grp", "Patient", "DOB"]
    columns = {"claim #": "claim_id", "dos": "service_date", "chg amt": "billed", "ins pmt": "paid",
               "denial cd": "denial_reason", "grp": "denial_group", "patient": "patient_name",
               "dob": "patient_birth_date"}  # fmt: skip
    profile = Profile(
        columns, payer="Harbor Advantage", status_from_amounts=True, submitted_from="service_date", undated=True
    )
    claim = one(["1", "1/5/2025", "100", "0", "16; N290", "co", "Moon, June A", "02/29/80"], profile, titles)
    assert (claim.payer_name, claim.decided_date, claim.remark_codes) == ("Harbor Advantage", None, ("N290",))
    assert claim.adjustments == [AdjustmentRecord(0, "CO", "16", 10_000)]
    assert claim.patient == PatientRecord("June A", "Moon", date(1980, 2, 29))
    assert claim.stated == {"payer_id", "raw_payer_id", "service_date", "billed_cents"}


def test_rows_of_one_claim_number_that_stand_together_are_its_lines():
    profile = Profile(**as_json(PROFILE) | {"lines": True})
    first, second = by_cells(PAID, [*PAID[:2], "97110", *PAID[3:]], DENIED, profile=profile)
    assert isinstance(first, ClaimRecord)
    assert isinstance(second, ClaimRecord)
    assert (first.billed_cents, [line.procedure_code for line in first.lines]) == (240_000, ["99213", "97110"])
    assert (second.claim_number, second.adjustments[1]) == ("124", AdjustmentRecord(1, "", "197", 90_000))


def test_totals_footers_and_the_header_again_are_no_claims():
    told = by_cells(
        PAID,
        ["", "Summit Mutual", "", "", "1,200.00", "300.00", "300.00", "", "", ""],
        ["Grand Total", "", "", "", "1,200.00", "", "", "", "", ""],
        ["Page 1 of 2", "", "", "", "", "", "", "", "", ""],
        TITLES,
        ["", "", "", "", "", "", "", "", "", ""],
    )
    assert told[1:] == [
        Notice(3, "claim_id", "total_row"),
        Notice(4, "claim_id", "total_row"),
        Notice(5, "claim_id", "footer_row"),
        Notice(6, "claim_id", "header_again"),
    ]


@pytest.mark.parametrize(
    ("place", "cell", "field", "code"),
    [
        (0, "=1+1", "claim_id", "bad_code"),
        (3, "", "submitted_date", "missing_value"),
        (3, "13/13/2025", "submitted_date", "bad_date"),
        (4, "1e3", "billed", "bad_amount"),
        (5, "(300.00)", "allowed", "negative_amount"),
        (7, "see letter", "denial_reason", "bad_code"),
        (8, "1/1/2025", "decided_date", "unknown_date_order"),
    ],
)
def test_a_bad_row_names_our_column_and_keeps_its_text(place: int, cell: str, field: str, code: str) -> None:
    row = [*PAID[:place], cell, *PAID[place + 1 :]]
    assert by_cells(row, DENIED)[0] == RejectedRow(2, field, code, text_of(row).encode())


def test_rows_with_more_cells_than_titles_are_ragged():
    (record,) = by_cells([*PAID, "EXTRA"])
    assert isinstance(record, RejectedRow)
    assert record.code == "ragged_row"


def test_a_file_without_the_profiles_columns_needs_another_mapping():
    with pytest.raises(NeedsMapping) as caught:
        by_cells(PAID[:4], titles=TITLES[:4])
    assert caught.value.code == "other_columns"


def test_columns_are_told_apart():
    assert keys_of([" Claim  # ", "", "Code", "CODE", "\ufeffPayor"]) == [
        "claim #", "column 2", "code", "code #2", "payor",
    ]  # fmt: skip


def test_a_layout_is_the_set_of_titles_unless_two_are_alike():
    assert layout_of(["A", "b"]) == layout_of(["B", " a "])
    assert layout_of(["A", "A", "b"]) != layout_of(["b", "A", "A"])
    assert layout_of(["A", "b"]) != layout_of(["A", "b", "c"])


def test_a_profile_as_json_is_the_profile():
    assert from_json(as_json(PROFILE)) == PROFILE


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "bad_profile"),
        ({"decimals": "xx"}, "bad_profile"),
        ({"lines": "yes"}, "bad_profile"),
        ({"payer": 7}, "bad_profile"),
        ({"payer": "x" * 121}, "bad_profile"),
        ({"columns": ["a"]}, "bad_profile"),
        ({"columns": {"a": 1}}, "bad_profile"),
        ({"columns": {"a": "shoe_size"}}, "bad_profile"),
        ({"columns": {"a": "paid", "b": "paid"}}, "column_twice"),
        ({"statuses": {"done": "finished"}}, "bad_profile"),
        ({"decided_from": "billed"}, "bad_profile"),
    ],
)
def test_a_profile_from_outside_is_looked_at(change: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        from_json(as_json(PROFILE) | change)
    assert caught.value.code == code


def test_what_a_profile_lacks_is_named():
    assert PROFILE.lacking() == ()
    assert Profile({"a": "claim_id"}, submitted_from="service_date", status_from_amounts=True).lacking() == (
        "payer", "submitted_date", "decided_date", "status", "billed",
    )  # fmt: skip
