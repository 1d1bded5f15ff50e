"""One staged chunk becomes patients, claims, lines, adjudications and adjustments: a few set-based statements.

Merging the same chunk again changes nothing. Rows known earlier are never overwritten: changed facts leave a
ClaimRevision, decisions are events that are only added, and a claim's first decision is the earliest known one.
Called inside a transaction with the tenant bound; `tenant`, `batch` are ids.
"""

from typing import Any

from upstream.claims.choices import Outcome

# Facts that no full source has stated yet: whatever states them first replaces them.
NEVER = "1900-01-01 00:00:00+00"
FACTS = (
    "payer_id, site_id, procedure_code, procedure_group, diagnosis, place_of_service, rendering_npi,"
    " frequency_code, payer_order, submitted_date, service_date, billed_cents"
)
FACT_NAMES = [name.strip() for name in FACTS.split(",")]

PATIENTS = """
INSERT INTO claims_patient (tenant_id, key_bidx, member_bidx, account_bidx, sealed, fingerprint)
SELECT DISTINCT ON (patient_key) %(tenant)s, patient_key, member_bidx, patient_account_bidx, patient_sealed, patient_print
FROM staged_claim WHERE patient_key IS NOT NULL ORDER BY patient_key, ord DESC
ON CONFLICT (tenant_id, key_bidx) DO UPDATE
SET sealed = excluded.sealed, fingerprint = excluded.fingerprint, member_bidx = excluded.member_bidx,
    account_bidx = excluded.account_bidx
WHERE claims_patient.fingerprint <> excluded.fingerprint
"""

# A claim that a chunk names once carries its decision along, which spares a second write of the row.
CLAIMS = f"""
INSERT INTO claims_claim (tenant_id, public_id, number_bidx, family_key, batch_id, patient_id, position, known_at,
    facts_known_at, {FACTS}, outcome, decided_date, decision_known_at, denial_group, denial_carc, denial_category,
    allowed_cents, paid_cents)
SELECT DISTINCT ON (s.number_bidx) %(tenant)s, gen_random_uuid(), s.number_bidx, s.family_key, %(batch)s, p.id, s.position,
    s.known_at, CASE WHEN s.full_facts THEN s.known_at ELSE '{NEVER}'::timestamptz END,
    {", ".join("s." + name for name in FACT_NAMES)},
    CASE WHEN s.first THEN s.outcome ELSE 0 END, CASE WHEN s.first THEN s.decided_date END,
    CASE WHEN s.first THEN s.decision_known_at END, CASE WHEN s.first THEN s.denial_group ELSE '' END,
    CASE WHEN s.first THEN s.denial_carc ELSE '' END, CASE WHEN s.first THEN s.denial_category ELSE '' END,
    CASE WHEN s.first THEN coalesce(s.allowed_cents, 0) ELSE 0 END, CASE WHEN s.first THEN s.paid_cents ELSE 0 END
FROM (
    SELECT *, event_bidx IS NOT NULL AND payer_order = 1 AND outcome <> {Outcome.REVERSED}
        AND count(*) OVER (PARTITION BY number_bidx) = 1 AS first
    FROM staged_claim
) s LEFT JOIN claims_patient p ON p.tenant_id = %(tenant)s AND p.key_bidx = s.patient_key
ORDER BY s.number_bidx, s.full_facts DESC, s.ord DESC
ON CONFLICT (tenant_id, number_bidx) DO NOTHING
"""

# The latest statement of the facts in the chunk, where it is not older than what we hold and says something else.
CHANGED = f"""
CREATE TEMPORARY TABLE changed_claim ON COMMIT DROP AS
SELECT c.id, s.family_key, s.known_at, s.patient_key, {", ".join("s." + name for name in FACT_NAMES)}
FROM (
    SELECT DISTINCT ON (number_bidx) * FROM staged_claim WHERE full_facts ORDER BY number_bidx, ord DESC
) s JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
WHERE s.known_at >= c.facts_known_at
  AND ({", ".join("c." + name for name in FACT_NAMES)})
      IS DISTINCT FROM ({", ".join("s." + name for name in FACT_NAMES)})
"""

REVISIONS = f"""
INSERT INTO claims_claimrevision (tenant_id, claim_id, batch_id, family_key, known_from, known_until, {FACTS})
SELECT %(tenant)s, c.id, c.batch_id, c.family_key, greatest(c.facts_known_at, c.known_at), n.known_at,
    {", ".join("c." + name for name in FACT_NAMES)}
FROM changed_claim n JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.id = n.id
"""

