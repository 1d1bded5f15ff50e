"""How fast payers answer and pay, and whom the clock says is late."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection

from upstream.alerts.choices import ClockAction
from upstream.alerts.clocks import clocks_for
from upstream.claims.models import Payer, Remittance
from upstream.core import tenancy
from upstream.ingestion.reconciliation.models import Deposit
from upstream.ingestion.reconciliation.queries import has_deposits
from upstream.ingestion.reconciliation.rules import Money, matched, number_key
from upstream.kpis import definitions as d
from upstream.kpis import sums
from upstream.kpis.choices import Fact
from upstream.kpis.rules import Definition, Measure, days_to, middle, reached, share, unknown
from upstream.kpis.sums import Ask, waited

HALF = 0.5
# A claim is due once the whole of its submission week is past the payer's days.
DUE = """
SELECT coalesce(sum(s.number) FILTER (
        WHERE CASE s.fact WHEN 'open_since' THEN %(today)s - s.days ELSE s.days END > p.days), 0)::bigint,
    coalesce(sum(s.number), 0)::bigint
FROM unnest(%(payers)s::bigint[], %(days)s::int[]) AS p (payer, days)
JOIN kpis_weeksum s ON s.tenant_id = %(tenant)s AND s.payer_id = p.payer AND s.fact IN ('answered_after', 'open_since')
    AND s.week >= %(first)s::date - p.days - 6 AND s.week <= least(%(last)s::date, %(as_of)s::date) - p.days - 6
"""


def measures(ask: Ask) -> Iterator[Measure]:
    """Nine queries."""
    lags = sums.by_days([Fact.PAID_AFTER, Fact.LEFT_UNPAID, Fact.OPEN_SINCE], ask.span, ask.payer)
    yield from _payment(ask, lags)
    remitted = sums.by_days([Fact.REMIT_AFTER], ask.span, ask.payer)[Fact.REMIT_AFTER]
    yield _middle(d.REMIT_LAG, remitted, "no answer of this period says when the payer received the claim")
    yield _cash(ask)
    yield _prompt_pay(ask)


def _payment(ask: Ask, lags: dict[str, dict[int, int]]) -> Iterator[Measure]:
    paid = lags[Fact.PAID_AFTER]
    left = Counter(lags[Fact.LEFT_UNPAID])
    left.update(waited(lags[Fact.OPEN_SINCE], ask.as_of))
    curve, number = reached(paid, left), sum(paid.values()) + sum(left.values())
    for of, definition in d.LAGS.items():
        days = days_to(curve, of / 100)
        if days is None:
            why = f"fewer than {of}% of these claims are paid so far" if number else "no claim was submitted then"
            yield unknown(definition, why)
        else:
            yield Measure(definition, value=float(days), n=number)


def _middle(definition: Definition, counts: dict[int, int], why: str) -> Measure:
    found = middle(counts, HALF)
    return (
        unknown(definition, why) if found is None else Measure(definition, value=float(found), n=sum(counts.values()))
    )


def _cash(ask: Ask) -> Measure:
    """Payments of the period against deposits of the same number and sum."""
    if not has_deposits():
        return unknown(d.CASH_LAG, "no list of the bank's deposits was brought")
    rows = Remittance.objects.filter(payment_date__gte=ask.span.first, payment_date__lte=ask.span.end, superseded=False)
    rows = rows if ask.payer is None else rows.filter(payer=ask.payer)
    paid = [
        Money(pk, number_key(number), day, cents)
        for pk, number, day, cents in rows.values_list("pk", "check_number", "payment_date", "amount_cents")
    ]
    deposits = Deposit.objects.filter(number_key__in={one.key for one in paid if one.key}).order_by("day", "pk")
    came = [Money(*row) for row in deposits.values_list("pk", "number_key", "day", "cents")]
    days = Counter(
        max((max(one.day for one in match.deposits) - payment.day).days, 0)
        for match in matched(paid, came)
        if match.state == "matched"
        for payment in match.payments
    )
    return _middle(d.CASH_LAG, dict(days), "no payment of this period was found among the bank's deposits")


def _prompt_pay(ask: Ask) -> Measure:
    days = payers_days(ask)
    if not days:
        return unknown(d.PROMPT_PAY, "nobody has said how many days these payers have: see Payers")
    values: dict[str, Any] = {
        "tenant": tenancy.required(), "payers": list(days), "days": list(days.values()), "first": ask.span.first,
        "last": ask.span.end, "as_of": ask.as_of, "today": ask.as_of.toordinal(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DUE, values)
        late, due = cursor.fetchone()
    return share(d.PROMPT_PAY, late, due)


def payers_days(ask: Ask) -> dict[int, int]:
    """Days in which payers have to answer; those of whom nobody has said are left out: a stand-in would accuse them."""
    payers = [ask.payer] if ask.payer is not None else list(Payer.objects.values_list("pk", flat=True))
    clocks = clocks_for(payers)
    standing = {payer: clocks.of(payer, ask.span.end).get(ClockAction.PAYMENT) for payer in payers}
    return {payer: clock.window.days for payer, clock in standing.items() if clock is not None and clock.is_known}
