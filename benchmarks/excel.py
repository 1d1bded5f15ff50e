"""100 000 claims of 20 columns as an Excel sheet, ours beside openpyxl's write-only mode, in the same run.

    .venv/bin/python benchmarks/excel.py [--claims 100000]

Prints seconds of the process's own time, the ratio (at most 0.6 is promised) and the most memory that ours took (at
most 200 MB). Each way runs in a process of its own, and both stream rows that are made as they are written. The
openpyxl way writes the same values with the same number formats and nothing else. Needs no database.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

PROMISED_RATIO, PROMISED_MB = 0.6, 200
KINDS = (
    "text", "text", "text", "text", "text", "date", "date", "text", "text", "text",
    "money", "money", "money", "date", "money", "money", "text", "text", "count", "share",
)  # fmt: skip
PAYERS = ("Summit Mutual", "Northstar Health", "Harbor Advantage", "Civic Care", "Blue Mesa Plan")
Row = tuple[str | int | float | date | None, ...]


def rows(claims: int) -> Iterator[Row]:
    """Claims that differ from one another as real ones do."""
    first = date(2025, 1, 1)
    for n in range(claims):
        day = first + timedelta(days=n % 600)
        yield (
            f"INC-{n % 40:08X}", f"{n:08x}-0000-4000-8000-{n:012x}", PAYERS[n % 5], str(70_000 + n % 500), "Westgate",
            day, day + timedelta(days=n % 40), "Denied", "Missing authorization", "CO-197", 10_000 + n, 8_000 + n % 999,
            None if n % 3 else n % 7_000, day + timedelta(days=90), 7_000 + n % 500, n % 450, "Appeal, 60 days",
            "no owner yet", n % 7, (n % 100) / 100,
        )  # fmt: skip


def ours(claims: int) -> int:
    from upstream.core.documents.sheets import packed, streaming_book, write_table
    from upstream.core.documents.tables import Column, Table

    columns = tuple(Column(f"Column {n}", kind, 14, total=kind == "money") for n, kind in enumerate(KINDS))
    with streaming_book(title="Claims", made_on=date(2026, 1, 1)) as book:
        write_table(book, Table("Claims", columns, "None."), "Claims", rows(claims))
        return len(packed(book))


def theirs(claims: int) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    from upstream.core.documents.sheets import FORMATS

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Claims")
    for row in rows(claims):
        cells = []
        for value, kind in zip(row, KINDS, strict=True):
            cell = WriteOnlyCell(sheet, value / 100 if kind == "money" and isinstance(value, int) else value)
            if kind in FORMATS:
                cell.number_format = FORMATS[kind]
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return len(out.getvalue())


def measured(way: Callable[[int], int], claims: int) -> tuple[float, float, int]:
    """Seconds, megabytes at most, and bytes written."""
    way(10)
    began = time.process_time()
    size = way(claims)
    return time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    claims = parser.parse_args().claims
    found = {}
    for name, way in (("ours", ours), ("openpyxl write-only", theirs)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found[name] = pool.apply(measured, (way, claims))
        seconds, megabytes, size = found[name]
        print(f"{name:20} {seconds:6.2f} s {megabytes:6.0f} MB {size:12,} bytes")
    ratio = found["ours"][0] / found["openpyxl write-only"][0]
    print(f"ratio {ratio:.2f} (promised {PROMISED_RATIO}), memory {found['ours'][1]:.0f} MB (promised {PROMISED_MB})")
    return 0 if ratio <= PROMISED_RATIO and found["ours"][1] <= PROMISED_MB else 1


if __name__ == "__main__":
    sys.exit(main())
