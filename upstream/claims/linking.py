"""What a load leaves to be tied together: run once at its end, over what it brought and what waited for it.

Whatever order files come in, the same ties stand afterwards. Called inside the load's transaction, with the tenant
bound; weeks whose counts change are added to `dirty_week`. The merge has left the days of service in `touched_day`.
"""

from typing import Any

from upstream.claims import families, matching

LINK_STATUSES = """
UPDATE claims_claimstatus s SET claim_id = c.id FROM claims_claim c
WHERE s.tenant_id = %(tenant)s AND s.claim_id IS NULL AND c.tenant_id = %(tenant)s AND c.number_bidx = s.number_bidx
"""


# Codes of the answers that the file brought; each answer comes once, so that nothing is counted twice.
SEEN = """
WITH brought AS (
    SELECT id, payer_id, known_at FROM claims_adjudication WHERE tenant_id = %(tenant)s AND batch_id = %(batch)s
), seen AS (
    SELECT b.payer_id, a.carc, min(b.known_at) AS first, max(b.known_at) AS last, count(*) AS times
    FROM claims_adjustment a JOIN brought b ON b.id = a.adjudication_id
    WHERE a.tenant_id = %(tenant)s
      AND a.adjudication_id BETWEEN (SELECT min(id) FROM brought) AND (SELECT max(id) FROM brought)
      AND a.carc <> ALL (ARRAY(SELECT carc::text FROM claims_carcrule))
    GROUP BY b.payer_id, a.carc
)
"""
NEW_CODES = f"""{SEEN}
INSERT INTO claims_newcode AS n (tenant_id, payer_id, carc, first_seen_at, last_seen_at, times)
SELECT %(tenant)s, payer_id, carc, first, last, times FROM seen WHERE carc <> ''
ON CONFLICT (tenant_id, payer_id, carc) DO UPDATE SET times = n.times + excluded.times,
    first_seen_at = least(n.first_seen_at, excluded.first_seen_at),
    last_seen_at = greatest(n.last_seen_at, excluded.last_seen_at)
"""


def after_load(cursor: Any, *, tenant: int, batch: int, again: bool = False) -> dict[str, int]:
    """Tie statuses and remitted claims to the claims of which they speak, and note codes that are on no map.

    `batch` is the id of the file just merged; what is worth a notice on it is returned, by code. `again`: it was read
    before, so that what it said then may have kept any remitted claim from its own.
    """
    cursor.execute(LINK_STATUSES, {"tenant": tenant})
    families.join_families(cursor, tenant=tenant)
    (matching.match_all if again else matching.match)(cursor, tenant=tenant)
    cursor.execute(NEW_CODES, {"tenant": tenant, "batch": batch})
    return {"new_code": cursor.rowcount} if cursor.rowcount else {}
