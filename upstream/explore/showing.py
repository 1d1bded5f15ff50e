"""Tables of own reports as people, files and programs get them, and the chart over them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from upstream.core.charts import Amount, ValueChart, percent
from upstream.core.money import dollars_of, show_dollars
from upstream.explore.answering import Line, Table, Value
from upstream.explore.choices import Basis, Kind, Unit
from upstream.explore.question import Question
from upstream.explore.terms import Term

MOST_BARS, MOST_COLUMNS = 20, 110
OTHER_BASIS = "The Measures page counts it by the {0}."


def shown(value: Value) -> str:
    """The value in words of people: 1,234, $12.50, 12.5% or a dash."""
    if value.value is None:
        return "–"
    if value.term.unit == Unit.SHARE:
        return percent(value.value, 1)
    return show_dollars(value.some) if value.term.unit == Unit.CENTS else f"{value.some:,}"


def plain(value: Value) -> str:
    """The value for files and programs: a whole number, dollars with two places, or a share from 0 to 1."""
    if value.value is None:
        return ""
    if value.term.unit == Unit.SHARE:
        return f"{value.value:.6f}"
    return str(dollars_of(value.some)) if value.term.unit == Unit.CENTS else str(value.some)


def heading(term: Term, basis: Basis) -> str:
    """The measure's name; with the report's day where the measure is defined by another one."""
    return term.name if term.basis in (None, basis) else f"{term.name}, by {basis.label}"


def note(term: Term, basis: Basis) -> str:
    """The formula, and that it is counted by another day than on the page Measures, if so."""
    if term.basis is None or term.basis == basis:
        return term.words
    return f"{term.words} {OTHER_BASIS.format(term.basis.label)}"


def in_words(question: Question, first: date, last: date) -> str:
    """What was asked, as a sentence of its own."""
    names = "; ".join(term.name for term in question.measures)
    by = f" by {' and '.join(dimension.name.lower() for dimension in question.by)}" if question.by else ""
    chosen = "".join(
        f"; {one.dimension.name.lower()} {'not ' if one.leave_out else ''}"
        + ", ".join(one.dimension.shown(value) for value in one.values)
        for one in question.filters
    )
    return f"{names}{by}, {_day(first)} to {_day(last)} by {question.basis.label}{chosen}"


def _day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def file_rows(table: Table) -> Iterator[list[str]]:
    """Headings, one row a line, and the total."""
    basis = table.question.basis
    names = [dimension.name for dimension in table.question.by] or ["Group"]
    yield [*names, *(heading(term, basis) for term in table.question.measures)]
    for line in table.lines:
        yield [*line.names, *(plain(value) for value in line.values)]
    yield ["All", *[""] * (len(names) - 1), *(plain(value) for value in table.total.values)]


@dataclass(frozen=True)
class Column:
    """A measure as the head of a column."""

    key: str
    name: str
    words: str


def columns(question: Question) -> list[Column]:
    return [Column(term.key, heading(term, question.basis), note(term, question.basis)) for term in question.measures]


def chart(table: Table) -> ValueChart | None:
    """The first measure by the first dimension, added up over the others; None without a dimension or a line."""
    if not table.question.by or not table.lines:
        return None
    dimension, term = table.question.by[0], table.question.measures[0]
    along = dimension.kind == Kind.DAY
    groups = _by_first(table.lines)
    if not along:
        groups.sort(key=lambda pair: -(pair[1].value or 0))
    kept = groups[-MOST_COLUMNS:] if along else groups[:MOST_BARS]
    amounts = tuple(Amount(name, value.value, shown(value)) for name, value in kept)
    by = f"{heading(term, table.question.basis)} by {dimension.name.lower()}"
    return ValueChart(by if len(kept) == len(groups) else f"{by}, the {len(kept)} largest", amounts, along)


def _by_first(lines: tuple[Line, ...]) -> list[tuple[str, Value]]:
    """The first measure of each value of the first dimension; shares by the sums of their halves."""
    sums: dict[str, tuple[str, int, int]] = {}
    for line in lines:
        name, some, of = sums.get(line.at[0], (line.names[0], 0, 0))
        sums[line.at[0]] = name, some + line.values[0].some, of + (line.values[0].of or 0)
    term = lines[0].values[0].term
    return [(name, Value(term, some, of if term.of else None)) for name, some, of in sums.values()]