DIRTY_BEFORE = """
INSERT INTO dirty_week SELECT DISTINCT date_trunc('week', c.submitted_date)::date
FROM changed_claim n JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.id = n.id ON CONFLICT DO NOTHING
"""

CORRECT = f"""
UPDATE claims_claim c SET batch_id = %(batch)s, facts_known_at = n.known_at, known_at = least(c.known_at, n.known_at),
    patient_id = coalesce(p.id, c.patient_id), family_key = n.family_key,
    {", ".join(f"{name} = n.{name}" for name in FACT_NAMES)}
FROM changed_claim n LEFT JOIN claims_patient p ON p.tenant_id = %(tenant)s AND p.key_bidx = n.patient_key
WHERE c.tenant_id = %(tenant)s AND c.id = n.id
"""

IDENTITIES = """
INSERT INTO claims_claimidentity (tenant_id, claim_id, number_bidx, account_bidx, control_bidx, sealed, fingerprint)
SELECT DISTINCT ON (s.number_bidx) %(tenant)s, c.id, s.number_bidx, s.account_bidx, s.control_bidx, s.identity_sealed,
    s.identity_print
FROM staged_claim s JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
ORDER BY s.number_bidx, s.full_facts DESC, s.ord DESC
ON CONFLICT (tenant_id, number_bidx) DO UPDATE
SET sealed = excluded.sealed, fingerprint = excluded.fingerprint, account_bidx = excluded.account_bidx,
    control_bidx = coalesce(excluded.control_bidx, claims_claimidentity.control_bidx)
WHERE claims_claimidentity.fingerprint <> excluded.fingerprint AND excluded.account_bidx IS NOT NULL
"""

LINES = """
INSERT INTO claims_serviceline (tenant_id, claim_id, number, line_control, procedure_code, modifiers, revenue_code, units,
    service_date, billed_cents, known_at)
SELECT DISTINCT ON (c.id, l.number) %(tenant)s, c.id, l.number, l.line_control, l.procedure_code, l.modifiers,
    l.revenue_code, l.units, l.service_date, l.billed_cents, s.known_at
FROM staged_line l JOIN staged_claim s ON s.ord = l.ord
JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
WHERE l.billed_cents >= 0
ORDER BY c.id, l.number, s.full_facts DESC, l.ord
ON CONFLICT (tenant_id, claim_id, number) DO NOTHING
"""

ADJUDICATIONS = """
INSERT INTO claims_adjudication (tenant_id, claim_id, batch_id, payer_id, event_bidx, position, payer_order, outcome,
    claim_status_code, denial_group, denial_carc, denial_category, check_number, control_bidx, decided_date,
    received_date, payment_date, billed_cents, allowed_cents, paid_cents, patient_cents, balance_cents, known_at)
SELECT DISTINCT ON (s.event_bidx) %(tenant)s, c.id, %(batch)s, s.payer_id, s.event_bidx, s.position, s.payer_order,
    s.outcome, s.claim_status_code, s.denial_group, s.denial_carc, s.denial_category, s.check_number, s.control_bidx,
    s.decided_date, s.received_date, s.payment_date, s.event_billed_cents, s.allowed_cents, s.paid_cents,
    s.patient_cents, s.balance_cents, s.decision_known_at
FROM staged_claim s JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
WHERE s.event_bidx IS NOT NULL ORDER BY s.event_bidx, s.ord
ON CONFLICT (tenant_id, event_bidx) DO NOTHING
"""

# Only events that this very place of this file brought in: the same event in an earlier file has its lines already.
_NEW_EVENT = """
JOIN claims_adjudication a ON a.tenant_id = %(tenant)s AND a.event_bidx = s.event_bidx AND a.batch_id = %(batch)s
    AND a.position = s.position
"""

LINE_ADJUDICATIONS = f"""
INSERT INTO claims_lineadjudication (tenant_id, adjudication_id, number, procedure_code, billed_cents, allowed_cents,
    paid_cents)
SELECT %(tenant)s, a.id, l.number, l.adjudicated_code, l.billed_cents, l.allowed_cents, l.paid_cents
FROM staged_line l JOIN staged_claim s ON s.ord = l.ord {_NEW_EVENT}
ON CONFLICT (tenant_id, adjudication_id, number) DO NOTHING
"""

