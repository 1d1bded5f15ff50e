"""Claims that name the one they replace by the payer's number of it (837 REF*F8) join its family.

Worked out anew at the end of each load from every number named, so that any order of files gives the same families: the
claim that is replaced may be answered, and so be found, long after the one that replaces it was sent.
"""

from typing import Any

CHAIN = 10  # replacements of replacements that are followed

# One claim of the same payer fits, or one of the same day of service where the payer used its number more than once.
ORIGINALS = """
CREATE TEMPORARY TABLE replaced ON COMMIT DROP AS
WITH named AS (
    SELECT r.id, c.id AS claim, c.payer_id, c.service_date, r.control_bidx
    FROM claims_claimreplacement r JOIN claims_claim c ON c.tenant_id = r.tenant_id AND c.number_bidx = r.number_bidx
    WHERE r.tenant_id = %(tenant)s
), known AS (
    SELECT a.control_bidx, a.claim_id FROM claims_adjudication a
    WHERE a.tenant_id = %(tenant)s AND a.control_bidx IN (SELECT control_bidx FROM named)
    UNION
    SELECT s.control_bidx, s.claim_id FROM claims_claimstatus s
    WHERE s.tenant_id = %(tenant)s AND s.claim_id IS NOT NULL AND s.control_bidx IN (SELECT control_bidx FROM named)
), fit AS (
    SELECT n.id, n.claim, o.id AS original, o.service_date = n.service_date AS same_day
    FROM named n JOIN known k USING (control_bidx)
    JOIN claims_claim o ON o.tenant_id = %(tenant)s AND o.id = k.claim_id
    WHERE o.payer_id = n.payer_id AND o.id <> n.claim
)
SELECT r.id, n.claim, CASE WHEN count(DISTINCT f.original) = 1 THEN min(f.original)
    WHEN count(DISTINCT f.original) FILTER (WHERE f.same_day) = 1 THEN min(f.original) FILTER (WHERE f.same_day) END
    AS original, r.original_id AS before
FROM claims_claimreplacement r JOIN named n ON n.id = r.id LEFT JOIN fit f ON f.id = r.id
WHERE r.tenant_id = %(tenant)s GROUP BY r.id, n.claim, r.original_id
"""
ALONE_AGAIN = """
UPDATE claims_claim c SET family_key = c.number_bidx FROM replaced r
WHERE c.tenant_id = %(tenant)s AND c.id = r.claim AND r.original IS NULL AND r.before IS NOT NULL
RETURNING c.id
"""
NOTE = """
UPDATE claims_claimreplacement n SET original_id = r.original FROM replaced r
WHERE n.tenant_id = %(tenant)s AND n.id = r.id AND n.original_id IS DISTINCT FROM r.original
"""
JOIN = """
UPDATE claims_claim c SET family_key = o.family_key FROM replaced r
JOIN claims_claim o ON o.tenant_id = %(tenant)s AND o.id = r.original
WHERE c.tenant_id = %(tenant)s AND c.id = r.claim AND c.family_key <> o.family_key AND o.family_key <> c.number_bidx
RETURNING c.id
"""
# Those that named the replacing claim by its number come along.
BRING_ALONG = """
UPDATE claims_claim m SET family_key = c.family_key FROM claims_claim c
WHERE m.tenant_id = %(tenant)s AND c.tenant_id = %(tenant)s AND c.id = ANY(%(joined)s)
  AND m.family_key = c.number_bidx AND m.id <> c.id AND c.family_key <> c.number_bidx
RETURNING m.id
"""
DIRTY = """
INSERT INTO dirty_week SELECT date_trunc('week', submitted_date)::date FROM claims_claim
WHERE tenant_id = %(tenant)s AND id = ANY(%(touched)s) ON CONFLICT DO NOTHING
"""


def join_families(cursor: Any, *, tenant: int) -> None:
    """Every claim that names a known claim by the payer's number stands in its family; weeks are in `dirty_week`."""
    values: dict[str, Any] = {"tenant": tenant}
    cursor.execute("SELECT EXISTS (SELECT FROM claims_claimreplacement WHERE tenant_id = %(tenant)s)", values)
    if not cursor.fetchone()[0]:
        return
    cursor.execute("DROP TABLE IF EXISTS replaced")
    cursor.execute(ORIGINALS, values)
    touched = _ids(cursor, ALONE_AGAIN, values)
    cursor.execute(NOTE, values)
    for _ in range(CHAIN):
        joined = _ids(cursor, JOIN, values)
        if not joined:
            break
        touched += joined + _ids(cursor, BRING_ALONG, {**values, "joined": joined})
    if touched:
        cursor.execute(DIRTY, {**values, "touched": touched})


def _ids(cursor: Any, statement: str, values: dict[str, Any]) -> list[int]:
    cursor.execute(statement, values)
    return [row[0] for row in cursor.fetchall()]
