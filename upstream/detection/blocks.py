"""Claims as detection reads them, kept ready in a block for each submission week and made anew when that changed.

A block remembers how often its week had changed when its claims were read, and the layout it was made in. One that is
missing, older or laid out otherwise is made from the claims themselves, so that none is ever stale, whatever was killed
or ran beside it: a load counts its weeks up in the same commit as their claims.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import ClientCursor

from upstream.core import tenancy
from upstream.detection.claimrows import COLUMNS, Claims, canonical
from upstream.detection.layout import NEVER, Column, Kind
from upstream.detection.models import ClaimBlock
from upstream.detection.packing import Part, joined, pack, ranked, unpack
from upstream.tenants.models import Site

Ints = NDArray[np.int64]
FORMAT, AT_ONCE = 1, 25
NULL, BETWEEN = "\x1e", "\x1f"
EPOCH = date(2000, 1, 1)
FIRST, LAST = date(1970, 1, 5), date(2100, 1, 4)

# Weeks are met one by one in the index by submission: however many claims a week has, it costs one look.
STATES = """
WITH RECURSIVE monday (week) AS (
    SELECT date_trunc('week', min(submitted_date))::date FROM claims_claim WHERE tenant_id = %(tenant)s
    UNION ALL
    SELECT (SELECT date_trunc('week', min(submitted_date))::date FROM claims_claim
        WHERE tenant_id = %(tenant)s AND submitted_date >= week + 7)
    FROM monday WHERE week IS NOT NULL
)
SELECT m.week, coalesce(w.changes, 0), coalesce(b.changes = coalesce(w.changes, 0) AND b.layout = %(layout)s, false),
    b.first_week, b.last_week
