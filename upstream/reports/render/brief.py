"""A short report as PDF."""

from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from upstream.core import charts
from upstream.core.documents.pdf import Paper, filled, fonts, write_pdf
from upstream.core.documents.tables import Column
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
    return write_pdf(html_of(brief, logo), filled("reports/report.css", {"paper": paper, **fonts()}))


def html_of(brief: Brief, logo: str = "") -> str:
    """The page, which carries all it needs but its style sheet."""
    context = {"brief": brief, "logo": logo, "as_of": words.long_day(brief.as_of), "parts": _parts(brief)}
    return filled("reports/brief.html", context)


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
