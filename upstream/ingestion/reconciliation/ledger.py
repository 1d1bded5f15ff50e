"""Money that belongs to no claim: provider adjustments by reason and month, and what payers take back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from upstream.ingestion.reconciliation.payments import Payment
from upstream.ingestion.reconciliation.rowsets import rows
from upstream.ingestion.reconciliation.rules import REASONS, Range, Reason, reason_of
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

    `twice` is what both tell of: a reversed answer announces it, a provider adjustment under the same number of the
    payer takes it. `share` is of what was paid on claims that month before anything was taken back; None without
    payments.
    """

    month: date
    adjusted: int
    answered: int
    paid: int
    twice: int = 0

    @property
    def taken(self) -> int:
        return self.adjusted + self.answered - self.twice

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


# Provider adjustments that take money under a number whose answers were reversed, in the month of the first of them.
TWICE = """
WITH taken AS (
    SELECT r.payer_id, q.reference_bidx, sum(q.cents) AS cents,
        min(date_trunc('month', coalesce(r.payment_date, (r.known_at AT TIME ZONE %(zone)s)::date)))::date AS month
    FROM claims_remittance r
    JOIN claims_provideradjustment q ON q.tenant_id = r.tenant_id AND q.remittance_id = r.id
    JOIN claims_payer y ON y.tenant_id = r.tenant_id AND y.id = r.payer_id
    WHERE r.tenant_id = %(tenant)s AND NOT r.superseded AND q.cents > 0 AND q.reference_bidx IS NOT NULL
        AND q.reason = ANY(%(codes)s)
        AND coalesce(r.payment_date, (r.known_at AT TIME ZONE %(zone)s)::date) BETWEEN %(first)s AND %(last)s
        AND (%(payer)s::uuid IS NULL OR y.public_id = %(payer)s) GROUP BY 1, 2
), reversed AS (
    SELECT payer_id, control_bidx, -sum(paid_cents) AS cents FROM claims_adjudication
    WHERE tenant_id = %(tenant)s AND outcome = 5 AND control_bidx IS NOT NULL AND paid_cents < 0 GROUP BY 1, 2
)
SELECT t.month, sum(least(t.cents, a.cents))::bigint FROM taken t
JOIN reversed a ON a.payer_id = t.payer_id AND a.control_bidx = t.reference_bidx GROUP BY 1"""


def told_twice(wanted: Range, payer: UUID | None = None) -> dict[date, int]:
    """Cents by month that a reversed answer and a provider adjustment both tell of."""
    zone, codes = bound_organization().time_zone, [code for code in REASONS if reason_of(code).kind == "takeback"]
    return dict(rows(TWICE, first=wanted.first, last=wanted.last, payer=payer, zone=zone, codes=codes))


def ledger(wanted: Range, payer: UUID | None = None) -> list[LedgerRow]:
    """Every reason and month, newest month first; cut-off deliveries that came whole later are left out."""
    zone = bound_organization().time_zone
    return [LedgerRow(*row) for row in rows(LEDGER, first=wanted.first, last=wanted.last, payer=payer, zone=zone)]


def take_backs(
    ledger_rows: Iterable[LedgerRow], paid: Iterable[Payment], twice: Mapping[date, int]
) -> list[MonthOfTakeBacks]:
    """Month by month, oldest first, from the ledger's rows, payments and what is told twice, of one range and payer."""
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
        MonthOfTakeBacks(month, adjusted[month], answered[month], given[month], twice.get(month, 0))
        for month in sorted(set(adjusted) | set(answered))
    ]
