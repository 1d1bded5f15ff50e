"""A table whose columns nobody has named to us yet: its header row found by content, and the first rows below it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.csv_header import LINES_LOOKED_AT, TitleRow, title_rows
from upstream.ingestion.formats.csv_rows import lines_of, rows_of
from upstream.ingestion.formats.encoding import recoded
from upstream.ingestion.formats.mapping_values import is_amount, is_day
from upstream.ingestion.formats.mapping_words import title_scores
from upstream.ingestion.formats.profile import keys_of, layout_of
from upstream.ingestion.formats.xlsx_rows import rows_of_sheet
from upstream.ingestion.formats.xlsx_workbook import open_workbook

SAMPLE = 1000
LONGEST_TITLE = 80
GOOD_TITLE = 0.6
MIN_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Table:
    """`line` is the header's; `keys` tell the columns apart; `rows` are the first ones below, each as wide as it."""

    line: int
    separator: str
    titles: list[str]
    rows: list[tuple[int, list[str]]]

    @property
    def keys(self) -> list[str]:
        return keys_of(self.titles)

    @property
    def layout(self) -> str:
        return layout_of(self.titles)

    @property
    def titled(self) -> bool:
        """Whether the titles are titles for sure: some are among those that we know. Else they may be a row of data."""
        return _known(self.titles) >= MIN_COLUMNS

    def values(self, column: int) -> list[str]:
        """What stands in one column of the sample."""
        return [cells[column] for _, cells in self.rows]


def table_of(chunks: Iterable[bytes], *, separator: str = "", encoding: str = "") -> Table:
    """The table of a delimited text. Raises Unreadable: empty_file, no_header, row_too_long."""
    blocks = lines_of(recoded(chunks, encoding))
    head: list[str] = []
    for lines in blocks:
        head += lines
        if len(head) >= LINES_LOOKED_AT + SAMPLE:
            break
    candidates = list(title_rows(head, separator))
    if not any(cell.strip() for row in candidates for cell in row.cells):
        raise Unreadable("empty_file", "this file is empty")
    best = _header(candidates)
    after = best.line + best.lines
    rows = rows_of([head[after - 1 :]], best.delimiter, after)
    return _table(best, ((number, cells) for number, _, cells in rows if cells is not None))


def table_of_cells(rows: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """The same of a worksheet's (row number, cells)."""
    rows = iter(rows)
    head = [TitleRow(number, 1, ",", [*cells]) for number, cells in islice(rows, LINES_LOOKED_AT)]
    best = _header(head)
    below = ((row.line, row.cells) for row in head if row.line > best.line)
    return _table(best, chain(below, ((number, [*cells]) for number, cells in rows)))


def table_of_workbook(chunks: Iterable[bytes]) -> Table:
    """The same of the worksheet whose header has the most titles that we know; a cover sheet has few."""
    workbook = open_workbook(chunks)
    found: list[Table] = []
    for part in workbook.sheets:
        with suppress(Unreadable):
            found.append(table_of_cells(rows_of_sheet(workbook, part)))
    if not found:
        raise Unreadable("no_header", "no worksheet has a row with the names of columns")
    return max(found, key=lambda table: (_known(table.titles), bool(table.rows)))


def _table(header: TitleRow, rows: Iterable[tuple[int, list[str]]]) -> Table:
    width = len(header.cells)
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    fitted = ((number, (cells + [""] * width)[:width]) for number, cells in filled)
    titles = [" ".join(title.replace("\ufeff", "").split()) for title in header.cells]
    return Table(header.line, header.delimiter, titles, list(islice(fitted, SAMPLE)))


def _header(candidates: Sequence[TitleRow]) -> TitleRow:
    """The row with the most titles that we know; among equals the widest, then the first."""
    likely = [row for row in candidates if _reads_as_titles(row.cells)]
    if not likely:
        raise Unreadable("no_header", "no row with the names of columns was found above the first data")
    return max(likely, key=lambda row: (_known(row.cells), _filled(row.cells), -row.line))


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _known(cells: Sequence[str]) -> int:
    found = {name for cell in cells for name, score in title_scores(cell).items() if score >= GOOD_TITLE}
    return len(found)


def _reads_as_titles(cells: Sequence[str]) -> bool:
    """Short words, mostly unlike one another, and no date or amount among them: a row of data is no header."""
    named = [cell.strip().strip("\ufeff") for cell in cells if cell.strip()]
    if len(named) < MIN_COLUMNS or len(set(named)) * 2 <= len(named):
        return False
    return not any(len(title) > LONGEST_TITLE or is_day(title) or is_amount(title) for title in named)
