"""Tables as worksheets: numbers stay numbers, dates stay dates, text never becomes a formula, equal input equal bytes.

Row 1 says what the sheet is, as of when and of which report; row 2 holds the totals of what the filter shows; row 3
the headings; the data follow from row 4.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO
from itertools import chain, islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from upstream.core.documents.rows import FORMULA_STARTS, NOT_XML, Styles, held, opened
from upstream.core.documents.tables import (
    FIRST_ROW,
    HEADING_ROW,
    LAST_ROW,
    Column,
    Formula,
    Table,
    Value,
    letter_of,
)

FORMATS = {
    "money": '"$"#,##0.00_);[Red]-"$"#,##0.00_)',
    "count": "#,##0_)",
    "share": "0.0%_)",
    "points": "+0.0_);-0.0_);0.0_)",
    "number": "#,##0.##_)",
    "date": "yyyy-mm-dd",
}
BOLD = Font(name="Calibri", size=11, bold=True)
GREY = Font(name="Calibri", size=11, color="FF5B6774")
HEADING_FILL = PatternFill("solid", fgColor="FFE8EDF2")
LEFT, RIGHT = Alignment(horizontal="left"), Alignment(horizontal="right")
WRAP = Alignment(wrap_text=True, vertical="top", horizontal="left")
END_OF_ROWS = b"</sheetData>"


class Book(Workbook):
    """A workbook whose large rows are held apart, by the place of their sheet, until it is packed."""

    def __init__(self) -> None:
        super().__init__(write_only=True)
        self.held: dict[int, list[bytes]] = {}


@contextmanager
def streaming_book(*, title: str, made_on: date) -> Iterator[Book]:
    """A workbook for streaming whose properties depend on its content only; no file of it is left behind."""
    book = Book()
    book.properties.creator = "Upstream"
    book.properties.title = NOT_XML.sub("", title)
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


def new_sheet(book: Book, name: str, widths: Sequence[int], *, frozen: str = "") -> Worksheet:
    """An empty sheet, printed in landscape on the width of one page."""
    sheet: Worksheet = book.create_sheet(name)
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[letter_of(i)].width = width
    if frozen:
        sheet.freeze_panes = frozen
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def write_table(book: Book, table: Table, about: str, rows: Iterable[Sequence[Value | Formula]]) -> int:
    """All rows, on as many sheets as they need, and how many they were."""
    left, number, written = iter(rows), 0, 0
    following: tuple[Sequence[Value | Formula], ...] = ()
    while not number or following:
        number += 1
        written += _write_sheet(book, table.part(number), about, chain(following, left))
        following = tuple(islice(left, 1))
    return written


def _write_sheet(book: Book, table: Table, about: str, rows: Iterator[Sequence[Value | Formula]]) -> int:
    """One sheet with as many of the rows as it holds, and how many those were."""
    sheet = new_sheet(book, table.name, [c.width for c in table.columns], frozen=f"A{FIRST_ROW}")
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.append([_cell(sheet, about, font=GREY)])
    sheet.append(_totals(sheet, table))
    sheet.append([_heading(sheet, c) for c in table.columns])
    columns = [(c.kind, _styles(sheet, c.kind)) for c in table.columns]
    pieces, written = held(islice(rows, LAST_ROW - HEADING_ROW), columns, FIRST_ROW)
    if written:
        book.held[len(book.worksheets)] = pieces
    else:
        sheet.append([_cell(sheet, table.nothing, font=GREY)])
    last = HEADING_ROW + max(written, 1)
    sheet.auto_filter.ref = f"A{HEADING_ROW}:{letter_of(len(table.columns))}{last}"
    return written


def _styles(sheet: Worksheet, kind: str) -> Styles:
    quoted = WriteOnlyCell(sheet)
    quoted.quotePrefix = True
    return Styles(_pen(sheet, kind).style_id, WriteOnlyCell(sheet).style_id, quoted.style_id)


def write_lines(sheet: Worksheet, lines: Iterable[tuple[str, str | date]]) -> None:
    """Pairs of a bold word and what it says, wrapped."""
    for word, said in lines:
        cell = _dated(sheet, said) if isinstance(said, date) else _cell(sheet, said)
        cell.alignment = WRAP
        sheet.append([_cell(sheet, word, font=BOLD), cell])


def packed(book: Book) -> bytes:
    """The workbook's bytes, with the clock taken out of the archive."""
    made = book.properties.modified
    raw, packed_again = BytesIO(), BytesIO()
    book.save(raw)
    book.properties.modified = made
    properties = tostring(book.properties.to_tree())
    rows = {f"xl/worksheets/sheet{number}.xml": pieces for number, pieces in book.held.items()}
    with ZipFile(raw) as source, ZipFile(packed_again, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            content = properties if name == "docProps/core.xml" else source.read(name)
            before, end, after = content.partition(END_OF_ROWS)
            with target.open(entry, "w") as out:
                for piece in chain((before,), opened(rows.get(name, ())), (end, after)):
                    out.write(piece)
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
        letter = letter_of(i)
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


def _cell(sheet: Worksheet, text: str, *, font: Font | None = None) -> Cell:
    """Text that stays text, also when somebody edits the cell and presses Enter."""
    text = NOT_XML.sub("", text)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    if font:
        cell.font = font
    return cell
