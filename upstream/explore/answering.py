"""A question answered: values in the order that was asked for, their total, and the claims behind one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.detection.queries import latest_run
from upstream.explore.asking import Answer, Limits, ask
from upstream.explore.compiling import MOST_ROWS, PAGE, Compiled, claims_behind, compiled
from upstream.explore.facts.reading import Period, Standing, opened, standing
from upstream.explore.places import place
from upstream.explore.question import Question
from upstream.explore.terms import Term
from upstream.kpis.measures import usual_span
from upstream.tenants.queries import bound_organization

LIMITS = Limits(seconds=20, rows=MOST_ROWS + 1)


@dataclass(frozen=True)
class Value:
    """A measure's value: a number, cents, or a share with both of its halves; None of nothing."""

    term: Term
    some: int
    of: int | None = None

    @property
    def value(self) -> float | int | None:
        if not self.term.of:
            return self.some
        return self.some / self.of if self.of else None


@dataclass(frozen=True)
class Line:
    """One group: its values of the dimensions as they are kept and in words, and those of the measures."""

    at: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """What a question found, of which days, as of when."""

    question: Question
    first: date
    last: date
    standing: Standing
    lines: tuple[Line, ...]
    total: Line


def answer(question: Question, until: date | None = None) -> Table:
    """The question's table over the bound practice's facts; of weeks that are complete by the end of `until`, if given.

    Invalid("too_many") for more groups than MOST_ROWS; NotAnswered past a limit; Conflict where no place was free.
    """
    first, last = period_of(question, until)
    wanted = compiled(question, first, last)
    found = _put(wanted, question, first, last)
    if len(found.rows) > MOST_ROWS:
        raise Invalid("too_many", f"that makes more than {MOST_ROWS:,} lines: choose fewer dimensions, or filter")
    lines = [_line(question, wanted, row) for row in found.rows] if question.by else []
    total = _total(question, wanted, found.rows)
    return Table(question, first, last, standing(), tuple(_sorted(question, lines)), total)


def claims_of(question: Question, term: Term, at: tuple[str, ...], page: int) -> tuple[list[str], bool]:
    """Public ids of the claims that a value counts, the newest first, and whether there are more after this page."""
    first, last = period_of(question)
    found = _put(claims_behind(question, first, last, term, at, page), question, first, last)
    ids = [str(row[0]) for row in found.rows]
    return ids[:PAGE], len(ids) > PAGE


def period_of(question: Question, until: date | None = None) -> tuple[date, date]:
    """First and last day; the last weeks are those that the measures' page takes for complete, or took at `until`."""
    if question.first and question.last:
        return question.first, question.last
    last = usual_span(latest_run(), clock.today(bound_organization().time_zone)).end
    if until is not None:
        last = min(last, until - timedelta(days=(until.weekday() + 1) % 7))
    return last + timedelta(days=1) - timedelta(weeks=question.weeks or 1), last


def _put(wanted: Compiled, question: Question, first: date, last: date) -> Answer:
    with place(), opened(Period(question.basis, first, last)) as tables:
        return ask(wanted.sql, wanted.values, tables, LIMITS, strange=False)


def _line(question: Question, wanted: Compiled, row: Sequence[Any]) -> Line:
    at = tuple("" if value is None else str(value) for value in row[: len(question.by)])
    names = tuple(dimension.shown(value) for dimension, value in zip(question.by, at, strict=True))
    return Line(at, names, _values(question, wanted, row[len(question.by) :]))


def _values(question: Question, wanted: Compiled, sums: Sequence[Any]) -> tuple[Value, ...]:
    by_sum = {expression: int(value or 0) for expression, value in zip(wanted.sums, sums, strict=True)}
    return tuple(Value(term, by_sum[term.some], by_sum[term.of] if term.of else None) for term in question.measures)


def _total(question: Question, wanted: Compiled, rows: Sequence[Sequence[Any]]) -> Line:
    """Sums of all groups; a share's total is that of its halves."""
    skip = len(question.by)
    sums = [sum(int(row[skip + place] or 0) for row in rows) for place in range(len(wanted.sums))]
    return Line((), ("All",), _values(question, wanted, sums))


def _sorted(question: Question, lines: list[Line]) -> list[Line]:
    if not question.sort:
        return lines
    place = [term.key for term in question.measures].index(question.sort)
    return sorted(lines, key=lambda line: (line.values[place].value is None, -(line.values[place].value or 0)))
