"""Tables of authorizations: what a row says, and for what it is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.ingestion.formats import canonical_csv
from upstream.ingestion.formats.csv_header import AUTHORIZATION
from upstream.ingestion.formats.csv_writer import AUTHORIZATIONS, written
from upstream.ingestion.formats.detect import sniff
from upstream.ingestion.records import AuthorizationRecord, Notice, PatientRecord, Record, RejectedRow

HEADER = (
    "authorization_number,payer,status,procedure_code,requested_units,approved_units,requested_at,decided_at"
    ",valid_from,valid_until,urgency,member_id"
)
GOOD = "A1,Summit Mutual,approved,97110,24,12,2026-01-05T09:00:00-06:00,2026-01-08,2026-01-10,2026-04-10,urgent,M100"


def read(*rows: str, header: str = HEADER) -> list[Record]:
    return list(canonical_csv.read(["\n".join([header, *rows, ""]).encode()]))


def test_a_row_says_what_was_asked_and_what_was_granted() -> None:
    (record,) = read(GOOD)
    assert isinstance(record, AuthorizationRecord)
    assert record.requested_at == datetime(2026, 1, 5, 15, tzinfo=UTC)
    assert (record.event_key[:4], record.position) == ("csv|", 2)
    record.event_key = ""
    assert record == AuthorizationRecord(
        position=2, payer_name="Summit Mutual", action="A1", authorization_number="A1", procedure_code="97110",
        units=Decimal(12), requested_units=Decimal(24), requested_date=date(2026, 1, 5),
        requested_at=record.requested_at, decided_date=date(2026, 1, 8), valid_from=date(2026, 1, 10),
        valid_until=date(2026, 4, 10), urgency="expedited", patient=PatientRecord(member_id="M100"),
    )  # fmt: skip


def test_the_table_is_told_from_claims_by_its_columns() -> None:
    assert sniff((HEADER + "\n" + GOOD + "\n").encode()) == "csv"
    (first,) = read("Summit Mutual;denied;2026-04-10", header="\ufeffPayer;Status;Valid until")
    assert isinstance(first, AuthorizationRecord)
    assert first.action == "A3"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (("Summit Mutual", ""), "payer", "missing_value"),
        (("approved", ""), "status", "missing_value"),
        (("approved", "perhaps"), "status", "bad_status"),
        (("24", "-1"), "requested_units", "bad_number"),
        ((",12,", ",many,"), "approved_units", "bad_number"),
        (("2026-01-05T09:00:00-06:00", "2026-01-05T09:00:00"), "requested_at", "bad_date"),
        (("2026-01-08", "2026-02-30"), "decided_at", "bad_date"),
        (("2026-01-08", "2026-01-04"), "decided_at", "decided_before_requested"),
        (("2026-01-08", "2026-01-05T08:59:00-06:00"), "decided_at", "decided_before_requested"),
        (("approved", "requested"), "decided_at", "decided_while_waiting"),
        (("2026-04-10", "2026-01-09"), "valid_until", "ends_before_start"),
        (("urgent", "soon"), "urgency", "bad_code"),
        (("97110", "=97110"), "procedure_code", "bad_code"),
        (("M100", "=M100"), "member_id", "bad_code"),
        ((",M100", ""), "", "ragged_row"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_by_its_cell_and_the_next_is_read(change: tuple[str, str], field: str, code: str) -> None:
    bad = GOOD.replace(*change)
    found = read(bad, GOOD)
    assert found[0] == RejectedRow(2, field, code, bad.encode())
    assert isinstance(found[1], AuthorizationRecord)


def test_blank_rows_and_the_header_again_are_no_rows() -> None:
    assert read("", ",,,", HEADER) == [Notice(4, "status", "header_again")]


DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(
    number=st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,19}", fullmatch=True), start=DAYS, length=st.integers(0, 400),
    units=st.decimals(0, 9999, places=3), wait=st.integers(0, 60),
)  # fmt: skip
def test_what_is_written_is_read(number: str, start: date, length: int, units: Decimal, wait: int) -> None:
    """Rows of the API, written as a table, come back as the same facts."""
    until = start + timedelta(days=length)
    row = {
        "authorization_number": number, "payer": "Summit Mutual", "status": "modified", "approved_units": str(units),
        "requested_at": start.isoformat(), "decided_at": (start + timedelta(days=wait)).isoformat(),
        "valid_from": start.isoformat(), "valid_until": until.isoformat(),
    }  # fmt: skip
    (record,) = canonical_csv.read([written([row], AUTHORIZATIONS)])
    assert isinstance(record, AuthorizationRecord)
    assert (record.authorization_number, record.units, record.action) == (number, units, "A6")
    assert (record.requested_date, record.valid_from, record.valid_until) == (start, start, until)


@given(cells=st.lists(st.text(max_size=12), min_size=len(AUTHORIZATION), max_size=len(AUTHORIZATION)))
def test_whatever_stands_in_a_row_it_is_read_or_refused(cells: list[str]) -> None:
    told = dict(zip(AUTHORIZATION, cells, strict=True))
    for record in canonical_csv.read([written([told], AUTHORIZATIONS)]):
        assert isinstance(record, AuthorizationRecord | RejectedRow)
