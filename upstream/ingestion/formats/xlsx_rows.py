"""The rows of one worksheet as text cells, streamed; formulas are never evaluated, their stored results are used."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.xlsx_workbook import Workbook, events, plain

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_CELL = 32_767
COLUMN = re.compile(r"[A-Z]{1,3}", re.ASCII)
WHOLE = re.compile(r"(-?\d+)\.0+", re.ASCII)
EXACT_DIGITS = 15  # what Excel shows of a number; more are noise of its arithmetic
LAST_SERIAL = 2_958_465  # 9999-12-31
LEAP_BUG = 60  # Excel counts 1900-02-29, which never was

SheetRow = tuple[int, list[str]]
"""The row's 1-based number in the sheet, and its cells as text: dates as ISO, numbers as Excel shows them."""


def rows_of_sheet(workbook: Workbook, part: str) -> Iterator[SheetRow]:
    """Rows that hold something, in order. Raises Unreadable("row_too_long", "bad_row") and what `events` raises."""
    sheet = _Sheet(workbook)
    for _ in events(workbook.archive, part, sheet.start, sheet.end, sheet.text):
        yield from sheet.ready
        sheet.ready.clear()


class _Sheet:
    """Takes the events of one worksheet; finished rows wait in `ready`."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.ready: list[SheetRow] = []
        self.row = self.last = 0
        self.column = 0
        self.cells: list[str] = []
        self.kind = ""
        self.style = 0
        self.pieces: list[str] = []
        self.length = 0
        self.wanted = False
        self.aside = False
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.column = self._column(attributes.get("r", ""))
            self.kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self.style = int(style) if style.isdecimal() else 0
            self.pieces.clear()
            self.length = 0
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() and len(number) <= 7 else self.row + 1
            if self.row > MAX_ROWS:
                raise Unreadable("bad_row", "this sheet has more rows than Excel can", line=MAX_ROWS)
            self.cells = []
            self.column = 0
        elif name == "rPh":
            self.aside = True
        self.wanted = name in ("v", "t") and not self.aside

    def end(self, name: str) -> None:
        self.wanted = False
        if name == "c" and self.pieces:
            missing = self.column - len(self.cells) - 1
            if missing > 0:
                self.cells.extend([""] * missing)
            if missing >= 0:
                self.cells.append(self._value("".join(self.pieces)))
        elif name == "rPh":
            self.aside = False
        elif name == "row" and any(self.cells):
            if self.row <= self.last:
                raise Unreadable("bad_row", "the rows of this sheet are out of order", line=self.row)
            self.last = self.row
            self.ready.append((self.row, self.cells))

    def text(self, data: str) -> None:
        if self.wanted:
            self.length += len(data)
            if self.length > MAX_CELL:
                raise Unreadable("row_too_long", "a cell holds more than Excel allows", line=self.row)
            self.pieces.append(data)

    def _column(self, reference: str) -> int:
        """The 1-based column of a reference such as "AB12"; without one, the next column."""
        match = COLUMN.match(reference)
        if match is None:
            return self.column + 1
        letters = match[0]
        number = self.columns.get(letters)
        if number is None:
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            if number > MAX_COLUMNS:
                raise Unreadable("bad_row", "this sheet has more columns than Excel can", line=self.row)
            self.columns[letters] = number
        return number

    def _value(self, text: str) -> str:
        kind = self.kind
        if kind == "s":
            texts = self.workbook.texts
            return texts[int(text)] if text.isdecimal() and int(text) < len(texts) else ""
        if kind in ("inlineStr", "str", "e", "d"):
            return plain(text)
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if self.style in self.workbook.dates:
            return day_of_serial(text, since_1904=self.workbook.since_1904) or shown_number(text)
        return shown_number(text)


def day_of_serial(text: str, *, since_1904: bool = False) -> str:
    """The ISO date of an Excel serial number, its time of day left out; "" when it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return ""
    serial = int(number) if number.is_finite() and abs(number.adjusted()) < EXACT_DIGITS else 0
    if not 1 <= serial <= LAST_SERIAL - (1462 if since_1904 else 0):
        return ""
    if since_1904:
        return (date(1904, 1, 1) + timedelta(serial)).isoformat()
    return (date(1899, 12, 30 if serial > LEAP_BUG else 31) + timedelta(serial)).isoformat()


def shown_number(text: str) -> str:
    """A stored number as Excel shows it: whole numbers exactly, others to 15 digits.

    One that had more of them has an exponent, so that nobody takes it for what it was before.
    """
    text = text.strip()
    whole = WHOLE.fullmatch(text)
    if whole:
        return whole[1]
    if len(text) <= EXACT_DIGITS and "E" not in text and "e" not in text:
        return text
    if text.lstrip("-").isdecimal():
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return plain(text)
    if not number.is_finite() or abs(number.adjusted()) > EXACT_DIGITS + 5:
        return plain(text)
    if number.adjusted() >= EXACT_DIGITS:
        return f"{number:.{EXACT_DIGITS - 1}E}"
    rounded = format(Decimal(f"{number:.{EXACT_DIGITS}g}"), "f")
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
