"""The claims table: one row per claim, or per claim line, in the canonical columns or by a profile of its source.

A bad row is a RejectedRow with its line, field and code; the rest of the file is read. The stated status wins, so
the adjustments of a denial only carry its reasons.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter

from upstream.core.errors import Unreadable
from upstream.ingestion.formats import authorizations_csv
from upstream.ingestion.formats.csv_claim import claim_of, fault_of
from upstream.ingestion.formats.csv_extras import Extras
from upstream.ingestion.formats.csv_header import (
    BASE,
    LINES_LOOKED_AT,
    Header,
    TitleRow,
    find_header,
    of_authorizations,
    title_rows,
)
from upstream.ingestion.formats.csv_lines import ClaimOfLines
from upstream.ingestion.formats.csv_rows import Row, lines_of, rows_of, text_of
from upstream.ingestion.formats.csv_stray import Stray
from upstream.ingestion.formats.csv_translation import Translation
from upstream.ingestion.formats.encoding import recoded
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.records import FACTS_OF_COLUMNS, ClaimRecord, LineRecord, Notice, Record, RejectedRow

BLANKS = "\0 \t"


def read(chunks: Iterable[bytes], profile: Profile | None = None) -> Iterator[Record]:
    """Claims, RejectedRows and Notices of a claims CSV in file order.

    Raises Unreadable: empty_file, row_too_long; NeedsMapping where the header is not canonical, or not the profile's:
    no_header, missing_columns (naming them), other_columns. Codes of rejected rows: missing_value, bad_amount,
    negative_amount, bad_date, bad_status, bad_code, bad_text, rounded_number, ragged_row, broken_quotes,
    unknown_date_order (decided before it was submitted), too_many_lines, other_line_rejected (the claim lost a line).
    Notices: unknown_columns, repeated_column, absent_columns, total_row, footer_row, header_again, and bad_date or
    bad_number of optional cells.
    """
    profile_of_bytes = profile or Profile()
    blocks = lines_of(recoded(chunks, profile_of_bytes.encoding))
    head: list[str] = []
    for lines in blocks:
        head += lines
        if len(head) >= LINES_LOOKED_AT:
            break
    if not any(line.strip(BLANKS) for line in head):
        raise Unreadable("empty_file", "this file is empty")
    header = find_header(title_rows(head, profile_of_bytes.separator), profile)
    after = header.row.line + header.row.lines
    rows = rows_of(chain([head[after - 1 :]], blocks), header.row.delimiter, after)
    yield from _header_notices(header)
    yield from _records(header, profile, rows)


def _records(header: Header, profile: Profile | None, rows: Iterable[Row]) -> Iterator[Record]:
    """What stands below the header."""
    if of_authorizations(header):
        return authorizations_csv.records(header, rows)
    return _Reader(header, profile).records(rows)


def read_cells(rows: Iterable[tuple[int, Sequence[str]]], profile: Profile | None = None) -> Iterator[Record]:
    """The same for a table that comes as (row number, cells): a worksheet, whose rows may end before their last column.

    Cells are text: dates as ISO dates, numbers as plain decimals, formulas as nothing or as the value kept with them.
    """
    rows = iter(rows)
    head = [(number, [*cells]) for number, cells in islice(rows, LINES_LOOKED_AT)]
    if not any(cell.strip(BLANKS) for _, cells in head for cell in cells):
        raise Unreadable("empty_file", "this file is empty")
    header = find_header((TitleRow(number, 1, ",", cells) for number, cells in head), profile)
    yield from _header_notices(header)
    following = ((number, [*cells]) for number, cells in rows)
    below = chain((row for row in head if row[0] > header.row.line), following)
    width = header.width
    padded = ((number, cells + [""] * (width - len(cells))) for number, cells in below)
    yield from _records(header, profile, ((number, text_of(cells), cells) for number, cells in padded))


def _header_notices(header: Header) -> Iterator[Notice]:
    odd = {
        "unknown_columns": header.unknown,
        "repeated_column": header.repeated,
        "absent_columns": header.absent,
    }
    yield from (Notice(header.row.line, "header", code) for code, found in odd.items() if found)


class _Reader:
    """Turns rows into records; holds the claim whose lines are gathered and the number of one that lost a line."""

    def __init__(self, header: Header, profile: Profile | None) -> None:
        translation = Translation(profile, header.places) if profile else None
        places = translation.places if translation else header.places
        absent = len(places) if translation else header.width
        self.width = header.width
        self.translation = translation
        self.undated = profile is not None and profile.undated
        self.lines = profile is not None and profile.lines
        self.base = itemgetter(*(places.get(name, absent) for name in BASE))
        self.places, self.source_places = places, header.places
        self.line_at = places.get("line_id", absent)
        self.extras = Extras(places)
        self.stray = Stray(header)
        self.stated = _stated(header, profile)
        self.held: ClaimOfLines | None = None
        self.spoilt = ""

    def records(self, rows: Iterable[Row]) -> Iterator[Record]:
        width, base, translation, undated, stated = self.width, self.base, self.translation, self.undated, self.stated
        more = bool(self.extras) or self.lines
        for number, text, cells in rows:
            source = cells
            if cells is not None and len(cells) != width:
                cells = _fitted(cells, width)
            claim = None
            if cells is not None:
                if translation is not None:
                    cells = translation.row(cells)
                cells.append("")  # what an absent column reads
                claim = claim_of(number, base(cells), undated=undated)
            if claim is None:
                yield from self._refused(number, text, cells, source)
                continue
            claim.stated = stated
            if more:
                yield from self._with_extras(claim, text, cells or [])
            else:
                yield claim
        yield from self._release()

    def _with_extras(self, claim: ClaimRecord, text: str, cells: list[str]) -> Iterator[Record]:
        line = LineRecord(0) if self.lines or cells[self.line_at].strip() else None
        fault = self.extras.fill(claim, line, cells)
        yield from self.extras.notices
        self.extras.notices.clear()
        if fault is not None:
            yield from self._reject(claim.position, text, self._claim_number(cells, self.places), fault)
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
            yield from self._reject(claim.position, text, claim.claim_number, ("line_id", "too_many_lines"))
        else:
            held.add(claim, line, text)

    def _release(self) -> Iterator[Record]:
        held, self.held = self.held, None
        if held is not None:
            yield held.finished()

    def _refused(self, number: int, text: str, cells: list[str] | None, source: list[str] | None) -> Iterator[Record]:
        """A row that is no claim: blank, a total, a footer, or bad in a way that is named; `source` as it was cut."""
        if not text.strip(self.stray.empty):
            return
        base = self.base(cells) if cells is not None else None
        notice = self.stray.notice(text, base)
        if notice:
            yield Notice(number, "claim_id", notice)
        elif cells is None or base is None:
            code = "ragged_row" if source else "broken_quotes"
            yield from self._reject(number, text, self._claim_number(source or [], self.source_places), ("", code))
        else:
            fault = fault_of(base, undated=self.undated)
            yield from self._reject(number, text, self._claim_number(cells, self.places), fault)

    def _claim_number(self, cells: list[str], places: Mapping[str, int]) -> str:
        """The number of the claim of which the row is a line, "" where it is none or says none."""
        number, line = (places.get(name, len(cells)) for name in ("claim_id", "line_id"))
        is_line = self.lines or bool(line < len(cells) and cells[line].strip())
        return cells[number].strip() if is_line and number < len(cells) else ""

    def _reject(self, number: int, text: str, claim_number: str, fault: tuple[str, str]) -> Iterator[Record]:
        """The row is rejected, and the other lines of its claim with it: half a claim would be a wrong one."""
        held = self.held
        if held is not None and held.number == claim_number:
            for claim, held_text in zip(held.claims, held.texts, strict=True):
                yield RejectedRow(claim.position, "claim_id", "other_line_rejected", held_text.encode())
            self.held = None
        yield from self._release()
        self.spoilt = claim_number
        yield RejectedRow(number, *fault, text.encode())


def _fitted(cells: list[str], width: int) -> list[str] | None:
    """The cells when only blank ones are too many, else None."""
    if len(cells) < width or any(cell.strip(BLANKS) for cell in cells[width:]):
        return None
    return cells[:width]


def _stated(header: Header, profile: Profile | None) -> frozenset[str] | None:
    """The facts that this file tells of each of its claims; None when it tells them all."""
    told = set(header.places)
    if profile is not None and profile.payer:
        told.add("payer")
    stated = frozenset(fact for name, facts in FACTS_OF_COLUMNS.items() if name in told for fact in facts)
    return None if stated == frozenset(chain.from_iterable(FACTS_OF_COLUMNS.values())) else stated
