"""Single payments: what was loaded of each, its answers, and the provider adjustments on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from upstream.claims.choices import Outcome
from upstream.ingestion.reconciliation.rowsets import rows
from upstream.ingestion.reconciliation.rules import Range, Reason, reason_of
from upstream.tenants.queries import bound_organization

# Every answer of a remittance file stands between the beginning of its transaction (ST) and that of the next one.
LISTED = """
WITH r AS (
    SELECT r.*, coalesce(r.payment_date, (r.known_at AT TIME ZONE %(zone)s)::date) AS day,
        lead(r.position) OVER (PARTITION BY r.batch_id ORDER BY r.position, r.id) AS next
    FROM claims_remittance r WHERE r.tenant_id = %(tenant)s
)
SELECT r.id, r.batch_id, b.public_id, r.position, r.next, r.day, y.id, y.public_id, y.name, r.check_number, r.method,
    r.claims, r.amount_cents, r.claims_paid_cents, coalesce(p.cents, 0)::bigint, r.difference_cents, r.complete,
    r.superseded
FROM r JOIN claims_payer y ON y.tenant_id = r.tenant_id AND y.id = r.payer_id
JOIN ingestion_batch b ON b.tenant_id = r.tenant_id AND b.id = r.batch_id
LEFT JOIN (SELECT remittance_id, sum(cents) AS cents FROM claims_provideradjustment
    WHERE tenant_id = %(tenant)s GROUP BY 1) p ON p.remittance_id = r.id
WHERE {where} ORDER BY r.day DESC, y.name, r.id"""
# The moment of facts that no practice file has stated is 1900; places are given as arrays, so that the plan knows them.
LOADED = f"""
SELECT r.id, count(*), count(*) FILTER (WHERE c.facts_known_at < '1900-01-02'),
    count(*) FILTER (WHERE a.outcome = {Outcome.REVERSED}),
    coalesce(sum(a.paid_cents) FILTER (WHERE a.outcome = {Outcome.REVERSED}), 0)::bigint,
    sum(a.paid_cents)::bigint, coalesce(-sum(a.paid_cents) FILTER (WHERE a.paid_cents < 0), 0)::bigint
FROM unnest(%(ids)s::bigint[], %(batches)s::bigint[], %(starts)s::int[], %(ends)s::int[]) AS r(id, batch, start, until)
JOIN claims_adjudication a ON a.batch_id = r.batch AND a.position >= r.start AND a.position < r.until
JOIN claims_claim c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
WHERE a.tenant_id = %(tenant)s AND a.batch_id = ANY(%(every)s::bigint[]) GROUP BY 1"""
LAST_PLACE = 2**31 - 1


@dataclass(frozen=True)
class Loaded:
    """What was loaded of a payment: its answers, how many of them to claims that no file of the practice names, and
    cents: `paid` net, `reversed_cents` of reversals, `taken` the sum of what answers take back."""

    answers: int = 0
    unmatched: int = 0
    reversals: int = 0
    reversed_cents: int = 0
    paid: int = 0
    taken: int = 0


@dataclass(frozen=True)
class Payment:
    """One remittance, in cents; `difference` is what its own claims and adjustments leave open, `not_loaded` ours."""

    id: int
    batch_id: int
    batch: UUID
    position: int
    next: int | None
    day: date
    payer_id: int
    payer_public_id: UUID
    payer: str
    check_number: str
    method: str
    claims: int
    amount: int
    claims_paid: int
    adjustments: int
    difference: int
    complete: bool
    superseded: bool
    loaded: Loaded = Loaded()

    @property
    def not_loaded(self) -> int:
        """Of what the payment says was paid on claims; nothing where it came whole in another delivery."""
        return 0 if self.superseded else self.claims_paid - self.loaded.paid


def payments(wanted: Range, *, payer: UUID | None = None, reason: str = "") -> list[Payment]:
    """Payments dated in the range, newest first; of one payer, or with a provider adjustment of one reason."""
    where = "r.day BETWEEN %(first)s AND %(last)s"
    values: dict[str, Any] = {"first": wanted.first, "last": wanted.last, "payer": payer, "reason": reason}
    if payer is not None:
        where += " AND y.public_id = %(payer)s"
    if reason:
        where += """ AND EXISTS (SELECT FROM claims_provideradjustment q WHERE q.tenant_id = r.tenant_id
            AND q.remittance_id = r.id AND q.reason = %(reason)s)"""
    return _listed(where, values)


def payment(batch_id: int, position: int) -> Payment | None:
    """The payment that begins at this place of a file."""
    where = "r.batch_id = %(batch)s AND r.position = %(position)s"
    return next(iter(_listed(where, {"batch": batch_id, "position": position})), None)


def _listed(where: str, values: dict[str, Any]) -> list[Payment]:
    zone = bound_organization().time_zone
    found = [Payment(*row) for row in rows(LISTED.format(where=where), zone=zone, **values)]
    loaded = _loaded(found)
    return [replace(one, loaded=loaded.get(one.id, Loaded())) for one in found]


def _loaded(found: Sequence[Payment]) -> dict[int, Loaded]:
    if not found:
        return {}
    counted = rows(
        LOADED,
        ids=[one.id for one in found],
        batches=[one.batch_id for one in found],
        starts=[one.position for one in found],
        ends=[one.next or LAST_PLACE for one in found],
        every=sorted({one.batch_id for one in found}),
    )
    return {number: Loaded(*values) for number, *values in counted}


@dataclass(frozen=True)
class Answered:
    """One claim's answer in a payment."""

    claim: UUID
    procedure_code: str
    service_date: date | None
    position: int
    outcome: int
    billed: int
    paid: int
    patient: int
    unmatched: bool


ANSWERS = """
SELECT c.public_id, c.procedure_code, c.service_date, a.position, a.outcome, a.billed_cents, a.paid_cents,
    a.patient_cents, c.facts_known_at < '1900-01-02'
FROM claims_adjudication a JOIN claims_claim c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
WHERE a.tenant_id = %(tenant)s AND a.batch_id = %(batch)s AND a.position >= %(start)s AND a.position < %(until)s
ORDER BY a.position, a.id LIMIT %(limit)s OFFSET %(offset)s"""


def answers_of(found: Payment, *, limit: int, offset: int = 0) -> list[Answered]:
    """A page of the answers that were loaded of a payment; all pages add up to what was loaded."""
    place = {"batch": found.batch_id, "start": found.position, "until": found.next or LAST_PLACE}
    return [Answered(*row) for row in rows(ANSWERS, limit=limit, offset=offset, **place)]


@dataclass(frozen=True)
class Adjusted:
    """One provider adjustment: positive takes money away."""

    code: str
    cents: int

    @property
    def reason(self) -> Reason:
        return reason_of(self.code)


def adjustments_of(found: Payment) -> list[Adjusted]:
    query = """SELECT reason, cents FROM claims_provideradjustment
        WHERE tenant_id = %(tenant)s AND remittance_id = %(payment)s ORDER BY ordinal"""
    return [Adjusted(*row) for row in rows(query, payment=found.id)]