FROM monday m
LEFT JOIN claims_submissionweek w ON w.tenant_id = %(tenant)s AND w.week = m.week
LEFT JOIN detection_claimblock b ON b.tenant_id = %(tenant)s AND b.week = m.week
WHERE m.week IS NOT NULL ORDER BY 1
"""

# The facts as they stand, from the moment of their last correction on, and every earlier version until it ended; with
# each the file of its first answer, and the payment in that file, by the place where it begins.
VERSIONS = """
WITH paying AS MATERIALIZED (
    SELECT batch_id, check_number, min(id) AS payment FROM claims_remittance
    WHERE tenant_id = %(tenant)s AND check_number <> '' GROUP BY 1, 2
), mine AS MATERIALIZED (
    SELECT c.*, a.batch_id AS answer_batch, p.payment FROM claims_claim c LEFT JOIN LATERAL (
        SELECT batch_id, check_number FROM claims_adjudication
        WHERE tenant_id = %(tenant)s AND claim_id = c.id AND known_at = c.decision_known_at ORDER BY id LIMIT 1
    ) a ON true
    LEFT JOIN paying p ON p.batch_id = a.batch_id AND p.check_number = a.check_number
    WHERE c.tenant_id = %(tenant)s AND c.submitted_date >= %(monday)s AND c.submitted_date < %(monday)s + 7
), earlier AS MATERIALIZED (
    SELECT * FROM claims_claimrevision WHERE tenant_id = %(tenant)s AND claim_id IN (SELECT id FROM mine)
), version AS (
    SELECT {columns} FROM mine c CROSS JOIN LATERAL (SELECT c.*) v
    LEFT JOIN (SELECT claim_id, max(known_until) AS ended FROM earlier GROUP BY 1) e ON e.claim_id = c.id
    CROSS JOIN LATERAL (SELECT coalesce(e.ended, '-infinity') AS since, 'infinity'::timestamptz AS until) t
    WHERE {counted}
    UNION ALL
    SELECT {columns} FROM earlier v JOIN mine c ON c.id = v.claim_id
    CROSS JOIN LATERAL (SELECT v.known_from AS since, v.known_until AS until) t
    WHERE {counted}
)
SELECT {packed} FROM version
"""
COUNTED = "v.family_key = c.number_bidx AND v.payer_order = 1"
SENT = {
    Kind.NUMBER: "string_agg(int8send(({0})::bigint), ''::bytea)",
    Kind.DAY: "string_agg(date_send(coalesce({0}, 'infinity')), ''::bytea)",
    Kind.WEEK: "string_agg(timestamptz_send(coalesce({0}, 'infinity')), ''::bytea)",
    Kind.NAME: "convert_to(string_agg(coalesce({0}, %(null)s), %(between)s), 'UTF8')",
}


class State(NamedTuple):
    """One submission week: whether its block tells of its claims as they are, and the weeks of the versions in it."""

    week: date
    changes: int
    stands: bool
    first: date | None
    last: date | None


def claims(
    *, time_zone: str, first: date | None = None, last: date | None = None, payers: Iterable[int] | None = None
) -> Claims:
    """Every version of the counted claims (first of its family, primary payer), of these payers or of all.

    All that were submitted between two Mondays, and maybe some more. Known weeks are the Mondays in the practice's time
    zone. Inside a transaction; what is read anew is kept.
    """
    parts = _parts(time_zone, first or FIRST, last or LAST)
    if payers is not None:
        wanted = list(payers)
        parts = [part.only(wanted) for part in parts]
    return joined(parts, dict(Site.objects.values_list("pk", "name")))


def _parts(time_zone: str, first: date, last: date) -> list[Part]:
    states = _states(time_zone)
    made = {state.week: _read(state.week, time_zone) for state in states if not state.stands}
    _keep([(state, made[state.week]) for state in states if state.week in made], layout_of(time_zone))
    standing = [state.week for state in states if state.stands and _meets(state, first, last)]
    kept = {week: unpack(week, content) for week, content in _contents(standing)}
    return [part for _, part in sorted({**made, **kept}.items())]


def _meets(state: State, first: date, last: date) -> bool:
    return state.first is not None and state.last is not None and state.first <= last and state.last >= first


def _states(time_zone: str) -> list[State]:
    with connection.cursor() as cursor:
        cursor.execute(STATES, {"tenant": tenancy.required(), "layout": layout_of(time_zone)})
        return [State(*row) for row in cursor.fetchall()]


def _contents(weeks: list[date]) -> list[tuple[date, bytes]]:
    return list(ClaimBlock.objects.filter(week__in=weeks).values_list("week", "content"))


def _keep(made: list[tuple[State, Part]], layout: str) -> None:
    """These parts stand as the blocks of their weeks."""
    blocks = []
    for state, part in made:
        weeks = joined([part], UNNAMED_PLACES).submitted_week
        ends = (weeks.min().astype(date), weeks.max().astype(date)) if len(weeks) else (None, None)
        blocks.append(
            ClaimBlock(
                week=state.week, changes=state.changes, layout=layout, first_week=ends[0], last_week=ends[1],
                content=pack(part),
            )
        )  # fmt: skip
    fields = ["changes", "layout", "first_week", "last_week", "content"]
    ClaimBlock.objects.bulk_create(
        blocks, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["tenant", "week"], update_fields=fields
    )


class _AnyPlace(dict[int, str]):
    def __missing__(self, key: int) -> str:
        return str(key)


UNNAMED_PLACES = _AnyPlace()


@lru_cache
def layout_of(time_zone: str) -> str:
    """Another one wherever a block would hold something else for the same claims."""
    told = repr((FORMAT, time_zone, sorted((title, repr(column)) for title, column in COLUMNS.items())))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _read(week: date, time_zone: str) -> Part:
    listed = ", ".join(f"{column.sql} AS {title}" for title, column in COLUMNS.items())
    packed = ", ".join(SENT[column.kind].format(title) for title, column in COLUMNS.items())
    query = VERSIONS.format(columns=listed, counted=COUNTED, packed=packed)
    row = _one_row(query, {"monday": week, "null": NULL, "between": BETWEEN})
    columns, names = {}, {}
    for (title, column), sent in zip(COLUMNS.items(), row, strict=True):
        columns[title], names[title] = _values(column, sent, time_zone)
    part = Part(week, columns, {title: found for title, found in names.items() if found})
    order = canonical(joined([part], UNNAMED_PLACES))
    return Part(week, {title: values[order] for title, values in columns.items()}, part.names)


def _one_row(query: str, values: dict[str, Any]) -> tuple[bytes | None, ...]:
    """The one row of a query for nothing but bytes, as they are."""
    with connection.cursor() as cursor:
        bound = ClientCursor(cursor.connection).mogrify(query, {"tenant": tenancy.required(), **values})
        with cursor.copy(f"COPY ({bound}) TO STDOUT (FORMAT BINARY)") as copy:
            copy.set_types(["bytea"] * len(COLUMNS))
            (row,) = copy.rows()
    return tuple(row)


def _values(column: Column, sent: bytes | None, time_zone: str) -> tuple[Ints, tuple[str, ...]]:
    """A column's whole numbers and, of one of names, the names that they are places in; None for no rows."""
    if column.kind == Kind.NAME:
        return _places([] if sent is None else sent.decode().split(BETWEEN))
    sent = sent or b""
    if column.kind == Kind.DAY:
        days = np.frombuffer(sent, ">i4").astype(np.int64)
        return np.where(days == np.iinfo(np.int32).max, NEVER, days + (EPOCH - date(1970, 1, 1)).days), ()
    values = np.frombuffer(sent, ">i8").astype(np.int64)
    return (values if column.kind == Kind.NUMBER else _mondays(values, time_zone)), ()


def _places(found: list[str]) -> tuple[Ints, tuple[str, ...]]:
    names = ranked(set(found) - {NULL})
    place = {label: i for i, label in enumerate(names)} | {NULL: -1}
    return np.array([place[label] for label in found], dtype=np.int64), names


def _mondays(moments: Ints, time_zone: str) -> Ints:
    """Days since 1970 of the Mondays of moments (microseconds since 2000), NEVER for the end of time."""
    starts, days = _weeks_of(time_zone)
    at = np.searchsorted(starts, moments, side="right") - 1
    mondays = np.where(at < 0, -NEVER, days[np.maximum(at, 0)])
    return np.where(moments == np.iinfo(np.int64).max, NEVER, mondays)


@lru_cache
def _weeks_of(time_zone: str) -> tuple[Ints, Ints]:
    """When each week from FIRST to LAST begins, in microseconds since 2000, and its Monday in days since 1970."""
    zone, week = ZoneInfo(time_zone), timedelta(days=7)
    mondays = [FIRST + n * week for n in range((LAST - FIRST) // week + 1)]
    epoch = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))
    begins = [datetime(day.year, day.month, day.day, tzinfo=zone) - epoch for day in mondays]
    days = [(day - date(1970, 1, 1)).days for day in mondays]
    return np.array([begin // timedelta(microseconds=1) for begin in begins]), np.array(days)
