"""Counts of one file, payer by payer, in one statement for each kind of row."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from upstream.core import tenancy
from upstream.core.db.planning import no_nested_loops
from upstream.ingestion.quality.predicates import BASES, OF_FILE, PREDICATES, Rows


@dataclass(frozen=True)
class Count:
    """Rows of one payer that a check counts, of how many; the days and the money (cents) that they touch.

    `one_cause` of them have the most frequent cause, where the check knows any.
    """

    check: str
    payer_id: int
    count: int
    of: int
    cents: int
    first_day: date | None
    last_day: date | None
    one_cause: int = 0


def counts(batch_id: int, today: date) -> list[Count]:
    """Every check that counts rows, for every payer with such rows in the file. One query for each kind of row.

    Joins go row by row in no case: what the planner knows of a table that was just filled may be nothing.
    """
    with connection.cursor() as cursor, no_nested_loops(cursor):
        return [count for base in BASES for count in _counted(base, batch_id, today)]


def with_causes(batch_id: int, counted: Iterable[Count], checks: Collection[str]) -> list[Count]:
    """The same counts; those of `checks` say how many of their rows have one cause. One query for each such check."""
    largest = {name: _largest_causes(batch_id, PREDICATES[name]) for name in checks}
    return [
        replace(count, one_cause=largest[count.check].get(count.payer_id, 0)) if count.check in largest else count
        for count in counted
    ]


def _largest_causes(batch_id: int, rows: Rows) -> dict[int, int]:
    query = f"""SELECT payer_id, max(number) FROM (
        SELECT x.payer_id, {rows.cause} AS cause, count(*) AS number FROM {BASES[rows.base].rows}
        WHERE {OF_FILE} AND ({rows.among}) AND ({rows.where}) GROUP BY 1, 2) cause_of WHERE cause <> '' GROUP BY 1"""
    with connection.cursor() as cursor, no_nested_loops(cursor):
        return dict(_rows(query, {"batch": batch_id}))


def sizes(batch_id: int) -> dict[int, tuple[int, int]]:
    """Claims and answers of each payer in the file."""
    found: dict[int, list[int]] = {}
    for place, table in enumerate(("claims_claim", "claims_adjudication")):
        query = f"SELECT x.payer_id, count(*) FROM {table} x WHERE {OF_FILE} GROUP BY 1 ORDER BY 1"
        for payer, number in _rows(query, {"batch": batch_id}):
            found.setdefault(payer, [0, 0])[place] = number
    return {payer: (claims, answers) for payer, (claims, answers) in found.items()}


def codes(batch_id: int) -> list[str]:
    """The adjustment codes in the file's answers."""
    query = f"""WITH brought AS MATERIALIZED (SELECT x.id FROM claims_adjudication x WHERE {OF_FILE})
        SELECT DISTINCT a.carc FROM claims_adjustment a JOIN brought b ON b.id = a.adjudication_id
        WHERE a.tenant_id = %(tenant)s AND a.carc <> ''
          AND a.adjudication_id BETWEEN (SELECT min(id) FROM brought) AND (SELECT max(id) FROM brought) ORDER BY 1"""
    with connection.cursor() as cursor, no_nested_loops(cursor):
        return [code for (code,) in _rows(query, {"batch": batch_id})]


def _counted(base: str, batch_id: int, today: date) -> Iterator[Count]:
    checks = {name: rows for name, rows in PREDICATES.items() if rows.base == base}
    columns = ", ".join(_columns(rows) for rows in checks.values())
    query = f"SELECT x.payer_id, {columns} FROM {BASES[base].rows} WHERE {OF_FILE} GROUP BY 1 ORDER BY 1"
    for payer, *values in _rows(query, {"batch": batch_id, "today": today}):
        for place, name in enumerate(checks):
            of, count, cents, first, last = values[5 * place : 5 * place + 5]
            yield Count(name, payer, count, of, int(cents or 0), first, last)


def _columns(rows: Rows) -> str:
    base, which = BASES[rows.base], f"FILTER (WHERE ({rows.among}) AND ({rows.where}))"
    return (
        f"count(*) FILTER (WHERE {rows.among}), count(*) {which}, sum({base.cents}) {which},"
        f" min({base.day}) {which}, max({base.day}) {which}"
    )


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"tenant": tenancy.required(), **values})
        return list(cursor.fetchall())