ADJUSTMENTS = f"""
INSERT INTO claims_adjustment (tenant_id, adjudication_id, ordinal, line, group_code, carc, remark_codes, cents)
SELECT %(tenant)s, a.id, d.ordinal, d.line, d.group_code, d.carc, d.remark_codes, d.cents
FROM staged_adjustment d JOIN staged_claim s ON s.ord = d.ord {_NEW_EVENT}
ON CONFLICT (tenant_id, adjudication_id, ordinal) DO NOTHING
"""

# The earliest known primary decision of each claim that the chunk names, where it is not the one we hold.
FIRST_DECISIONS = f"""
UPDATE claims_claim c SET outcome = f.outcome, decided_date = f.decided_date, decision_known_at = f.known_at,
    denial_group = f.denial_group, denial_carc = f.denial_carc, denial_category = f.denial_category,
    allowed_cents = coalesce(f.allowed_cents, 0), paid_cents = f.paid_cents
FROM (
    SELECT DISTINCT ON (a.claim_id) a.* FROM claims_adjudication a
    JOIN claims_claim k ON k.tenant_id = %(tenant)s AND k.id = a.claim_id
    JOIN (SELECT DISTINCT number_bidx FROM staged_claim WHERE event_bidx IS NOT NULL) s ON s.number_bidx = k.number_bidx
    WHERE a.tenant_id = %(tenant)s AND a.payer_order = 1 AND a.outcome <> {Outcome.REVERSED}
    ORDER BY a.claim_id, a.known_at, a.decided_date, a.event_bidx
) f
WHERE c.tenant_id = %(tenant)s AND c.id = f.claim_id
  AND (c.outcome = 0 OR f.known_at < c.decision_known_at)
"""

PAIR_REVERSALS = f"""
UPDATE claims_adjudication r SET reverses_id = m.original
FROM (
    SELECT DISTINCT ON (reversal) reversal, original FROM (
        SELECT DISTINCT ON (o.id) o.id AS original, x.id AS reversal, o.known_at
        FROM claims_adjudication x
        JOIN claims_claim k ON k.tenant_id = %(tenant)s AND k.id = x.claim_id
        JOIN (SELECT DISTINCT number_bidx FROM staged_claim) s ON s.number_bidx = k.number_bidx
        JOIN claims_adjudication o ON o.tenant_id = %(tenant)s AND o.claim_id = x.claim_id
            AND o.outcome <> {Outcome.REVERSED} AND o.paid_cents = -x.paid_cents AND o.billed_cents = -x.billed_cents
        WHERE x.tenant_id = %(tenant)s AND x.outcome = {Outcome.REVERSED} AND x.reverses_id IS NULL
          AND NOT EXISTS (SELECT FROM claims_adjudication t WHERE t.tenant_id = %(tenant)s AND t.reverses_id = o.id)
        ORDER BY o.id, x.known_at, x.id
    ) candidates ORDER BY reversal, known_at, original
) m WHERE r.tenant_id = %(tenant)s AND r.id = m.reversal
"""

# A replacement of a replacement belongs to the family of the first claim.
JOIN_FAMILIES = """
UPDATE claims_claim c SET family_key = p.family_key FROM claims_claim p
WHERE c.tenant_id = %(tenant)s AND p.tenant_id = %(tenant)s AND p.number_bidx = c.family_key
  AND c.family_key <> c.number_bidx AND p.family_key <> p.number_bidx AND p.family_key <> c.family_key
"""

DIRTY = """
INSERT INTO dirty_week SELECT DISTINCT date_trunc('week', c.submitted_date)::date
FROM staged_claim s JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
ON CONFLICT DO NOTHING
"""

STATEMENTS = (PATIENTS, CLAIMS, CHANGED, REVISIONS, DIRTY_BEFORE, CORRECT, "DROP TABLE changed_claim", IDENTITIES, LINES)


def merge_staged(cursor: Any, *, tenant: int, batch: int, families: bool, reversals: bool) -> int:
    """Merge the staged chunk; how many adjudications were new. `families` and `reversals`: the chunk holds any."""
    ids = {"tenant": tenant, "batch": batch}
    for statement in STATEMENTS:
        cursor.execute(statement, ids)
    cursor.execute(ADJUDICATIONS, ids)
    new: int = cursor.rowcount
    if new:
        for statement in (LINE_ADJUDICATIONS, ADJUSTMENTS, FIRST_DECISIONS):
            cursor.execute(statement, ids)
    if reversals:
        cursor.execute(PAIR_REVERSALS, ids)
    while families:
        cursor.execute(JOIN_FAMILIES, ids)
        families = cursor.rowcount > 0
    cursor.execute(DIRTY, ids)
    return new
