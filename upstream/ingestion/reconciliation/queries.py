"""Payments against what was loaded of them, payer by payer and period by period, to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from upstream.claims.choices import Outcome
from upstream.claims.models import Payer
from upstream.core.clock import monday_of
from upstream.ingestion.quality.practice import payer_days
from upstream.ingestion.quality.rhythm import bank_holidays, days_between, learned
from upstream.ingestion.reconciliation.choices import Basis
from upstream.ingestion.reconciliation.models import Deposit
from upstream.ingestion.reconciliation.payments import Payment
from upstream.ingestion.reconciliation.rowsets import rows
from upstream.ingestion.reconciliation.rules import Match, Money, Range, matched, number_key
from upstream.tenants.queries import bound_organization

Key = tuple[date, int]
SURELY = 0.9


@dataclass(frozen=True)
class Row:
    """One payer in one period. `expected` remittance days by its rhythm (None when none is known yet), and what came.

    Money in cents: `amount` of checks and transfers = `claims_paid` less `adjustments` (PLB) plus `difference`;
    `loaded` is the sum over the answers that were loaded of them, `not_loaded` what is missing there.
    """

    start: date | None
    payer_id: int | None
    payer: str
    expected: float | None
    files: int = 0
    payments: int = 0
    superseded: int = 0
    cut_off: int = 0
    amount: int = 0
    claims_paid: int = 0
    adjustments: int = 0
    difference: int = 0
    out_of_balance: int = 0
    loaded: int = 0
    matched: int = 0
    unmatched: int = 0
    reversals: int = 0
    reversed_cents: int = 0

    @property
    def not_loaded(self) -> int:
        return self.claims_paid - self.loaded

    @property
    def missing(self) -> bool:
        """Nothing came although a remittance was surely to be expected."""
        return not self.payments and self.expected is not None and self.expected >= SURELY


SUMMED = [f.name for f in fields(Row) if f.name not in ("start", "payer_id", "payer", "expected")]


def reconciliation(wanted: Range, paid: Iterable[Payment]) -> list[Row]:
    """The range's payments by payer and period, with periods in which something should have come; oldest first."""
    names = dict(Payer.objects.values_list("pk", "name"))
    grouped: dict[Key, list[Payment]] = {}
    for one in paid:
        grouped.setdefault((wanted.start_of(one.day), one.payer_id), []).append(one)
    expected = _expected(wanted)
    keys = set(grouped) | {key for key, number in expected.items() if number >= SURELY}
    found = [_row(key, names[key[1]], expected.get(key), grouped.get(key, [])) for key in keys]
    return sorted(found, key=lambda row: (row.start or date.min, row.payer, row.payer_id or 0))


def _row(key: Key, payer: str, expected: float | None, paid: Sequence[Payment]) -> Row:
    counting = [one for one in paid if not one.superseded]
    answers, unmatched = (sum(getattr(one.loaded, name) for one in paid) for name in ("answers", "unmatched"))
    return Row(
        start=key[0],
        payer_id=key[1],
        payer=payer,
        expected=expected,
        files=len({one.batch_id for one in paid}),
        payments=len(counting),
        superseded=len(paid) - len(counting),
        cut_off=sum(not one.complete for one in counting),
        amount=sum(one.amount for one in counting),
        claims_paid=sum(one.claims_paid for one in counting),
        adjustments=sum(one.adjustments for one in counting),
        difference=sum(one.difference for one in counting),
        out_of_balance=sum(one.difference != 0 for one in counting),
        loaded=sum(one.loaded.paid for one in paid),
        matched=answers - unmatched,
        unmatched=unmatched,
        reversals=sum(one.loaded.reversals for one in paid),
        reversed_cents=sum(one.loaded.reversed_cents for one in paid),
    )


def total(every: Sequence[Row]) -> Row:
    """The sum of the rows, as one."""
    known = [row.expected for row in every if row.expected is not None]
    sums = {name: sum(getattr(row, name) for row in every) for name in SUMMED}
    return Row(None, None, "Together", sum(known) if known else None, **sums)


def _expected(wanted: Range) -> dict[Key, float]:
    """Remittance days to be expected, by each payer's weekdays; none before its first or after the newest data."""
    days = payer_days(wanted.last)
    newest = max((max(mine) for mine in days.values()), default=None)
    if newest is None:
        return {}
    found: dict[Key, float] = {}
    for payer, mine in days.items():
        rhythm = learned(mine, monday_of(newest) + timedelta(days=7))
        if rhythm is None:
            continue
        for day in days_between(max(wanted.first, min(mine)), min(wanted.last, newest)):
            if day not in bank_holidays(day.year):
                key = (wanted.start_of(day), payer)
                found[key] = found.get(key, 0.0) + rhythm.chance(day)
    return found


