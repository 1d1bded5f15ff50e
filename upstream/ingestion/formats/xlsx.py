"""An Excel workbook read as a claims table: the rows of one worksheet, by the same rules as a CSV's."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from upstream.core.errors import Unreadable
from upstream.ingestion.formats import canonical_csv
from upstream.ingestion.formats.csv_header import LINES_LOOKED_AT, TitleRow, find_header
from upstream.ingestion.formats.profile import NeedsMapping, Profile
from upstream.ingestion.formats.xlsx_rows import SheetRow, rows_of_sheet
from upstream.ingestion.formats.xlsx_workbook import Workbook, open_workbook
from upstream.ingestion.records import Notice, Record


def read(chunks: Iterable[bytes], profile: Profile | None = None) -> Iterator[Record]:
    """Claims, RejectedRows (a row's line is its number in the sheet, its raw text CSV) and Notices.

    Raises Unreadable as `canonical_csv.read_cells`, `open_workbook` and `rows_of_sheet` do, and no_sheet.
    Notice other_sheets: the workbook has other visible sheets, which were not read.
    """
    workbook = open_workbook(chunks)
    if len(workbook.sheets) > 1:
        yield Notice(1, "sheet", "other_sheets")
    yield from canonical_csv.read_cells(_table(workbook, profile), profile)


def table_of(chunks: Iterable[bytes], profile: Profile | None = None) -> Iterator[SheetRow]:
    """The rows that `read` reads: those of the first visible sheet with the profile's columns, or the canonical ones
    without a profile; where no sheet has them, those of the first sheet that holds anything."""
    return _table(open_workbook(chunks), profile)


def _table(workbook: Workbook, profile: Profile | None) -> Iterator[SheetRow]:
    if not workbook.sheets:
        raise Unreadable("no_sheet", "this workbook has no visible sheet")
    fallback = ""
    for part in workbook.sheets:
        rows = rows_of_sheet(workbook, part)
        head = list(islice(rows, LINES_LOOKED_AT))
        if head and _has_header(head, profile):
            return chain(head, rows)
        fallback = fallback or (part if head else "")
    return rows_of_sheet(workbook, fallback or workbook.sheets[0])


def _has_header(head: list[SheetRow], profile: Profile | None) -> bool:
    try:
        find_header((TitleRow(number, 1, ",", cells) for number, cells in head), profile)
    except NeedsMapping:
        return False
    return True
