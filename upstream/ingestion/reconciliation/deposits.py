"""A bank's list of deposits: rows of day, amount and check or trace number out of a CSV. Pure: text in, rows out."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from upstream.core.errors import Invalid, Unreadable
from upstream.core.money import cents_of

NAMES: Mapping[str, tuple[str, ...]] = {
    "day": (
        "date", "day", "posted", "posting date", "deposit date", "value date", "transaction date", "effective date",
    ),
    "cents": ("amount", "credit", "credit amount", "deposit", "deposit amount"),
    "number": (
        "check number", "check", "trace", "trace number", "reference", "reference number", "eft", "eft number",
        "check or trace", "bank reference", "number",
    ),
}  # fmt: skip
DELIMITERS = ",;\t|"
LINES_LOOKED_AT, MOST_ROWS, MOST_BYTES = 20, 100_000, 5_000_000
DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y%m%d")


@dataclass(frozen=True)
class Row:
    """One deposit."""

    day: date
    cents: int
    number: str


@dataclass
class Listed:
    """What a list holds: deposits, how many rows were none, and (line, column) of what is unreadable."""

    rows: list[Row] = field(default_factory=list)
    passed_over: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


def read(text: str) -> Listed:
    """Every deposit of the list; Unreadable when no row names the columns day, amount and number, or it is too long."""
    if len(text) > MOST_BYTES:
        raise Unreadable("too_large", "this list of deposits is larger than any real one")
    lines = text.removeprefix("\ufeff").splitlines()
    line, delimiter, places = _header(lines)
    listed = Listed()
    for number, cells in _cells(lines[line:], delimiter, line + 1):
        if len(listed.rows) >= MOST_ROWS:
            raise Unreadable("too_many_rows", f"a list of deposits has at most {MOST_ROWS:,} rows")
        _take(listed, number, {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()})
    return listed


def _header(lines: list[str]) -> tuple[int, str, dict[str, int]]:
    for number, line in enumerate(lines[:LINES_LOOKED_AT], start=1):
        for delimiter in DELIMITERS:
            titles = [" ".join(re.sub(r"[^a-z]+", " ", cell.lower()).split()) for cell in _row(line, delimiter)]
            places = {
                name: at for name, known in NAMES.items() if (at := _first(titles, known)) is not None
            }  # fmt: skip
            if len(places) == len(NAMES):
                return number, delimiter, places
    raise Unreadable("no_header", "no row names the columns date, amount and check or trace number")


def _first(titles: list[str], known: Iterable[str]) -> int | None:
    return next((titles.index(name) for name in known if name in titles), None)


def _row(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _cells(lines: list[str], delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, start=first):
        cells = _row(line, delimiter)
        if any(cell.strip() for cell in cells):
            yield number, cells


def _take(listed: Listed, number: int, cells: Mapping[str, str]) -> None:
    if not cells["cents"]:
        listed.passed_over += 1
        return
    day, cents = _day(cells["day"]), _cents(cells["cents"])
    if day is None or cents is None:
        listed.bad.append((number, "date" if day is None else "amount"))
    elif cents <= 0:
        listed.passed_over += 1
    else:
        listed.rows.append(Row(day, cents, cells["number"][:50]))


def _day(text: str) -> date | None:
    for layout in DATE_FORMATS:
        try:
            return datetime.strptime(text, layout).date()
        except ValueError:
            continue
    return None


def _cents(text: str) -> int | None:
    negative = text.startswith("(") and text.endswith(")")
    plain = text.strip("()").replace("$", "").replace(",", "").replace(" ", "")
    try:
        cents = cents_of(plain)
    except Invalid:
        return None
    return -cents if negative else cents
