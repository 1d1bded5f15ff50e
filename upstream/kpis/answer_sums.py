"""What payers said by period, read from the days that are kept of it."""

from upstream.ingestion.reconciliation import queries as live
from upstream.ingestion.reconciliation.choices import Basis, By
from upstream.ingestion.reconciliation.queries import ClaimSums
from upstream.ingestion.reconciliation.rowsets import rows
from upstream.ingestion.reconciliation.rules import Range
from upstream.kpis.tallying import weeks_waiting

READ = """
SELECT date_trunc(%(by)s, s.day)::date, y.name, {claims}::bigint, sum(s.answers)::bigint, sum(s.denied)::bigint,
    sum(s.billed_cents)::bigint, sum(s.allowed_cents)::bigint, sum(s.paid_cents)::bigint, sum(s.patient_cents)::bigint
FROM kpis_answerday s JOIN claims_payer y ON y.tenant_id = s.tenant_id AND y.id = s.payer_id
WHERE s.tenant_id = %(tenant)s AND s.basis = %(basis)s AND s.day BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2, s.payer_id ORDER BY 1, 2
"""


def claim_sums(wanted: Range, basis: Basis) -> list[ClaimSums]:
    """What reconciliation's `claim_sums` says of the range, from the days kept; from the answers where those wait."""
    within_one = wanted.start_of(wanted.first) == wanted.start_of(wanted.last)
    if within_one and _is_cut(wanted) or weeks_waiting():
        return live.claim_sums(wanted, basis)
    days = {"first": wanted.first, "last": wanted.last, "cut": wanted.start_of(wanted.first)}
    return [
        ClaimSums(*row) for row in rows(READ.format(claims=_claims(wanted)), by=str(wanted.by), basis=basis, **days)
    ]


def _is_cut(wanted: Range) -> bool:
    """Whether the range begins within a period."""
    return wanted.first != wanted.start_of(wanted.first)


def _claims(wanted: Range) -> str:
    """Claims of each period: of its days' where it is one day, else of first days; of last ones where it is cut."""
    if wanted.by == By.DAY:
        return "sum(s.claims)"
    first, last = f"s.{wanted.by}_first", f"s.{wanted.by}_last"
    if not _is_cut(wanted):
        return f"sum({first})"
    return f"sum(CASE WHEN date_trunc(%(by)s, s.day)::date = %(cut)s THEN {last} ELSE {first} END)"
