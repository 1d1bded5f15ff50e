"""The optional columns of a claims CSV: which fact each fills, and what happens when its cell will not do."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from upstream.ingestion.formats.csv_cells import AMOUNTS, CODES, DAYS, NAMES, SEVERAL, day_of, name_of, number_of
from upstream.ingestion.formats.values import NUMBERS
from upstream.ingestion.records import ClaimRecord, LineRecord, Notice, PatientRecord

MAX_MODIFIERS, MODIFIER_WIDTH = 4, 4
ORDERS = {"1": 1, "2": 2, "3": 3, "primary": 1, "secondary": 2, "tertiary": 3}


class Column(NamedTuple):
    """`fact` is the record's attribute; a cell that `judge` will not have rejects the row with `code`, or, where
    `code` starts with "note:", leaves the fact blank with a Notice."""

    fact: str
    judge: Callable[[str], Any]
    code: str


def _order(text: str) -> int | None:
    return ORDERS.get(text.strip().lower())


def _modifiers(text: str) -> str | None:
    codes = SEVERAL[text]
    if codes is None or any(len(code) > MODIFIER_WIDTH for code in codes):
        return None
    return ":".join(codes[:MAX_MODIFIERS])


def _short(width: int) -> Callable[[str], str | None]:
    """The judgement of codes that are never longer than this."""

    def judge(text: str) -> str | None:
        code = CODES[text]
        return code if code is not None and len(code) <= width else None

    return judge


def _stripped(judge: Callable[[str], Any]) -> Callable[[str], Any]:
    """The judgement of values that must not be remembered in memory: they name people."""
    return lambda text: judge(text.strip())


DAY, CODE, NPI = DAYS.__getitem__, CODES.__getitem__, _short(10)
NUMBER, NAME = _stripped(number_of), _stripped(name_of)
CHECK = _stripped(lambda text: number_of(text) if len(text) <= 50 else None)

CLAIM_COLUMNS: Mapping[str, Column] = {
    "payer_id": Column("payer_id", NUMBER, "bad_code"),
    "product": Column("product", NAMES.__getitem__, "bad_text"),
    "place_of_service": Column("place_of_service", _short(4), "bad_code"),
    "service_date": Column("service_date", DAY, "note:bad_date"),
    "received_date": Column("received_date", DAY, "note:bad_date"),
    "payment_date": Column("payment_date", DAY, "note:bad_date"),
    "rendering_npi": Column("rendering_npi", NPI, "bad_code"),
    "billing_npi": Column("billing_npi", NPI, "bad_code"),
    "frequency_code": Column("frequency_code", _short(1), "bad_code"),
    "original_claim_id": Column("original_claim_number", NUMBER, "bad_code"),
    "payer_order": Column("payer_order", _order, "note:bad_number"),
    "patient_responsibility": Column("patient_cents", AMOUNTS.__getitem__, "bad_amount"),
    "remark_codes": Column("remark_codes", SEVERAL.__getitem__, "bad_code"),
    "authorization_number": Column("authorization_number", NUMBER, "bad_code"),
    "check_number": Column("check_number", CHECK, "bad_code"),
    "payer_control_number": Column("payer_control_number", CHECK, "bad_code"),
}
LINE_COLUMNS: Mapping[str, Column] = {
    "line_id": Column("line_control", CHECK, "bad_code"),
    "modifiers": Column("modifiers", _modifiers, "bad_code"),
    "revenue_code": Column("revenue_code", _short(8), "bad_code"),
    "units": Column("units", NUMBERS.__getitem__, "note:bad_number"),
    "adjudicated_procedure_code": Column("adjudicated_procedure_code", CODE, "bad_code"),
}
PATIENT_COLUMNS: Mapping[str, Column] = {
    "patient_account": Column("account", NUMBER, "bad_code"),
    "patient_first_name": Column("first_name", NAME, "bad_text"),
    "patient_last_name": Column("last_name", NAME, "bad_text"),
    "patient_birth_date": Column("birth_date", _stripped(day_of), "note:bad_date"),
    "member_id": Column("member_id", NUMBER, "bad_code"),
}


class Extras:
    """The optional columns that this file has, in groups by the record they fill."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.claim = _present(CLAIM_COLUMNS, places)
        self.line = _present(LINE_COLUMNS, places)
        self.patient = _present(PATIENT_COLUMNS, places)
        self.notices: list[Notice] = []

    def __bool__(self) -> bool:
        return bool(self.claim or self.line or self.patient)

    def fill(self, claim: ClaimRecord, line: LineRecord | None, cells: list[str]) -> tuple[str, str] | None:
        """The facts are in `claim` and `line`; returns (column, code) of the first cell that rejects the row."""
        fault = self._fill(self.claim, claim, cells, claim.position)
        if self.patient:
            claim.patient = PatientRecord()
            fault = fault or self._fill(self.patient, claim.patient, cells, claim.position)
        target = line if line is not None else LineRecord(0)
        return fault or self._fill(self.line, target, cells, claim.position)

    def _fill(
        self, columns: list[tuple[int, str, Column]], record: object, cells: list[str], row: int
    ) -> tuple[str, str] | None:
        for index, name, column in columns:
            text = cells[index]
            if not text or text.isspace():
                continue
            value = column.judge(text)
            if value is not None:
                setattr(record, column.fact, value)
            elif column.code.startswith("note:"):
                self.notices.append(Notice(row, name, column.code.removeprefix("note:")))
            else:
                return name, column.code
        return None


def _present(columns: Mapping[str, Column], places: Mapping[str, int]) -> list[tuple[int, str, Column]]:
    return [(places[name], name, column) for name, column in columns.items() if name in places]
