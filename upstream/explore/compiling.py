"""Questions as SQL: columns and sums by name from the terms, every value of a person bound as a parameter. Pure.

The SQL keeps to what DuckDB and Spark both run: sums, CASE, IN, GROUP BY, ORDER BY, LIMIT, positional parameters.
"""

from dataclasses import dataclass
from datetime import date

from upstream.explore.choices import Kind
from upstream.explore.question import Question
from upstream.explore.terms import Term

MOST_ROWS = 5_000
PAGE = 100


@dataclass(frozen=True)
class Compiled:
    """A statement with its values; `sums` are the expressions whose sums follow the dimensions, in order."""

    sql: str
    values: tuple[str | int, ...]
    sums: tuple[str, ...] = ()


def compiled(question: Question, first: date, last: date) -> Compiled:
    """Sums of the question's measures by its dimensions, in the order of these; one row more than MOST_ROWS at most."""
    where, values = _where(question, first, last)
    sums = tuple(dict.fromkeys(part for term in question.measures for part in (term.some, term.of) if part))
    places = [dimension.of(question.basis) for dimension in question.by]
    told = [*places, *(f"sum({expression}) AS sum_{n}" for n, expression in enumerate(sums))]
    grouped = f" GROUP BY {', '.join(places)} ORDER BY {', '.join(places)}" if places else ""
    sql = f"SELECT {', '.join(told)} FROM claims WHERE {where}{grouped} LIMIT {MOST_ROWS + 1}"
    return Compiled(sql, values, sums)


def claims_behind(question: Question, first: date, last: date, term: Term, at: tuple[str, ...], page: int) -> Compiled:
    """Ids of the claims that a value counts, the newest first, a page of them and one more."""
    where, values = _where(question, first, last)
    parts = [where, *(_equals(dimension.of(question.basis), dimension.kind) for dimension in question.by[: len(at)])]
    if term.counts:
        parts.append(term.counts)
    order = f"ORDER BY {question.basis.value}_date DESC, claim LIMIT {PAGE + 1} OFFSET {PAGE * page}"
    return Compiled(f"SELECT claim FROM claims WHERE {' AND '.join(parts)} {order}", (*values, *at))


def _where(question: Question, first: date, last: date) -> tuple[str, tuple[str | int, ...]]:
    day = f"{question.basis.value}_date"
    parts, values = [f"{day} >= CAST(? AS DATE)", f"{day} <= CAST(? AS DATE)"], [first.isoformat(), last.isoformat()]
    for one in question.filters:
        marks = ", ".join("?" for _ in one.values)
        parts.append(f"{one.dimension.of(question.basis)} {'NOT IN' if one.leave_out else 'IN'} ({marks})")
        values += one.values
    return " AND ".join(parts), tuple(values)


def _equals(column: str, kind: Kind) -> str:
    return f"{column} = CAST(? AS DATE)" if kind == Kind.DAY else f"{column} = ?"