BASIS_DAY = {
    Basis.SUBMISSION: "c.submitted_date",
    Basis.SERVICE: "coalesce(c.service_date, c.submitted_date)",
    Basis.REMIT: "coalesce(a.payment_date, a.decided_date, (a.known_at AT TIME ZONE %(zone)s)::date)",
}
OF_CLAIM = "JOIN claims_claim c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id"
CLAIMS = """
SELECT date_trunc(%(by)s, {day})::date, y.name, count(DISTINCT a.claim_id), count(*),
    count(*) FILTER (WHERE a.outcome = {denied}), sum(a.billed_cents)::bigint,
    coalesce(sum(a.allowed_cents), 0)::bigint, sum(a.paid_cents)::bigint, sum(a.patient_cents)::bigint
FROM claims_adjudication a {of_claim}
JOIN claims_payer y ON y.tenant_id = a.tenant_id AND y.id = a.payer_id
WHERE a.tenant_id = %(tenant)s AND {day} BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, a.payer_id ORDER BY 1, 2"""


@dataclass(frozen=True)
class ClaimSums:
    """Answers of one payer in one period of a basis, reversals with their sign: what payers said, in cents.

    A claim without a day of service stands under the day it was submitted.
    """

    start: date | None
    payer: str
    claims: int
    answers: int
    denied: int
    billed: int
    allowed: int
    paid: int
    patient: int


def claim_sums(wanted: Range, basis: Basis) -> list[ClaimSums]:
    """Every answer of the range under its basis' day, oldest first."""
    of_claim = "" if basis == Basis.REMIT else OF_CLAIM
    query = CLAIMS.format(day=BASIS_DAY[basis], denied=int(Outcome.DENIED), of_claim=of_claim)
    zone = bound_organization().time_zone
    found = rows(query, by=str(wanted.by), first=wanted.first, last=wanted.last, zone=zone)
    return [ClaimSums(*row) for row in found]


def claim_total(every: Sequence[ClaimSums]) -> ClaimSums:
    """The sum of the rows; a claim answered in several periods counts in each."""
    numbers = ("claims", "answers", "denied", "billed", "allowed", "paid", "patient")
    return ClaimSums(None, "Together", *(sum(getattr(row, name) for row in every) for name in numbers))


SAME_NUMBER = "ltrim(regexp_replace(upper(r.check_number), '[^0-9A-Z]', '', 'g'), '0')"


def deposits_against(wanted: Range, paid: Iterable[Payment]) -> list[Match]:
    """The range's payments against the bank's deposits, and the range's deposits that are no payment of ours.

    A deposit belongs to a payment of the same number whenever that was made.
    """
    mine = [Money(p.id, number_key(p.check_number), p.day, p.amount) for p in paid if not p.superseded]
    keys = {money.key for money in mine if money.key}
    listed = Deposit.objects.filter(number_key__in=keys) | Deposit.objects.filter(
        day__range=(wanted.first, wanted.last)
    )
    deposits = [
        Money(pk, key, day, cents)
        for pk, key, day, cents in listed.order_by("day", "pk").values_list("pk", "number_key", "day", "cents")
    ]
    other = sorted({deposit.key for deposit in deposits if deposit.key} - keys)
    query = f"""SELECT DISTINCT {SAME_NUMBER} FROM claims_remittance r
        WHERE r.tenant_id = %(tenant)s AND NOT r.superseded AND {SAME_NUMBER} = ANY(%(keys)s)"""
    elsewhere = {key for (key,) in rows(query, keys=other)} if other else set()
    return matched(mine, [deposit for deposit in deposits if deposit.key not in elsewhere])


def deposited(payments: Iterable[Money]) -> dict[int, bool] | None:
    """Whether the bank has each payment (number and amount), by its row; None while no list was ever brought."""
    if not has_deposits():
        return None
    every = list(payments)
    rows_ = Deposit.objects.filter(number_key__in={one.key for one in every if one.key}).order_by("day", "pk")
    came = [Money(*row) for row in rows_.values_list("pk", "number_key", "day", "cents")]
    found = {one.row: match.state == "matched" for match in matched(every, came) for one in match.payments}
    return {one.row: found.get(one.row, True) for one in every}


def has_deposits() -> bool:
    """Whether the practice has ever brought a list of its bank's."""
    return bool(Deposit.objects.exists())
