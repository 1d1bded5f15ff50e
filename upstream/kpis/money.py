"""What is open, what comes in of what is owed, and what is taken back."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from upstream.contracts.queries import coverage
from upstream.ingestion.reconciliation.choices import By
from upstream.ingestion.reconciliation.ledger import MonthOfTakeBacks, ledger, told_twice
from upstream.ingestion.reconciliation.rules import Range
from upstream.kpis import definitions as d
from upstream.kpis import sums
from upstream.kpis.choices import Fact
from upstream.kpis.rules import Measure, Span, amount, ratio, share, unknown
from upstream.kpis.sums import Ask
from upstream.worklist.pricing import Prices

OLD_DAYS, A_QUARTER, LATER_WEEKS = 90, 13, 26
NO_CONTRACT = "no contract prices any answer: a change against a payer's own past is shown as an incident instead"
NO_PATIENTS = "patients' payments are in no file that we read; the payers' part stands below"


def measures(ask: Ask, prices: Prices, public_id: UUID | None) -> Iterator[Measure]:
    """Seven queries."""
    yield from _open(ask, prices)
    yield unknown(d.NET_COLLECTION, NO_PATIENTS)
    yield _collected(ask, prices)
    yield from _against_contracts(ask)
    yield _taken_back(ask, public_id)


def _open(ask: Ask, prices: Prices) -> Iterator[Measure]:
    rows = [row for row in sums.open_now(ask.payer) if row[1] <= ask.as_of]
    number, charges = sum(row[2] for row in rows), sum(row[3] for row in rows)
    last = ask.as_of - timedelta(days=ask.as_of.weekday() + 7 * (ask.as_of.weekday() != 6))
    quarter = Span(last - timedelta(weeks=A_QUARTER - 1), last)
    sent = sums.totals([Fact.SENT], quarter, ask.payer)[Fact.SENT].cents
    yield ratio(d.DAYS_IN_AR, charges, sent / (7 * A_QUARTER), n=number)
    worth = [(day, prices.expected(payer, "", cents)) for payer, day, _, cents in rows]
    old = old_before(ask.as_of)
    yield ratio(d.OLD_AR, sum(cents for day, cents in worth if day < old), sum(c for _, c in worth), n=number)


def old_before(as_of: date) -> date:
    """What was first submitted before this day is old."""
    return as_of - timedelta(days=OLD_DAYS)


def _collected(ask: Ask, prices: Prices) -> Measure:
    cohort = ask.span.back(LATER_WEEKS)
    found = sums.by_payer([Fact.COLLECTED, Fact.COLLECTABLE, Fact.UNCOLLECTED], cohort, ask.payer)
    owed = sum(total.cents for total in found[Fact.COLLECTABLE].values())
    usual = sum(prices.expected(payer, "", total.cents) for payer, total in found[Fact.UNCOLLECTED].items())
    return ratio(
        d.PAYERS_COLLECTION, sum(total.cents for total in found[Fact.COLLECTED].values()), owed + usual,
        n=sum(total.number for total in found[Fact.COLLECTED].values()),
    )  # fmt: skip


def _against_contracts(ask: Ask) -> Iterator[Measure]:
    found = coverage(ask.payer, ask.span.first, ask.span.last)
    if not found.priced:
        for definition in (d.UNDERPAID, d.UNDERPAID_DOLLARS, d.OVERPAID, d.PRICED):
            yield unknown(definition, NO_CONTRACT)
        return
    yield share(d.UNDERPAID, found.short_lines, found.priced)
    yield ratio(d.UNDERPAID_DOLLARS, found.short, found.expected, n=found.priced)
    yield amount(d.OVERPAID, found.over, found.over_lines)
    yield share(d.PRICED, found.priced, found.lines)


def _taken_back(ask: Ask, public_id: UUID | None) -> Measure:
    """As the ledger of provider adjustments counts it, over the whole period."""
    wanted = Range(ask.span.first, ask.span.end, By.MONTH)
    found = sums.totals([Fact.PAID, Fact.TAKEN_BACK], ask.span, ask.payer)
    adjusted = sum(row.taken for row in ledger(wanted, public_id) if row.reason.kind == "takeback")
    twice = sum(told_twice(wanted, public_id).values())
    whole = MonthOfTakeBacks(date.min, adjusted, found[Fact.TAKEN_BACK].cents, found[Fact.PAID].cents, twice)
    return ratio(d.TAKE_BACK, whole.taken, whole.paid, n=found[Fact.PAID].number)
