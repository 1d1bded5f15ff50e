"""A short report as PDF and as Excel."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from upstream.core import charts
from upstream.core.documents.pdf import Paper, fonts, write_pdf
from upstream.core.documents.sheets import Column, Table, new_sheet, packed, streaming_book, write_lines, write_table
from upstream.core.money import show_dollars
from upstream.reports.briefs import Brief, Cell, Grid, Part
from upstream.reports.render import words

NUMBERS = frozenset({"money", "count", "share", "points", "number"})
Row = dict[str, object]
# A table of so few rows stands on one page.
SHORT = 12
SHORT_TEXT = 40


def brief_pdf(brief: Brief, paper: Paper = "Letter", logo: str = "") -> bytes:
    """PDF bytes; RenderError when it cannot be made."""
    return write_pdf(html_of(brief, logo), render_to_string("reports/report.css", {"paper": paper, **fonts()}))


def html_of(brief: Brief, logo: str = "") -> str:
    """The page, which carries all it needs but its style sheet."""
    context = {"brief": brief, "logo": logo, "as_of": words.long_day(brief.as_of), "parts": _parts(brief)}
    return render_to_string("reports/brief.html", context)


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


def _parts(brief: Brief) -> list[Row]:
    return [_part(part) for part in brief.parts]


def _part(part: Part) -> Row:
    # Drawn by core.charts, which escapes every text it is given.
    return {"part": part, "chart": SafeString(part.chart), "grid": _grid(part.grid) if part.grid else None}


def _grid(grid: Grid) -> Row:
    """The first rows and columns as texts."""
    columns = grid.columns[: grid.columns_shown or len(grid.columns)]
    left = len(grid.rows) - grid.shown
    more = (
        f"{words.count(left, 'more row')} {'is' if left == 1 else 'are'} in the Excel."
        if left > 0 and not grid.silent
        else ""
    )
    return {
        "headings": [{"text": c.heading, "style": "n" if c.kind in NUMBERS else ""} for c in columns],
        "rows": [
            [
                {"text": _cell(value, column, exact=grid.exact), "style": _style(column)}
                for value, column in zip(row, columns, strict=False)
            ]
            for row in grid.rows[: grid.shown]
        ],
        "total": _total(grid, columns),
        "rest": more,
        "short": min(len(grid.rows), grid.shown) <= SHORT,
        "nothing": grid.nothing,
    }


def _total(grid: Grid, columns: tuple[Column, ...]) -> list[Row]:
    """A last row where there is something to add up, of all rows and not only of those shown."""
    if grid.whole:
        cells = zip(grid.whole, columns, strict=True)
        return [{"text": _cell(value, column, exact=grid.exact), "style": _style(column)} for value, column in cells]
    if len(grid.rows) < 2 or not any(column.total for column in columns):
        return []
    sums = [_cell(grid.total(column.heading), column, exact=grid.exact) if column.total else "" for column in columns]
    return [{"text": "Total" if place == 0 else text, "style": "n" if place else ""} for place, text in enumerate(sums)]


def _style(column: Column) -> str:
    """Numbers stand at the right; dates and short texts in one line."""
    if column.kind in NUMBERS:
        return "n"
    return "nowrap" if column.width <= SHORT_TEXT else ""


def _cell(value: Cell, column: Column, *, exact: bool) -> str:
    if value is None:
        return words.NOT_KNOWN
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return words.short_day(value)
    return _number(value, column.kind, exact=exact)


def _number(value: int | float | Decimal, kind: str, *, exact: bool) -> str:
    if kind == "money":
        return show_dollars(round(value), whole=not exact)
    if kind == "share":
        return charts.percent(float(value), 1)
    if kind == "points":
        return words.points(float(value))
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
