"""Rows told as names and values, written as a canonical CSV: row n stands in line n + 1, after the header."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upstream.ingestion.formats import csv_header

SEVERAL = ";"


@dataclass(frozen=True)
class Columns:
    """The columns of a table in their order; `always` are written even where no row tells them."""

    names: tuple[str, ...]
    always: frozenset[str]

    def unknown(self, row: Mapping[str, Any]) -> list[str]:
        """Names that are no column."""
        return sorted(set(row) - set(self.names))


CLAIMS = Columns(
    (*csv_header.BASE, *csv_header.OPTIONAL), frozenset(csv_header.BASE) - frozenset(csv_header.MAY_BE_ABSENT)
)
AUTHORIZATIONS = Columns(csv_header.AUTHORIZATION, frozenset({*csv_header.AUTHORIZATION_NEEDED, "approved_units"}))


def written(rows: Sequence[Mapping[str, Any]], columns: Columns = CLAIMS) -> bytes:
    """The same bytes for the same rows, whatever the order of their names; columns that no row tells are left out."""
    told = {name for row in rows for name, value in row.items() if value is not None}
    kept = [name for name in columns.names if name in told or name in columns.always]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(kept)
    writer.writerows([cell_of(row.get(name)) for name in kept] for row in rows)
    return text.getvalue().encode()


def cell_of(value: Any) -> str:
    """One line of text: a control character would move the rows below it."""
    if value is None:
        return ""
    text = SEVERAL.join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)
