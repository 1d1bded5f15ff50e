"""Parts of a file by their place in it: its title row, and what stands at one line, row or segment.

Places are those that the readers give: the 1-based line of a CSV, row of a worksheet or segment of an X12 file.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from upstream.core.errors import Unreadable
from upstream.ingestion.formats import xlsx
from upstream.ingestion.formats.csv_header import LINES_LOOKED_AT, Header, TitleRow, find_header, title_rows
from upstream.ingestion.formats.csv_rows import Row, lines_of, rows_of, text_of
from upstream.ingestion.formats.encoding import recoded
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.formats.tokenizer import blocks

MAX_PARTS = 400
ENDS = {
    "CLP": frozenset({"CLP", "LX", "PLB", "N1"}),
    "CLM": frozenset({"CLM", "HL"}),
    "BPR": frozenset({"LX", "CLP", "PLB"}),
    "HL": frozenset({"HL"}),
}
ALWAYS_END = frozenset({"ST", "SE", "GE", "IEA", "ISA", "GS"})


@dataclass(frozen=True)
class Title:
    """A table's title row: the delimiter, the names, and which of them is the claim's number."""

    delimiter: str
    cells: list[str]
    number_at: int

    def text_of(self, cells: Iterable[str]) -> str:
        """Cells as one row of the table."""
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="").writerow(cells)
        return out.getvalue()

    def cells_of(self, text: str) -> list[str] | None:
        """The cells of a row, None when it is not one row with a cell under each title."""
        rows = list(rows_of([text.split("\n")], self.delimiter))
        cells = rows[0][2] if len(rows) == 1 else None
        return cells if cells is not None and len(cells) == len(self.cells) else None


@dataclass(frozen=True)
class Excerpt:
    """`parts` stand from `first` on; `cells` pairs a table's titles with what the first row holds under them.

    `envelope` names the interchange, group and transaction in which a segment stands, by their control numbers.
    """

    first: int
    parts: list[str]
    cells: list[tuple[str, str]] = field(default_factory=list)
    envelope: dict[str, str] = field(default_factory=dict)


def title_of(kind: str, chunks: Iterable[bytes], profile: Profile | None = None) -> Title:
    """The title row of a claims table ("csv" or "xlsx"); NeedsMapping where none is found."""
    header, _ = _table(kind, chunks, profile)
    return Title(header.row.delimiter, header.row.cells, header.places.get("claim_id", 0))


def excerpt(kind: str, chunks: Iterable[bytes], place: int, profile: Profile | None = None) -> Excerpt:
    """What stands at a place: a row, or a segment with what belongs to it; Unreadable("no_such_place") past the end."""
    found = _segments(chunks, place) if kind == "x12" else _row(kind, chunks, place, profile)
    if found is None:
        raise Unreadable("no_such_place", "the file has no such place", line=place)
    return found


def _table(kind: str, chunks: Iterable[bytes], profile: Profile | None) -> tuple[Header, Iterator[Row]]:
    if kind == "xlsx":
        sheet = ((number, text_of(cells), [*cells]) for number, cells in xlsx.table_of(chunks, profile))
        first = list(islice(sheet, LINES_LOOKED_AT))
        header = find_header((TitleRow(number, 1, ",", cells) for number, _, cells in first), profile)
        return header, (row for row in chain(first, sheet) if row[0] > header.row.line)
    settings = profile or Profile()
    lines = lines_of(recoded(chunks, settings.encoding))
    head: list[str] = []
    for some in lines:
        head += some
        if len(head) >= LINES_LOOKED_AT:
            break
    header = find_header(title_rows(head, settings.separator), profile)
    after = header.row.line + header.row.lines
    return header, rows_of(chain([head[after - 1 :]], lines), header.row.delimiter, after)


def _row(kind: str, chunks: Iterable[bytes], place: int, profile: Profile | None) -> Excerpt | None:
    header, rows = _table(kind, chunks, profile)
    for number, text, cells in rows:
        if number == place:
            named = list(zip(header.row.cells, cells, strict=False)) if cells is not None else []
            return Excerpt(number, [text], named)
        if number > place:
            break
    return None


def _segments(chunks: Iterable[bytes], place: int) -> Excerpt | None:
    envelope: dict[str, str] = {}
    ends: frozenset[str] = ALWAYS_END
    parts: list[str] = []
    number = 1
    for block in blocks(chunks):
        for segment in block.segments:
            name = segment[0].strip().upper()
            if parts and (name in ends or len(parts) >= MAX_PARTS):
                return Excerpt(place, parts, envelope=envelope)
            if number < place:
                _follow(envelope, name, segment)
            elif not parts:
                ends = ALWAYS_END | ENDS.get(name, frozenset({name}))
            if number >= place:
                parts.append(block.delimiters.element.join(segment))
            number += 1
    return Excerpt(place, parts, envelope=envelope) if parts else None


def _follow(envelope: dict[str, str], name: str, segment: list[str]) -> None:
    """Which interchange, group and transaction is open."""
    if name == "ISA" and len(segment) > 13:
        envelope["interchange"] = segment[13].strip()
    elif name == "GS" and len(segment) > 6:
        envelope["group"] = segment[6].strip()
    elif name == "ST" and len(segment) > 2:
        envelope["transaction"] = f"{segment[1].strip()} {segment[2].strip()}"
