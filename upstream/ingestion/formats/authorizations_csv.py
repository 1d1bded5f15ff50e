"""A table of authorizations: one row for each request and service, in the columns of csv_header.AUTHORIZATION.

A row that cannot be read is a RejectedRow with its line, field and code; the others are read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from upstream.ingestion.formats.csv_cells import CODES, DAYS, DIAGNOSES, NAMES, day_of, name_of, number_of
from upstream.ingestion.formats.csv_header import Header
from upstream.ingestion.formats.csv_rows import Row
from upstream.ingestion.formats.values import NUMBERS, Memo
from upstream.ingestion.records import AuthorizationRecord, Notice, PatientRecord, Record, RejectedRow

ACTIONS = {
    "approved": "A1", "certified": "A1", "partial": "A2", "partly approved": "A2", "denied": "A3", "not approved": "A3",
    "requested": "A4", "pending": "A4", "pended": "A4", "modified": "A6", "cancelled": "C", "canceled": "C",
    "call": "CT", "not needed": "NA", "not required": "NA",
}  # fmt: skip
URGENCIES = {"standard": "standard", "routine": "standard", "expedited": "expedited", "urgent": "expedited"}
WAITING = "A4"
FIRST_YEAR, LAST_YEAR = 1900, 2099


class Column(NamedTuple):
    """The record's attribute, what a cell means (None: it will not do), and the code of a row refused for it."""

    fact: str
    judge: Callable[[str], Any]
    code: str


def action_of(text: str) -> str | None:
    """HCR01 of a word or of the code itself."""
    word = " ".join(text.lower().replace("_", " ").split())
    return ACTIONS.get(word) or (text.upper() if text.upper() in ACTIONS.values() else None)


def moment_of(text: str) -> datetime | None:
    """An ISO instant with its offset; None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None and FIRST_YEAR < found.year < LAST_YEAR else None


def units_of(text: str) -> Any:
    found = NUMBERS[text]
    return found if found is not None and found >= 0 else None


def _short(width: int) -> Callable[[str], str | None]:
    def judge(text: str) -> str | None:
        code = CODES[text]
        return code if code is not None and len(code) <= width else None

    return judge


ACTION_WORDS, URGENCY_WORDS = Memo(action_of), Memo(lambda text: URGENCIES.get(text.lower()))
COLUMNS: Mapping[str, Column] = {
    "payer": Column("payer_name", NAMES.__getitem__, "bad_text"),
    "payer_id": Column("payer_id", number_of, "bad_code"),
    "status": Column("action", ACTION_WORDS.__getitem__, "bad_status"),
    "authorization_number": Column("authorization_number", number_of, "bad_code"),
    "trace_number": Column("trace_number", number_of, "bad_code"),
    "procedure_code": Column("procedure_code", CODES.__getitem__, "bad_code"),
    "service_type": Column("service_type", _short(8), "bad_code"),
    "diagnosis": Column("diagnosis", DIAGNOSES.__getitem__, "bad_code"),
    "requested_units": Column("requested_units", units_of, "bad_number"),
    "approved_units": Column("units", units_of, "bad_number"),
    "valid_from": Column("valid_from", DAYS.__getitem__, "bad_date"),
    "valid_until": Column("valid_until", DAYS.__getitem__, "bad_date"),
    "urgency": Column("urgency", URGENCY_WORDS.__getitem__, "bad_code"),
    "reason_code": Column("reason_code", _short(8), "bad_code"),
    "provider_npi": Column("provider_npi", _short(10), "bad_code"),
}
PATIENT: Mapping[str, Column] = {
    "patient_first_name": Column("first_name", name_of, "bad_text"),
    "patient_last_name": Column("last_name", name_of, "bad_text"),
    "patient_birth_date": Column("birth_date", day_of, "bad_date"),
    "member_id": Column("member_id", number_of, "bad_code"),
}
MOMENTS = {"requested_at": ("requested_date", "requested_at"), "decided_at": ("decided_date", "decided_at")}


class Fault(Exception):
    """The column and the code for which a row is refused."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field, self.code = field, code


def records(header: Header, rows: Iterable[Row]) -> Iterator[Record]:
    """AuthorizationRecords, RejectedRows and Notices (header_again) of the rows below the header, in file order.

    Codes of rejected rows: missing_value, bad_text, bad_code, bad_status, bad_number, bad_date, ends_before_start,
    decided_before_requested, decided_while_waiting, ragged_row, broken_quotes.
    """
    titles = [cell.strip().lower() for cell in header.row.cells]
    for number, text, cells in rows:
        if not text.strip("\0 \t,;|"):
            continue
        if cells is not None and [cell.strip().lower() for cell in cells] == titles:
            yield Notice(number, "status", "header_again")
            continue
        try:
            yield _record(header, number, cells)
        except Fault as fault:
            yield RejectedRow(number, fault.field, fault.code, text.encode())


def _record(header: Header, number: int, cells: list[str] | None) -> AuthorizationRecord:
    if cells is None:
        raise Fault("", "broken_quotes")
    if len(cells) < header.width or any(cell.strip() for cell in cells[header.width :]):
        raise Fault("", "ragged_row")
    told = {name: cells[place].strip() for name, place in header.places.items()}
    record = AuthorizationRecord(position=number, payer_name="")
    for name in ("payer", "status"):
        if not told.get(name):
            raise Fault(name, "missing_value")
    _fill(record, COLUMNS, told)
    for name, (day, moment) in MOMENTS.items():
        _when(record, name, told.get(name, ""), day, moment)
    _check(record)
    if any(told.get(name) for name in PATIENT):
        record.patient = PatientRecord()
        _fill(record.patient, PATIENT, told)
    # Every cell: a row that says something else is another word on the same thing, the same row is the same word.
    record.event_key = "|".join(("csv", *(f"{name}={told[name]}" for name in sorted(told) if told[name])))
    return record


def _fill(record: object, columns: Mapping[str, Column], told: Mapping[str, str]) -> None:
    for name, column in columns.items():
        if not told.get(name):
            continue
        value = column.judge(told[name])
        if value is None:
            raise Fault(name, column.code)
        setattr(record, column.fact, value)


def _when(record: AuthorizationRecord, name: str, text: str, day: str, moment: str) -> None:
    """A day alone, or an instant with its offset, which is kept beside its day."""
    if not text:
        return
    at = moment_of(text)
    on: date | None = at.date() if at else DAYS[text]
    if on is None:
        raise Fault(name, "bad_date")
    setattr(record, day, on)
    setattr(record, moment, at)


def _check(record: AuthorizationRecord) -> None:
    if record.valid_from and record.valid_until and record.valid_until < record.valid_from:
        raise Fault("valid_until", "ends_before_start")
    if record.requested_at and record.decided_at:
        if record.decided_at < record.requested_at:
            raise Fault("decided_at", "decided_before_requested")
    elif record.requested_date and record.decided_date and record.decided_date < record.requested_date:
        raise Fault("decided_at", "decided_before_requested")
    if record.action == WAITING and record.decided_date:
        raise Fault("decided_at", "decided_while_waiting")
