"""Money that belongs to no claim: provider adjustments by reason and month, and what payers take back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from upstream.ingestion.reconciliation.payments import Payment
from upstream.ingestion.reconciliation.rowsets import rows
from upstream.ingestion.reconciliation.rules import Range, Reason, reason_of
from upstream.tenants.queries import bound_organization


@dataclass(frozen=True)
class LedgerRow:
    """Provider adjustments of one reason in one month: `taken` are positive cents, `given` negative ones."""

    month: date
    code: str
    payers: int
    number: int
    taken: int
    given: int

    @property
    def reason(self) -> Reason:
        return reason_of(self.code)

    @property
    def cents(self) -> int:
        return self.taken + self.given


@dataclass(frozen=True)
class MonthOfTakeBacks:
    """What payers took back in one month, through provider adjustments and through answers, of what they paid.

    `share` is of what was paid on claims that month before anything was taken back; None without payments.
    """

    month: date
    adjusted: int
    answered: int
    paid: int

    @property
    def taken(self) -> int:
        return self.adjusted + self.answered

    @property
    def share(self) -> float | None:
        return self.taken / self.paid if self.paid > 0 else None


LEDGER = """
SELECT date_trunc('month', coalesce(r.payment_date, (r.known_at AT TIME ZONE %(zone)s)::date))::date, q.reason,
    count(DISTINCT r.payer_id), count(*), coalesce(sum(q.cents) FILTER (WHERE q.cents > 0), 0)::bigint,
    coalesce(sum(q.cents) FILTER (WHERE q.cents <= 0), 0)::bigint
FROM claims_remittance r
JOIN claims_provideradjustment q ON q.tenant_id = r.tenant_id AND q.remittance_id = r.id
JOIN claims_payer y ON y.tenant_id = r.tenant_id AND y.id = r.payer_id
WHERE r.tenant_id = %(tenant)s AND NOT r.superseded
    AND coalesce(r.payment_date, (r.known_at AT TIME ZONE %(zone)s)::date) BETWEEN %(first)s AND %(last)s
    AND (%(payer)s::uuid IS NULL OR y.public_id = %(payer)s) GROUP BY 1, 2 ORDER BY 1 DESC, 2"""


def ledger(wanted: Range, payer: UUID | None = None) -> list[LedgerRow]:
    """Every reason and month, newest month first; cut-off deliveries that came whole later are left out."""
    zone = bound_organization().time_zone
    return [LedgerRow(*row) for row in rows(LEDGER, first=wanted.first, last=wanted.last, payer=payer, zone=zone)]


def take_backs(ledger_rows: Iterable[LedgerRow], paid: Iterable[Payment]) -> list[MonthOfTakeBacks]:
    """Month by month, oldest first, from the ledger's rows and the payments of the same range and payer."""
    adjusted: defaultdict[date, int] = defaultdict(int)
    answered: defaultdict[date, int] = defaultdict(int)
    given: defaultdict[date, int] = defaultdict(int)
    for row in ledger_rows:
        adjusted[row.month] += row.taken if row.reason.kind == "takeback" else 0
    for one in paid:
        month = one.day.replace(day=1)
        answered[month] += one.loaded.taken
        given[month] += one.loaded.paid + one.loaded.taken
    return [
        MonthOfTakeBacks(month, adjusted[month], answered[month], given[month])
        for month in sorted(set(adjusted) | set(answered))
    ]
