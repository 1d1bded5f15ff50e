"""Rows into files, one at a time: CSV and Excel whose text no spreadsheet calculates, and Parquet with real types."""

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from upstream.core.csv_text import harmless
from upstream.core.documents import parquet
from upstream.core.errors import Invalid
from upstream.operations.exporting.shapes import Column, Kind, Row, Value

EXCEL_ROWS = 1_048_576
PARQUET_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.MOMENT: "TIMESTAMP",
    Kind.MONEY: "DECIMAL(14,2)",
    Kind.NUMBER: "BIGINT",
    Kind.REAL: "DOUBLE",
}


def write_csv(path: Path, columns: tuple[Column, ...], rows: Iterable[Row]) -> int:
    """UTF-8, comma, ISO dates; how many rows."""
    return _csv(path, columns, rows, text=harmless, null="")


def write_xlsx(path: Path, columns: tuple[Column, ...], rows: Iterable[Row]) -> int:
    """One sheet whose texts are strings, never formulas; Invalid("too_many_rows") past what Excel can open."""
    book = Workbook(write_only=True)
    sheet: Worksheet = book.create_sheet("Export")
    sheet.append([column.name for column in columns])
    count = 0
    for count, row in enumerate(rows, 1):
        if count == EXCEL_ROWS:
            raise Invalid("too_many_rows", "Excel opens a million rows; export csv or parquet instead")
        sheet.append([_cell(sheet, value) for value in row])
    book.save(path)
    return count


def write_parquet(path: Path, columns: tuple[Column, ...], rows: Iterable[Row]) -> int:
    """Typed columns, money as DECIMAL(14,2), moments in UTC. Leaves its intermediate CSV beside `path`."""
    plain = path.with_name(f"{path.name}.csv")
    count = _csv(plain, columns, rows, text=str, null=parquet.NULL)
    kinds = {column.name: PARQUET_TYPES[column.kind] for column in columns}
    parquet.write_parquet(str(plain), str(path), kinds, header=True)
    return count


WRITERS: dict[str, Callable[[Path, tuple[Column, ...], Iterable[Row]], int]] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
}


def _csv(path: Path, columns: tuple[Column, ...], rows: Iterable[Row], *, text: Callable[[str], str], null: str) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([column.name for column in columns])
        for count, row in enumerate(rows, 1):  # noqa: B007 - the count is the answer
            out.writerow([_plain(value, text, null) for value in row])
    return count


def _plain(value: Value, text: Callable[[str], str], null: str) -> str:
    if value is None:
        return null
    if isinstance(value, str):
        return text(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _cell(sheet: Worksheet, value: Value) -> Any:
    if not isinstance(value, str):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
    cell.data_type = "s"
    return cell
