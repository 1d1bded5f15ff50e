"""Rows told as names and values, written as the canonical claims CSV: row n stands in line n + 1, after the header."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from upstream.ingestion.formats.csv_header import BASE, KNOWN, MAY_BE_ABSENT, OPTIONAL

SEVERAL = ";"


def written(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The same bytes for the same rows, whatever the order of their names; columns that no row tells are left out."""
    told = {name for row in rows for name, value in row.items() if value is not None}
    columns = [name for name in (*BASE, *OPTIONAL) if name in told or (name in BASE and name not in MAY_BE_ABSENT)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell_of(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode()


def unknown_names(row: Mapping[str, Any]) -> list[str]:
    """Names that are no column."""
    return sorted(set(row) - KNOWN)


def cell_of(value: Any) -> str:
    """One line of text: a control character would move the rows below it."""
    if value is None:
        return ""
    text = SEVERAL.join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)
