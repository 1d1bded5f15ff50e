"""What payers of the bound practice did beside first decisions, read into arrays. Few rows, each found by an index."""

from typing import Any

import numpy as np
from django.db import connection

from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.detection.detectors.take_backs import Adjusted, Answers
from upstream.detection.events import Events, Lines, Statuses
from upstream.ingestion.reconciliation.rules import REASONS

WEEK_OF = "date_trunc('week', {} AT TIME ZONE %(zone)s)::date - date '1970-01-01'"

# The answer that counts as a claim's first decision, and of it the lines with a code of the payer's own.
LINES = """
SELECT DISTINCT ON (c.id, l.number) c.id, {known}, l.billed_code, l.procedure_code, l.billed_cents,
    coalesce(l.allowed_cents, l.paid_cents, 0)
FROM claims_lineadjudication l
JOIN claims_adjudication a ON a.tenant_id = l.tenant_id AND a.id = l.adjudication_id
JOIN claims_claim c ON c.tenant_id = a.tenant_id AND c.id = a.claim_id
WHERE l.tenant_id = %(tenant)s AND l.billed_code > '' AND a.payer_order = 1 AND a.outcome <> {reversed}
  AND a.known_at = c.decision_known_at AND a.decided_date IS NOT DISTINCT FROM c.decided_date
  AND c.family_key = c.number_bidx AND c.payer_order = 1
ORDER BY c.id, l.number, a.position, a.id"""
ANSWERS = """
SELECT a.claim_id, a.payer_id, extract(epoch FROM a.known_at)::bigint, {known}, (a.outcome = {reversed})::int,
    a.paid_cents
FROM claims_adjudication a
WHERE a.tenant_id = %(tenant)s AND a.payer_order = 1 AND a.claim_id IN (
    SELECT r.claim_id FROM claims_adjudication r WHERE r.tenant_id = %(tenant)s AND r.outcome = {reversed})
ORDER BY a.claim_id, a.known_at, a.position, a.id"""
# A payment that was cut off in delivery has its adjustments in the whole one. Each number is looked up by itself: there
# are few, and a join of unknown size would read all answers.
ADJUSTED = """
SELECT m.payer_id, extract(epoch FROM m.known_at)::bigint, {known},
    coalesce(('x' || encode(substring(p.reference_bidx FROM 1 FOR 7), 'hex'))::bit(56)::bigint, 0),
    coalesce((SELECT min(a.claim_id) FROM claims_adjudication a
        WHERE a.tenant_id = %(tenant)s AND a.control_bidx = p.reference_bidx AND a.payer_id = m.payer_id), 0), p.cents
FROM claims_provideradjustment p
JOIN claims_remittance m ON m.tenant_id = p.tenant_id AND m.id = p.remittance_id
WHERE p.tenant_id = %(tenant)s AND upper(p.reason) = ANY(%(reasons)s) AND m.complete AND p.cents <> 0
ORDER BY m.known_at, p.id"""
STATUSES = """
SELECT s.claim_id, extract(epoch FROM s.known_at)::bigint, {known}, s.rejected::int FROM claims_claimstatus s
WHERE s.tenant_id = %(tenant)s AND s.claim_id IN (
    SELECT r.claim_id FROM claims_claimstatus r WHERE r.tenant_id = %(tenant)s AND r.rejected)
ORDER BY s.claim_id, s.known_at, s.position, s.id"""
TAKE_BACKS = sorted(code for code, reason in REASONS.items() if reason.kind == "takeback")


def events(*, time_zone: str) -> Events:
    """All of them; known weeks are Mondays in the practice's time zone."""
    values: dict[str, Any] = {"tenant": tenancy.required(), "zone": time_zone, "reasons": TAKE_BACKS}
    shared = {"known": WEEK_OF.format("a.known_at"), "reversed": int(Outcome.REVERSED)}
    lines = _columns(LINES.format(**shared), 6, values)
    answers = _columns(ANSWERS.format(**shared), 6, values)
    money = _columns(ADJUSTED.format(known=WEEK_OF.format("m.known_at")), 6, values)
    said = _columns(STATUSES.format(known=WEEK_OF.format("s.known_at")), 4, values)
    weeks = ((lines, 1), (answers, 3), (money, 2), (said, 2))
    known = [columns[place].astype("datetime64[D]") for columns, place in weeks]
    return Events(
        Lines(lines[0], known[0], lines[2].astype("U16"), lines[3].astype("U16"), lines[4], lines[5]),
        Answers(answers[0], answers[1], answers[2], known[1], answers[4].astype(np.bool_), answers[5]),
        Adjusted(money[0], money[1], known[2], money[3], money[4], money[5]),
        Statuses(said[0], said[1], known[3], said[3].astype(np.bool_)),
    )


def _columns(query: str, width: int, values: dict[str, Any]) -> list[np.ndarray[Any, Any]]:
    """`width` columns of a query: integers, or texts."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found = cursor.fetchall()
    return [np.array(column) for column in zip(*found, strict=True)] or [np.zeros(0, dtype=np.int64)] * width
