"""A short report as Excel."""

from collections.abc import Iterator
from datetime import date

from upstream.core.documents.sheets import new_sheet, packed, streaming_book, write_lines, write_table
from upstream.core.documents.tables import Table
from upstream.reports.briefs import Brief, Grid


def brief_xlsx(brief: Brief) -> bytes:
    """The workbook's bytes: what the report says, and every row of its tables."""
    about = f"{brief.practice}, report {brief.id}, as of {brief.as_of.isoformat()}"
    with streaming_book(title=f"{brief.practice}: {brief.title}", made_on=brief.as_of) as book:
        write_lines(new_sheet(book, "README", [26, 110]), _readme(brief))
        for grid in brief.grids:
            write_table(book, _table(grid), f"{grid.name}. {about}", grid.rows)
        return packed(book)


def _table(grid: Grid) -> Table:
    return Table(grid.name, grid.columns, grid.nothing)


def _readme(brief: Brief) -> Iterator[tuple[str, str | date]]:
    yield "Report", brief.id
    yield "Practice", brief.practice
    yield "What", brief.title
    yield "Period from", brief.period_start
    yield "Period to", brief.period_end
    yield "As of", brief.as_of
    yield from (("In doubt", caveat) for caveat in brief.caveats)
    yield from (("Summary", sentence) for sentence in brief.summary)
    yield from ((figure.label, f"{figure.value} {figure.note}".strip()) for figure in brief.figures)
    yield "Method", brief.method
    yield "Content SHA-256", brief.content_hash
    yield from ((d.term, d.meaning) for d in brief.definitions)
    yield "Totals", "Row 2 of each sheet sums what the filter shows."
