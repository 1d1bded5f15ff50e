"""A short report as plain values: some sentences, three figures at most, and parts with a chart and a table each.

Every kind but the weekly one is such a brief. The PDF shows the first rows of each table, the Excel all of them.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

from upstream.core.documents.tables import Column
from upstream.reports.shapes import Definition

Cell = str | int | float | Decimal | date | None
MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: money in cents, shares 0..1. `name` is the sheet's; the PDF shows `shown` rows and as many columns as
    `columns_shown`, 0 for all. `exact` prints cents, `silent` leaves it to the caller to say what is not shown,
    `whole` is the PDF's last row where plain sums would not tell it."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str
    shown: int = MOST_SHOWN
    columns_shown: int = 0
    exact: bool = False
    silent: bool = False
    whole: tuple[Cell, ...] = ()

    def total(self, heading: str) -> int:
        """The sum of a money or count column."""
        place = [column.heading for column in self.columns].index(heading)
        return sum(cell for row in self.rows if isinstance(cell := row[place], int))


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with what is said below it; `chart` is an SVG of `core.charts` or nothing."""

    heading: str
    sentences: tuple[str, ...] = ()
    chart: str = ""
    grid: Grid | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline: its value is already a text."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a short report says; `holds` is the sentence of its footer about patients."""

    id: str
    title: str
    practice: str
    period: str
    period_start: date
    period_end: date
    as_of: date
    freshness: str
    summary: tuple[str, ...]
    parts: tuple[Part, ...]
    figures: tuple[Figure, ...] = ()
    caveats: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    method: str = ""
    link: str = ""
    holds: str = "holds no patient names"
    content_hash: str = ""

    @property
    def grids(self) -> Sequence[Grid]:
        """Every table, in order."""
        return [part.grid for part in self.parts if part.grid is not None]


def sealed(brief: Brief) -> Brief:
    """The same brief carrying the SHA-256 of all it says; sealing twice changes nothing."""
    said = asdict(replace(brief, content_hash=""))
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), default=str)
    return replace(brief, content_hash=hashlib.sha256(text.encode()).hexdigest())
