"""A practice's own report, on paper and as a workbook: what its page shows, to the cent, as of the end of a day."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from upstream.core.charts import value_chart
from upstream.core.documents.tables import Column
from upstream.core.errors import Invalid
from upstream.core.money import show_dollars
from upstream.explore import queries, showing
from upstream.explore.answering import Line, Table, Value, answer
from upstream.explore.choices import Basis, Unit
from upstream.explore.choices import Kind as DimensionKind
from upstream.explore.facts.reading import Standing
from upstream.explore.question import Question
from upstream.explore.terms import Dimension, Term
from upstream.reports.briefs import Brief, Cell, Figure, Grid, Part
from upstream.reports.kinds.base import Fact, Kind, Made, Subject
from upstream.reports.kinds.pieces import id_asked, made
from upstream.reports.render import words
from upstream.reports.shapes import Definition
from upstream.tenants.queries import bound_organization

MOST_SHOWN, FIGURES = 150, 3
KINDS = {Unit.NUMBER: "count", Unit.CENTS: "money", Unit.SHARE: "share"}
HALVES = ("counted", "of")


def make(subject: Subject) -> Made:
    """What the shared report with this id finds; Invalid("unknown_own") when it is shared no more, or deleted."""
    report = queries.shared_report(id_asked(subject))
    if report is None:
        raise Invalid("unknown_own", "there is no such report that is shared in the practice")
    table, practice = answer(queries.checked(report.definition), subject.as_of), bound_organization()
    columns = showing.columns(table.question)
    brief = Brief(
        id=f"OR-{subject.as_of:%Y-%m-%d}-{report.public_id.hex[:6].upper()}",
        title=report.name,
        practice=practice.name,
        period=words.period(table.first, table.last),
        period_start=table.first,
        period_end=table.last,
        as_of=subject.as_of,
        freshness=_freshness(table.standing, ZoneInfo(practice.time_zone)),
        caveats=("newer claims are still being written into these facts",) if table.standing.waiting else (),
        summary=tuple(_asked(table.question)),
        figures=tuple(_figure(value, table.question.basis) for value in table.total.values[:FIGURES]),
        parts=(_found(table),),
        definitions=tuple(Definition(column.name, column.words) for column in columns),
        method=f"version {report.version} of the report",
        link=subject.link,
    )  # fmt: skip
    facts: dict[str, Fact] = {"lines": len(table.lines)}
    return made(brief, subject, facts | {value.term.key: showing.shown(value) for value in table.total.values})


def _found(table: Table) -> Part:
    drawn = showing.chart(table)
    if drawn is None:
        return Part("What was found", grid=_grid(table))
    return Part(drawn.title, chart=value_chart(drawn), grid=_grid(table))


def _asked(question: Question) -> Iterator[str]:
    """By what, by which day and of which claims; the columns say what is counted."""
    by = f"By {' and '.join(dimension.name.lower() for dimension in question.by)}. " if question.by else ""
    yield f"{by}Claims belong to the period by the {question.basis.label}."
    for one in question.filters:
        values = ", ".join(one.dimension.shown(value) for value in one.values)
        yield f"{'Without' if one.leave_out else 'Only'} {one.dimension.name.lower()}: {values}."


def _freshness(standing: Standing, zone: ZoneInfo) -> str:
    if standing.as_of is None:
        return "No facts are written yet."
    at = standing.as_of.astimezone(zone)
    return f"Facts of {words.long_day(at.date())}, {at:%H:%M}: {words.count(standing.claims, 'claim')}."


def _figure(value: Value, basis: Basis) -> Figure:
    """A measure over all lines; of a share also both of its halves."""
    if value.of is None:
        return Figure(showing.heading(value.term, basis), showing.shown(value), "all together")
    return Figure(showing.heading(value.term, basis), showing.shown(value), f"{_half(value, 0)} of {_half(value, 1)}")


def _half(value: Value, place: int) -> str:
    amount = (value.some, value.of or 0)[place]
    return show_dollars(amount) if value.term.of_money else f"{amount:,}"


def _grid(table: Table) -> Grid:
    """Dimensions and measures; in the Excel also both halves of each share, so that its totals can be counted."""
    question = table.question
    dimensions = tuple(map(_dimension, question.by)) or (Column("Claims", width=24),)
    measures = tuple(_measure(term, question.basis) for term in question.measures)
    halves = tuple(_of_halves(table.total.values, question.basis))
    lines = table.lines if question.by else (table.total,)
    rows = tuple(_row(line, question.by) for line in lines)
    return Grid(
        "Found", (*dimensions, *measures, *halves), rows, "No claim.", shown=MOST_SHOWN,
        columns_shown=len(dimensions) + len(measures), exact=True, whole=_whole(table, len(dimensions)),
    )  # fmt: skip


def _dimension(dimension: Dimension) -> Column:
    return Column(dimension.name, "date" if dimension.kind == DimensionKind.DAY else "text", 24)


def _measure(term: Term, basis: Basis) -> Column:
    return Column(showing.heading(term, basis), KINDS[term.unit], 18, total=term.unit != Unit.SHARE)


def _of_halves(values: tuple[Value, ...], basis: Basis) -> Iterator[Column]:
    for value in values:
        if value.of is not None:
            kind = "money" if value.term.of_money else "count"
            for half in HALVES:
                yield Column(f"{showing.heading(value.term, basis)}: {half}", kind, 18, total=True)


def _row(line: Line, by: tuple[Dimension, ...]) -> tuple[Cell, ...]:
    told = zip(by, line.at, line.names, strict=False)
    names = [_name(dimension, at, name) for dimension, at, name in told] or ["All"]
    halves = (half for value in line.values if value.of is not None for half in (value.some, value.of))
    return (*names, *(value.value for value in line.values), *halves)


def _name(dimension: Dimension, at: str, name: str) -> Cell:
    return date.fromisoformat(at) if dimension.kind == DimensionKind.DAY and at else name


def _whole(table: Table, names: int) -> tuple[Cell, ...]:
    return ("All", *[""] * (names - 1), *(value.value for value in table.total.values)) if table.lines else ()


KIND = Kind(
    code="own",
    title="Own report",
    says="A report that somebody here put together and shares: its table, its chart and how each measure is counted.",
    formats=("pdf", "xlsx"),
    period="own",
    make=make,
)
