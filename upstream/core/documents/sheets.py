"""Tables as worksheets: numbers stay numbers, dates stay dates, text never becomes a formula, equal input equal bytes.

Row 1 says what the sheet is, as of when and of which report; row 2 holds the totals of what the filter shows; row 3
the headings; the data follow from row 4.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from upstream.core.errors import Invalid
from upstream.core.money import dollars_of

HEADING_ROW = 3
FIRST_ROW = 4
LAST_ROW = 1_048_576
FORMATS = {
    "money": '"$"#,##0.00_);[Red]-"$"#,##0.00_)',
    "count": "#,##0_)",
    "share": "0.0%_)",
    "points": "+0.0_);-0.0_);0.0_)",
    "date": "yyyy-mm-dd",
}
BOLD = Font(name="Calibri", size=11, bold=True)
GREY = Font(name="Calibri", size=11, color="FF5B6774")
HEADING_FILL = PatternFill("solid", fgColor="FFE8EDF2")
LEFT, RIGHT = Alignment(horizontal="left"), Alignment(horizontal="right")
WRAP = Alignment(wrap_text=True, vertical="top", horizontal="left")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands under it: text, money (integer cents), count, share (0..1), points or date."""

    heading: str
    kind: str = "text"
    width: int = 14
    total: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of our own making; the only text that Excel may calculate."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet; `nothing` is the line that stands there while there are no rows."""

    name: str
    columns: tuple[Column, ...]
    nothing: str

    def place(self, heading: str) -> str:
        """The address of the data under a heading, for formulas of other sheets."""
        letter = get_column_letter([c.heading for c in self.columns].index(heading) + 1)
        return f"{self.name}!${letter}${FIRST_ROW}:${letter}${LAST_ROW}"


@contextmanager
def streaming_book(*, title: str, made_on: date) -> Iterator[Workbook]:
    """A workbook for streaming whose properties depend on its content only; no file of it is left behind."""
    book = Workbook(write_only=True)
    book.properties.creator = "Upstream"
    book.properties.title = ILLEGAL_CHARACTERS_RE.sub("", title)
    book.properties.created = book.properties.modified = datetime.combine(made_on, time())
    try:
        yield book
    finally:
        for sheet in book.worksheets:
            _discard(sheet)


def _discard(sheet: Any) -> None:
    """openpyxl streams each sheet into a temporary file; that of an unsaved one would stay until the process ends."""
    if not sheet.closed:
        sheet.close()
        sheet._writer.cleanup()


def new_sheet(book: Workbook, name: str, widths: Sequence[int], *, frozen: str = "") -> Worksheet:
    """An empty sheet, printed in landscape on the width of one page."""
    sheet: Worksheet = book.create_sheet(name)
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    if frozen:
        sheet.freeze_panes = frozen
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def write_table(book: Workbook, table: Table, about: str, rows: Iterable[Sequence[Value | Formula]]) -> int:
    """The sheet with all rows, and how many they were; Invalid("too_many_rows") past what Excel holds."""
    sheet = new_sheet(book, table.name, [c.width for c in table.columns], frozen=f"A{FIRST_ROW}")
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.append([_cell(sheet, about, font=GREY)])
    sheet.append(_totals(sheet, table))
    sheet.append([_heading(sheet, c) for c in table.columns])
    pens = [_pen(sheet, c.kind) for c in table.columns]
    written = 0
    for row in rows:
        written += 1
        if written > LAST_ROW - HEADING_ROW:
            raise Invalid("too_many_rows", f"{table.name} has more rows than a worksheet holds")
        cells = zip(row, pens, table.columns, strict=True)
        sheet.append([_drawn(sheet, value, pen, column.kind) for value, pen, column in cells])
    if not written:
        sheet.append([_cell(sheet, table.nothing, font=GREY)])
    last = HEADING_ROW + max(written, 1)
    sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(table.columns))}{last}"
    return written


def write_lines(sheet: Worksheet, lines: Iterable[tuple[str, str | date]]) -> None:
    """Pairs of a bold word and what it says, wrapped."""
    for word, said in lines:
        cell = _dated(sheet, said) if isinstance(said, date) else _cell(sheet, said)
        cell.alignment = WRAP
        sheet.append([_cell(sheet, word, font=BOLD), cell])


def packed(book: Workbook) -> bytes:
    """The workbook's bytes, with the clock taken out of the archive."""
    made = book.properties.modified
    raw, packed_again = BytesIO(), BytesIO()
    book.save(raw)
    book.properties.modified = made
    properties = tostring(book.properties.to_tree())
    with ZipFile(raw) as source, ZipFile(packed_again, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, properties if name == "docProps/core.xml" else source.read(name))
    return packed_again.getvalue()


def _heading(sheet: Worksheet, column: Column) -> Cell:
    cell = _cell(sheet, column.heading, font=BOLD)
    cell.fill = HEADING_FILL
    cell.alignment = LEFT if column.kind in {"text", "date"} else RIGHT
    return cell


def _totals(sheet: Worksheet, table: Table) -> list[Cell | None]:
    """The first column is never summed: its cell names the row."""
    cells = [_cell(sheet, "Total shown", font=BOLD) if any(c.total for c in table.columns) else None]
    for i, column in enumerate(table.columns[1:], 2):
        letter = get_column_letter(i)
        pen = _pen(sheet, column.kind, font=BOLD)
        pen.value = f"=SUBTOTAL(109,{letter}{FIRST_ROW}:{letter}{LAST_ROW})"
        cells.append(pen if column.total else None)
    return cells


def _pen(sheet: Worksheet, kind: str, *, font: Font | None = None) -> Cell:
    """A styled cell; a streamed row is written at once, so one serves a whole column."""
    pen = WriteOnlyCell(sheet)
    pen.number_format = FORMATS.get(kind, "General")
    if kind == "date":
        pen.alignment = LEFT
    if font:
        pen.font = font
    return pen


def _dated(sheet: Worksheet, day: date) -> Cell:
    pen = _pen(sheet, "date")
    pen.value = day
    return pen


def _drawn(sheet: Worksheet, value: Value | Formula, pen: Cell, kind: str) -> Cell | None:
    """The value in the pen's style, or as text that cannot calculate; nothing for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _cell(sheet, value)
    if isinstance(value, Formula):
        pen.value = value.text
    else:
        pen.value = dollars_of(value) if kind == "money" and isinstance(value, int) else value
    return pen


def _cell(sheet: Worksheet, text: str, *, font: Font | None = None) -> Cell:
    """Text that stays text, also when somebody edits the cell and presses Enter."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    if font:
        cell.font = font
    return cell
