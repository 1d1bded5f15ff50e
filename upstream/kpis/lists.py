"""Lists of the families that weekly sums add up: the same rows, one by one, so that counting them gives the measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.detection.queries import latest_run
from upstream.kpis import definitions as d
from upstream.kpis import denials, families, speed, sums
from upstream.kpis.answers import SUMS
from upstream.kpis.choices import Fact
from upstream.kpis.measures import mature_weeks
from upstream.kpis.money import LATER_WEEKS, old_before
from upstream.kpis.rules import Span
from upstream.kpis.sums import Ask, waited

SINCE = (Fact.OPEN_SINCE, Fact.DENIED_OPEN)
WEEKS = """SELECT DISTINCT sent_week FROM kpis_weeksum WHERE tenant_id = %(tenant)s AND fact = ANY(%(facts)s)
    AND week BETWEEN %(first)s AND %(last)s AND payer_id = ANY(coalesce(%(payers)s, ARRAY[payer_id]))"""
SENT = f"""SELECT coalesce(sum(number), 0) FROM kpis_weeksum WHERE tenant_id = %(tenant)s AND fact = '{Fact.SENT}'
    AND payer_id = ANY(coalesce(%(payers)s, ARRAY[payer_id])) AND sent_week IN ({WEEKS})"""
CHOSEN = """chosen AS (SELECT * FROM ({rows}) every
    WHERE week BETWEEN %(first)s AND %(last)s AND payer = ANY(coalesce(%(payers)s, ARRAY[payer])))"""
# Each form: claim, days, what became of it, whether it counts, its cents, those of the whole, and what prices those.
DAYS = """SELECT family AS claim, CASE WHEN fact IN ('open_since', 'denied_open')
        THEN greatest(%(today)s - days, 0) ELSE days END AS days,
    fact AS said, fact NOT IN ('open_since', 'denied_open', 'left_unpaid') AS counts, cents, NULL::bigint AS whole,
    payer, NULL::bigint AS before FROM chosen"""
SHARES = """SELECT family AS claim, NULL::int AS days, '' AS said, {counts} AS counts,
    max(cents)::bigint AS cents, NULL::bigint AS whole, payer, NULL::bigint AS before
FROM chosen GROUP BY family, payer"""
DUE = """SELECT family AS claim, x.days, fact AS said, x.days > p.days AS counts, cents, NULL::bigint AS whole,
    c.payer, NULL::bigint AS before
FROM unnest(%(payers)s::bigint[], %(clocks)s::int[]) AS p (payer, days) JOIN chosen c ON c.payer = p.payer
    AND c.week >= %(begins)s::date - p.days - 6 AND c.week <= %(ends)s::date - p.days - 6
CROSS JOIN LATERAL (SELECT CASE WHEN fact = 'open_since' THEN %(today)s - c.days ELSE c.days END AS days) x"""
COLLECTED = """SELECT family AS claim, NULL::int AS days, max(fact) FILTER (WHERE fact <> 'collected') AS said,
    true AS counts, sum(cents) FILTER (WHERE fact = 'collected')::bigint AS cents,
    coalesce(sum(cents) FILTER (WHERE fact <> 'collected'), 0)::bigint AS whole, payer,
    sum(before) FILTER (WHERE fact = 'uncollected')::bigint AS before
