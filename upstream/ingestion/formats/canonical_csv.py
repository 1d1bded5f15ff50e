"""The canonical claims CSV: one row per claim, or per claim line where `line_id` is filled.

A bad row is a RejectedRow with its line, field and code; the rest of the file is read. The stated status wins, so
the adjustments of a denial only carry its reasons.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from operator import itemgetter

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.csv_cells import (
    AMOUNTS,
    CODES,
    DAYS,
    DIAGNOSES,
    NAMES,
    REASONS,
    STATUS_WORDS,
    amount_of,
    code_of,
    day_of,
    diagnosis_of,
    name_of,
    number_of,
    reasons_of,
    status_of,
)
from upstream.ingestion.formats.csv_extras import Extras
from upstream.ingestion.formats.csv_header import BASE, LINES_LOOKED_AT, Header, find_header
from upstream.ingestion.formats.csv_lines import ClaimOfLines, event_key
from upstream.ingestion.formats.csv_rows import Row, lines_of, rows_of
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.records import AdjustmentRecord, ClaimRecord, LineRecord, Notice, Record, RejectedRow

ADJUSTED = frozenset({"denied", "partial"})
TOTALS = ("total", "grand total", "subtotal")
BLANKS = "\0 \t"
REQUIRED = ("claim_id", "payer", "submitted_date", "status", "billed")
JUDGED: tuple[tuple[str, Callable[[str], object], str], ...] = (
    ("claim_id", number_of, "bad_code"),
    ("payer", name_of, "bad_text"),
    ("procedure_code", code_of, "bad_code"),
    ("diagnosis", diagnosis_of, "bad_code"),
    ("location", name_of, "bad_text"),
    ("submitted_date", day_of, "bad_date"),
    ("decided_date", day_of, "bad_date"),
    ("status", status_of, "bad_status"),
    ("denial_reason", reasons_of, "bad_code"),
    ("billed", amount_of, "bad_amount"),
    ("allowed", amount_of, "bad_amount"),
    ("paid", amount_of, "bad_amount"),
)


def read(chunks: Iterable[bytes], mapping: Profile | None = None) -> Iterator[Record]:
    """Claims, RejectedRows and Notices of a claims CSV in file order.

    Raises Unreadable: empty_file, no_header, missing_columns (naming them), row_too_long. Codes of rejected rows:
    missing_value, bad_amount, negative_amount, bad_date, bad_status, bad_code, bad_text, ragged_row, broken_quotes,
    unknown_date_order (decided before it was submitted), too_many_lines, other_line_rejected (the claim lost a line).
    Notices: unknown_columns, repeated_column, absent_columns, total_row, and bad_date or bad_number of optional cells.
    """
    blocks = lines_of(chunks)
    head: list[str] = []
    for lines in blocks:
        head += lines
        if len(head) >= LINES_LOOKED_AT:
            break
    if not any(line.strip(BLANKS) for line in head):
        raise Unreadable("empty_file", "this file is empty")
    header = find_header(head, mapping)
    yield from _header_notices(header)
    rows = rows_of(chain([head[header.line :]], blocks), header.delimiter, header.line + 1)
    yield from _Reader(header).records(rows)


def _header_notices(header: Header) -> Iterator[Notice]:
    odd = {
        "unknown_columns": header.unknown,
        "repeated_column": header.repeated,
        "absent_columns": header.absent,
    }
    yield from (Notice(header.line, "header", code) for code, found in odd.items() if found)


class _Reader:
    """Turns rows into records; holds the claim whose lines are gathered and the number of one that lost a line."""

    def __init__(self, header: Header) -> None:
        places = header.places
        self.width = header.width
        self.empty = BLANKS + '"' + header.delimiter
        self.base = itemgetter(*(places.get(name, header.width) for name in BASE))
        self.number_at = places["claim_id"]
        self.line_at = places.get("line_id", header.width)
        self.extras = Extras(places)
        self.held: ClaimOfLines | None = None
        self.spoilt = ""

    def records(self, rows: Iterable[Row]) -> Iterator[Record]:
        width, extras, base = self.width, self.extras, self.base
        for number, text, cells in rows:
            if cells is None or len(cells) != width:
                cells = _fitted(cells, width)
            claim = None
            if cells is not None:
                cells.append("")  # what an absent column reads
                claim = _claim(number, base(cells))
            if claim is None:
                yield from self._refused(number, text, cells)
            elif extras:
                yield from self._with_extras(claim, text, cells or [])
            else:
                yield claim
        yield from self._release()

    def _with_extras(self, claim: ClaimRecord, text: str, cells: list[str]) -> Iterator[Record]:
        line = LineRecord(0) if cells[self.line_at].strip() else None
        fault = self.extras.fill(claim, line, cells)
        yield from self.extras.notices
        self.extras.notices.clear()
        if fault is not None:
            yield from self._reject(claim.position, text, cells, fault)
        elif line is not None:
            yield from self._gather(claim, line, text, cells)
        else:
            yield from self._release()
            yield claim

    def _gather(self, claim: ClaimRecord, line: LineRecord, text: str, cells: list[str]) -> Iterator[Record]:
        """The row joins the claim that is held, or starts the next one."""
        if claim.claim_number == self.spoilt:
            yield RejectedRow(claim.position, "claim_id", "other_line_rejected", text.encode())
            return
        self.spoilt = ""
        if self.held is not None and self.held.number != claim.claim_number:
            yield from self._release()
        held = self.held = self.held or ClaimOfLines()
        if held.full:
            yield from self._reject(claim.position, text, cells, ("line_id", "too_many_lines"))
        else:
            held.add(claim, line, text)

    def _release(self) -> Iterator[Record]:
        held, self.held = self.held, None
        if held is not None:
            yield held.finished()

    def _refused(self, number: int, text: str, cells: list[str] | None) -> Iterator[Record]:
        """A row that is no claim: blank, a total, or bad in a way that is named."""
        if not text.strip(self.empty):
            return
        if text.lstrip(self.empty).lower().startswith(TOTALS) and (cells is None or not self.base(cells)[5].strip()):
            yield Notice(number, "claim_id", "total_row")
        elif cells is None:
            yield from self._reject(number, text, [], ("", "broken_quotes" if '"' in text else "ragged_row"))
        else:
            yield from self._reject(number, text, cells, _fault(self.base(cells)))

    def _reject(self, number: int, text: str, cells: list[str], fault: tuple[str, str]) -> Iterator[Record]:
        """The row is rejected, and the other lines of its claim with it: half a claim would be a wrong one."""
        claim_number = cells[self.number_at].strip() if cells and cells[self.line_at].strip() else ""
        held = self.held
        if held is not None and held.number == claim_number:
            for claim, held_text in zip(held.claims, held.texts, strict=True):
                yield RejectedRow(claim.position, "claim_id", "other_line_rejected", held_text.encode())
            self.held = None
        yield from self._release()
        self.spoilt = claim_number
        yield RejectedRow(number, *fault, text.encode())


def _fitted(cells: list[str] | None, width: int) -> list[str] | None:
    """The cells when only blank ones are too many, else None."""
    if cells is None or len(cells) < width or any(cell.strip(BLANKS) for cell in cells[width:]):
        return None
    return cells[:width]


def _claim(position: int, base: tuple[str, ...]) -> ClaimRecord | None:
    """The claim of one good row, None when any of its base cells will not do (`_fault` says which)."""
    number, payer, procedure, diagnosis, location, submitted, decided, status, denial, billed, allowed, paid = base
    number = number.strip()
    payer_name, procedure_code, diagnosis_code = NAMES[payer], CODES[procedure], DIAGNOSES[diagnosis]
    place, word, reasons = NAMES[location], STATUS_WORDS[status], REASONS[denial]
    submitted_date, decided_date = DAYS[submitted], DAYS[decided]
    billed_cents, allowed_cents, paid_cents = AMOUNTS[billed], AMOUNTS[allowed], AMOUNTS[paid]
    decision = word != "pending"
    if paid_cents is None and not paid.strip():
        paid_cents = 0
    if (
        not payer_name
        or word is None
        or procedure_code is None
        or diagnosis_code is None
        or place is None
        or reasons is None
        or submitted_date is None
        or billed_cents is None
        or paid_cents is None
        or (allowed_cents is None and allowed.strip())
        or (decision and (decided_date is None or decided_date < submitted_date))
        or (word != "reversed" and (billed_cents < 0 or paid_cents < 0 or (allowed_cents or 0) < 0))
        or not number
        or number_of(number) is None
    ):
        return None
    claim = ClaimRecord(
        position=position,
        claim_number=number,
        payer_name=payer_name,
        procedure_code=procedure_code,
        diagnosis=diagnosis_code,
        location=place,
        submitted_date=submitted_date,
        decided_date=decided_date if decision else None,
        status=word,
        decision=decision,
        reversal=word == "reversed",
        billed_cents=billed_cents,
        allowed_cents=allowed_cents,
        paid_cents=paid_cents,
    )
    claim.event_key = event_key(claim, reasons.text)
    if reasons.pairs and word in ADJUSTED:
        unpaid = billed_cents - (allowed_cents or paid_cents)
        for group, carc in reasons.pairs:
            claim.adjustments.append(AdjustmentRecord(0, group, carc, unpaid))
            unpaid = 0
    return claim


def _fault(base: tuple[str, ...]) -> tuple[str, str]:
    """(column, code) of the first base cell that makes the row unusable."""
    values = dict(zip(BASE, (cell.strip() for cell in base), strict=True))
    for name in REQUIRED:
        if not values[name]:
            return name, "missing_value"
    for name, judge, code in JUDGED:
        if values[name] and judge(values[name]) is None:
            return name, code
    if values["status"].lower() != "pending":
        if not values["decided_date"]:
            return "decided_date", "missing_value"
        if (day_of(values["decided_date"]) or date.max) < (day_of(values["submitted_date"]) or date.max):
            return "decided_date", "unknown_date_order"
    negative = (name for name in ("billed", "allowed", "paid") if (amount_of(values[name]) or 0) < 0)
    return next(negative, ""), "negative_amount"
