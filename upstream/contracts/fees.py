"""A fee schedule as a table, CSV or Excel: rows that can be used, and what is wrong with the others. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from typing import Any, TypeAlias

from upstream.contracts.rules import normalised, place_of
from upstream.core.errors import Invalid, Unreadable
from upstream.core.money import cents_of, dollars_of
from upstream.ingestion.formats.csv_cells import day_of
from upstream.ingestion.formats.csv_header import DELIMITERS
from upstream.ingestion.formats.csv_rows import lines_of, rows_of
from upstream.ingestion.formats.xlsx_rows import rows_of_sheet
from upstream.ingestion.formats.xlsx_workbook import open_workbook

COLUMNS = (
    "procedure_code", "modifiers", "place_of_service", "price", "percent_of_billed", "effective_from", "effective_to",
)  # fmt: skip
HEADER_WITHIN, CODE_WIDTH = 30, 16
MOST_CENTS, MOST_PERCENT = 10**9, Decimal(1000)
ZIP = b"PK\x03\x04"
Cells: TypeAlias = tuple[int, Sequence[str] | None]


@dataclass(frozen=True)
class Fee:
    """One price; `valid_from` is None where the file leaves it to the contract."""

    line: int
    code: str
    modifiers: str
    place: str
    cents: int | None
    percent: Decimal | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Fault:
    """A row that is not used: where, and why in plain words; never what stood there."""

    line: int
    field: str
    words: str


def rows_in(chunks: Iterable[bytes]) -> Iterator[Cells]:
    """Line numbers and cells of a CSV file or of the first sheet of a workbook that holds anything.

    Raises Unreadable for what is neither.
    """
    pieces = iter(chunks)
    start = next(pieces, b"")
    whole = chain([start], pieces)
    if start.startswith(ZIP):
        workbook = open_workbook(whole)
        for part in workbook.sheets:
            rows = rows_of_sheet(workbook, part)
            if first := next(rows, None):
                return chain([first], rows)
        raise Unreadable("empty", "the workbook holds nothing")
    return _of_text(whole)


def _of_text(chunks: Iterable[bytes]) -> Iterator[Cells]:
    blocks = lines_of(chunks)
    first = next(blocks, [])
    delimiter = max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in first[:HEADER_WITHIN]), default=0))
    return ((number, cells) for number, _, cells in rows_of(chain([first], blocks), delimiter))


def fees(rows: Iterable[Cells]) -> Iterator[Fee | Fault]:
    """Every row below the header, in order. Unreadable("no_header") without the columns that must be there."""
    rest = iter(rows)
    places = _header(islice(rest, HEADER_WITHIN))
    for line, cells in rest:
        if cells is None:
            yield Fault(line, "row", "cannot be read: a quotation mark is not closed")
        elif any(cell.strip() for cell in cells):
            yield _fee(line, {name: cells[at].strip() for name, at in places.items() if at < len(cells)})


def _header(rows: Iterator[Cells]) -> dict[str, int]:
    for _, cells in rows:
        names = [cell.strip().lower().replace(" ", "_").lstrip("\ufeff") for cell in cells or ()]
        places = {name: names.index(name) for name in COLUMNS if name in names}
        if "procedure_code" in places and {"price", "percent_of_billed"} & set(places):
            return places
    raise Unreadable("no_header", "no row names the columns procedure_code and price or percent_of_billed")


def _fee(line: int, told: dict[str, str]) -> Fee | Fault:
    found: dict[str, Any] = {}
    for column, (name, read) in READERS.items():
        try:
            found[name] = read(told.get(column, ""))
        except Invalid as exc:
            return Fault(line, column, exc.message)
    if (found["cents"] is None) == (found["percent"] is None):
        return Fault(line, "price", "give a price or a percentage of the charge, and not both")
    if found["valid_from"] and found["valid_to"] and found["valid_to"] < found["valid_from"]:
        return Fault(line, "effective_to", "ends before it begins")
    return Fee(line, **found)


def _code(text: str) -> str:
    code = text.upper()
    if not code or len(code) > CODE_WIDTH or not code.isalnum() or not code.isascii():
        raise Invalid("procedure_code", "a procedure code of letters and digits")
    return code


def _price(text: str) -> int | None:
    if not text:
        return None
    cents = cents_of(text.replace("$", "").replace(",", "").strip())
    if not 0 <= cents <= MOST_CENTS:
        raise Invalid("price", "a price is not negative, and below ten million dollars")
    return cents


def percent_of(text: str) -> Decimal | None:
    """Of "80", "80 %" or "62.5"; None for a blank. Invalid("percent") below 0, above 1000, or past three places."""
    if not text:
        return None
    try:
        percent = Decimal(text.replace("%", "").strip())
    except InvalidOperation:
        raise Invalid("percent", "not a percentage") from None
    if not percent.is_finite() or not 0 <= percent <= MOST_PERCENT or percent != round(percent, 3):
        raise Invalid("percent", "a percentage from 0 to 1000 with at most three decimals")
    return percent


def _day(text: str) -> date | None:
    day = day_of(text) if text else None
    if text and day is None:
        raise Invalid("day", "a day is written as 2026-01-31")
    return day


READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "procedure_code": ("code", _code),
    "modifiers": ("modifiers", normalised),
    "place_of_service": ("place", place_of),
    "price": ("cents", _price),
    "percent_of_billed": ("percent", percent_of),
    "effective_from": ("valid_from", _day),
    "effective_to": ("valid_to", _day),
}


def cells_of(
    code: str, modifiers: str, place: str, cents: int | None, percent: Decimal | None, valid_from: date,
    valid_to: date | None,
) -> list[str]:  # fmt: skip
    """The row that `fees` reads as this price."""
    price = "" if cents is None else str(dollars_of(cents))
    part = "" if percent is None else f"{percent.normalize():f}"
    return [code, modifiers, place, price, part, valid_from.isoformat(), valid_to.isoformat() if valid_to else ""]