FROM (SELECT *, coalesce(sum(cents) OVER (PARTITION BY fact, payer ORDER BY family
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM chosen) each GROUP BY family, payer"""
WAITING = """SELECT family AS claim, %(today)s - days AS days, '' AS said, true AS counts, cents,
    NULL::bigint AS whole, payer, NULL::bigint AS before FROM chosen WHERE days <= %(today)s"""
OLD = """SELECT family AS claim, %(today)s - days AS days, '' AS said, days < %(old)s AS counts, 0::bigint AS cents,
    cents AS whole, payer, coalesce(sum(cents) OVER (PARTITION BY payer, days ORDER BY family
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before
FROM chosen WHERE days <= %(today)s"""
AGAIN = "SELECT family AS claim, payer, sum(each)::int FROM chosen GROUP BY family, payer"
ROWS = "WITH {chosen} SELECT * FROM ({form}) list ORDER BY {order} LIMIT %(most)s OFFSET %(skip)s"

EXCEPTIONS_FIRST, NEWEST, SHORTEST = "counts, claim DESC", "claim DESC", "days, claim"
REFUSED = [Outcome.DENIED, Outcome.PARTIAL]
# Claims laid out for one page, a quarter of a second; those of a few outcomes are passed over five times as fast.
MOST_AT_ONCE, FEW_OUTCOMES = 8_000, 5
OF_ANY_WEEK = (d.DAYS_IN_AR.key, d.OLD_AR.key)
SAID: Mapping[str, str] = {
    Fact.PAID_AFTER: "paid", Fact.LEFT_UNPAID: "answered, never paid", Fact.OPEN_SINCE: "waits",
    Fact.ANSWERED_AFTER: "answered", Fact.REMIT_AFTER: "answered", Fact.DENIED_PAID: "paid",
    Fact.DENIED_PATIENT: "given to the patient", Fact.DENIED_OPEN: "still open", Fact.COLLECTABLE: "allowed",
    Fact.UNCOLLECTED: "refused or open",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One row: a family's first claim, days, what became of it, whether it counts, and its cents; `whole` are the cents
    that it adds to the denominator, priced after `before` cents of the same payer where that is told."""

    claim: int
    days: int | None
    said: str
    counts: bool
    cents: int
    whole: int | None
    payer: int
    before: int | None


@dataclass(frozen=True)
class Listing:
    """The list of one measure. `counts` says in words what its marked rows are, "" where all count."""

    words: str
    facts: tuple[Fact, ...]
    form: str
    order: str
    counts: str = ""
    outcomes: Sequence[int] | None = None


PAID = Listing(
    "Claims of the period by the days until they were paid", (Fact.PAID_AFTER, Fact.LEFT_UNPAID, Fact.OPEN_SINCE),
    DAYS, SHORTEST, "paid",
)  # fmt: skip
BECAME = Listing(
    "First denials of the period by the days until they ended",
    (Fact.DENIED_PAID, Fact.DENIED_PATIENT, Fact.DENIED_OPEN), DAYS, SHORTEST, "ended", REFUSED,
)  # fmt: skip
LISTS: Mapping[str, Listing] = {
    **{definition.key: PAID for definition in d.LAGS.values()},
    **{definition.key: BECAME for definition in d.RESOLVED.values()},
    d.REMIT_LAG.key: Listing(
        "Answers by the days from the payer's receipt to its payment advice", (Fact.REMIT_AFTER,), DAYS, SHORTEST
    ),
    d.PROMPT_PAY.key: Listing(
        "Claims due for an answer, the late ones first", (Fact.ANSWERED_AFTER, Fact.OPEN_SINCE), DUE,
        "counts DESC, days DESC, claim", "late",
    ),
    d.FIRST_PASS.key: Listing(
        "Claims first answered, first those that one answer did not settle", (Fact.ANSWERED, Fact.FIRST_PASS),
        SHARES.format(counts=f"bool_or(fact = '{Fact.FIRST_PASS}')"), EXCEPTIONS_FIRST, "settled by the first answer",
    ),
    d.CLEAN.key: Listing(
        "Claims that were acknowledged, first those that were turned away", (Fact.ACKNOWLEDGED, Fact.TURNED_AWAY),
        SHARES.format(counts=f"NOT bool_or(fact = '{Fact.TURNED_AWAY}')"), EXCEPTIONS_FIRST, "never turned away",
    ),
    d.DOWN_CODED.key: Listing(
        "Claims first answered, first those answered under another code", (Fact.BY_PROCEDURE, Fact.DOWN_CODED),
        SHARES.format(counts=f"bool_or(fact = '{Fact.DOWN_CODED}')"), "counts DESC, claim DESC", "under another code",
    ),
    d.PAYERS_COLLECTION.key: Listing(
        "Claims by what was paid, and what was owed", (Fact.COLLECTED, Fact.COLLECTABLE, Fact.UNCOLLECTED), COLLECTED,
        NEWEST,
    ),
    d.DAYS_IN_AR.key: Listing(
        "Claims without a first answer, the oldest first", (Fact.OPEN_SINCE,), WAITING, "days DESC, claim",
        outcomes=[Outcome.PENDING],
    ),
    d.OLD_AR.key: Listing(
        "Claims without a first answer, the oldest first", (Fact.OPEN_SINCE,), OLD, "days DESC, claim",
        "older than 90 days", [Outcome.PENDING],
    ),
}  # fmt: skip


def entries(key: str, ask: Ask, *, skip: int = 0, most: int | None = None) -> list[Entry]:
    """The rows of a measure in LISTS, in its order; none where it is unknown.

    As many queries however many claims: the families of its weeks are laid out as when they are summed, and dropped.
    """
    listing, values = LISTS[key], _asked(key, ask)
    if values is None:
        return []
    found = _read(listing, _values(listing, ask) | values | {"skip": skip, "most": most})
    return [Entry(row[0], row[1], SAID.get(row[2], ""), *row[3:]) for row in found]


def _values(listing: Listing, ask: Ask) -> dict[str, Any]:
    return {
        "tenant": tenancy.required(), "zone": ask.time_zone, "facts": list(listing.facts), "skip": 0, "most": None,
        "today": ask.as_of.toordinal(), "outcomes": listing.outcomes,
    }  # fmt: skip


def _read(listing: Listing, values: dict[str, Any]) -> list[Any]:
    chosen = CHOSEN.format(rows=" UNION ALL ".join(one.one_by_one for one in SUMS if one.fact in listing.facts))
    with connection.cursor() as cursor:
        cursor.execute(WEEKS, values)
        values["weeks"] = [week for (week,) in cursor.fetchall()]
        families.begin(cursor, values)
        families.build(cursor, values)
        cursor.execute(ROWS.format(chosen=chosen, form=listing.form, order=listing.order), values)
        found = cursor.fetchall()
        families.drop(cursor, "summing")
        return found


def is_long(key: str, ask: Ask) -> bool:
    """Whether a measure's list is chosen from more claims than one page should wait for; from weekly sums."""
    listing = LISTS.get(key)
    values = _asked(key, ask) if listing else None
    if listing is None or values is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(SENT, _values(listing, ask) | values)
        sent: int = cursor.fetchone()[0]
    return sent > MOST_AT_ONCE * (FEW_OUTCOMES if listing.outcomes else 1)


def sooner(key: str, ask: Ask, days: int) -> int:
    """How many rows of a list by days have fewer; from weekly sums. One query."""
    found = sums.by_days(LISTS[key].facts, ask.span, ask.payer)
    told = [waited(found[fact], ask.as_of) if fact in SINCE else found[fact] for fact in LISTS[key].facts]
    return sum(number for counts in told for at, number in counts.items() if at < days)


def again(ask: Ask) -> list[tuple[int, int, int]]:
    """Claims of the weeks that were sent again: their id, payer, and how often."""
    listing = Listing("", (Fact.SENT_AGAIN,), AGAIN, NEWEST)
    values = _values(listing, ask) | {"payers": _payers(ask), "first": ask.span.first, "last": ask.span.last}
    return [(claim, payer, number) for claim, payer, number in _read(listing, values)]


def _asked(key: str, ask: Ask) -> dict[str, Any] | None:
    """Which weeks of which payers: those that the measure itself asks for."""
    span: Span | None = ask.span
    values: dict[str, Any] = {"payers": _payers(ask)}
    if key == d.PROMPT_PAY.key:
        return _due(ask)
    if key in OF_ANY_WEEK:
        return {**values, "first": date.min, "last": date.max, "old": old_before(ask.as_of).toordinal()}
    if key == d.FIRST_PASS.key:
        span = mature_weeks(ask.span, denials.cohorts(latest_run(), ask.span, ask.payer))
    if key == d.PAYERS_COLLECTION.key:
        span = ask.span.back(LATER_WEEKS)
    return None if span is None else {**values, "first": span.first, "last": span.last}


def _payers(ask: Ask) -> list[int] | None:
    return None if ask.payer is None else [ask.payer]


def _due(ask: Ask) -> dict[str, Any] | None:
    clocks = speed.payers_days(ask)
    if not clocks:
        return None
    begins, ends, days = ask.span.first, min(ask.span.end, ask.as_of), list(clocks.values())
    return {
        "payers": list(clocks), "clocks": days, "begins": begins, "ends": ends,
        "first": begins - timedelta(days=max(days) + 6), "last": ends - timedelta(days=min(days) + 6),
    }  # fmt: skip
