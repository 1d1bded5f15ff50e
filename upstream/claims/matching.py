"""Remitted claims whose number nobody knows, put to the practice's claims that they answer.

Worked out anew at the end of each load for the service dates that it touched, from what the claims say alone, so that
any order of files gives the same matches. Candidates share payer and service date, and the charge or the member.
What is put together counts once: the remitted claim joins the family, and the practice's claim takes the decision.
"""

from typing import Any

from upstream.claims.choices import MatchState
from upstream.claims.likeness import Pair, accepted, likeness
from upstream.claims.merge import NEVER
from upstream.claims.models import ClaimIdentity
from upstream.claims.staging import DECISION
from upstream.core import clock
from upstream.core.db.planning import no_nested_loops, only_nested_loops
from upstream.tenants.services import tenant_keys

ORPHAN = f"facts_known_at = '{NEVER}'::timestamptz AND payer_order > 0"
TOLD = f"facts_known_at > '{NEVER}'::timestamptz"
DECISIONS = ", ".join(f"{name} = o.{name}" for name in DECISION)
OF_O, OF_P = (", ".join(f"{alias}.{name}" for name in DECISION) for alias in "op")

# The days of claims that the load touched where a remitted claim stands alone, and both days of matches on such days.
DAYS = f"""
CREATE TEMPORARY TABLE match_day ON COMMIT DROP AS
SELECT t.day FROM touched_day t WHERE EXISTS (
    SELECT FROM claims_claim o WHERE o.tenant_id = %(tenant)s AND o.{ORPHAN} AND o.service_date = t.day OFFSET 0)
UNION
SELECT unnest(ARRAY[o.service_date, p.service_date]) FROM claims_claimmatch m
JOIN claims_claim o ON o.tenant_id = m.tenant_id AND o.id = m.remitted_id
JOIN claims_claim p ON p.tenant_id = m.tenant_id AND p.id = m.claim_id
WHERE m.tenant_id = %(tenant)s
  AND (o.service_date IN (SELECT day FROM touched_day) OR p.service_date IN (SELECT day FROM touched_day))
"""

ALL_DAYS = f"""
CREATE TEMPORARY TABLE match_day ON COMMIT DROP AS
SELECT DISTINCT service_date AS day FROM claims_claim
WHERE tenant_id = %(tenant)s AND {ORPHAN} AND service_date IS NOT NULL
"""

# A claim that the payer answered under its own number is no candidate, nor is a pair that a person took apart.
FREE = f"""
WHERE NOT EXISTS (
    SELECT FROM claims_adjudication a
    WHERE a.tenant_id = %(tenant)s AND a.claim_id = p.id AND a.payer_id = o.payer_id {{0}}
) AND NOT EXISTS (
    SELECT FROM claims_claimmatch m WHERE m.tenant_id = %(tenant)s AND m.remitted_id = o.id AND m.claim_id = p.id
        AND m.state = '{MatchState.UNDONE}' {{0}}
)
ORDER BY 1, 2
"""
ALONE = f"""
SELECT c.id, c.payer_id, c.service_date, c.billed_cents, c.rendering_npi, c.patient_id, t.member_bidx
FROM claims_claim c LEFT JOIN claims_patient t ON t.tenant_id = c.tenant_id AND t.id = c.patient_id
WHERE c.tenant_id = %(tenant)s AND c.{ORPHAN} AND c.service_date IN (SELECT day FROM match_day)
"""
# Many are held against all claims of their days at once; few each against those of its own payer and day, by index.
# A member is one patient, whose key the member's number is.
CANDIDATES = f"""
WITH told AS MATERIALIZED (
    SELECT c.id, c.payer_id, c.service_date, c.billed_cents, c.rendering_npi, t.member_bidx
    FROM claims_claim c LEFT JOIN claims_patient t ON t.tenant_id = c.tenant_id AND t.id = c.patient_id
    WHERE c.tenant_id = %(tenant)s AND c.{TOLD} AND c.service_date IN (SELECT day FROM match_day)
), orphan AS MATERIALIZED ({ALONE}), pair AS (
    SELECT o.id AS remitted, p.id AS claim FROM orphan o JOIN told p USING (payer_id, service_date, billed_cents)
    UNION
    SELECT o.id, p.id FROM orphan o JOIN told p USING (payer_id, service_date, member_bidx)
)
SELECT o.id, p.id, coalesce(o.member_bidx = p.member_bidx, false), o.billed_cents = p.billed_cents,
    o.rendering_npi <> '' AND o.rendering_npi = p.rendering_npi
FROM pair JOIN orphan o ON o.id = pair.remitted JOIN told p ON p.id = pair.claim
{FREE.format("")}"""
FEW = 2_000
FEW_CANDIDATES = f"""
WITH orphan AS MATERIALIZED ({ALONE})
SELECT o.id, p.id, o.member_bidx IS NOT NULL AND coalesce(o.patient_id = p.patient_id, false),
    o.billed_cents = p.billed_cents, o.rendering_npi <> '' AND o.rendering_npi = p.rendering_npi
FROM orphan o CROSS JOIN LATERAL (
    SELECT c.id, c.billed_cents, c.rendering_npi, c.patient_id FROM claims_claim c
    WHERE c.tenant_id = %(tenant)s AND c.service_date = o.service_date AND c.payer_id = o.payer_id AND c.{TOLD}
      AND (c.billed_cents = o.billed_cents OR (c.patient_id = o.patient_id AND o.member_bidx IS NOT NULL)) OFFSET 0
) AS p
{FREE.format("OFFSET 0")}"""
HOW_MANY = f"""
SELECT count(*) FROM claims_claim
WHERE tenant_id = %(tenant)s AND {ORPHAN} AND service_date IN (SELECT day FROM match_day)
"""
STANDING = f"""
SELECT m.remitted_id, m.claim_id FROM claims_claimmatch m
JOIN claims_claim o ON o.tenant_id = m.tenant_id AND o.id = m.remitted_id
JOIN claims_claim p ON p.tenant_id = m.tenant_id AND p.id = m.claim_id
WHERE m.tenant_id = %(tenant)s AND m.state = '{MatchState.MATCHED}'
  AND (o.service_date IN (SELECT day FROM match_day) OR p.service_date IN (SELECT day FROM match_day))
"""

DIRTY = """
INSERT INTO dirty_week SELECT date_trunc('week', submitted_date)::date FROM claims_claim
WHERE tenant_id = %(tenant)s AND id = ANY(%(touched)s) ON CONFLICT DO NOTHING
"""
# What each of the claims was told under its own number, or nothing.
OWN_DECISION = f"""
UPDATE claims_claim p SET {DECISIONS}
FROM unnest(%(claims)s::bigint[]) AS apart (id) LEFT JOIN LATERAL (
    SELECT a.outcome, a.decided_date, a.known_at, a.denial_group, a.denial_carc, a.denial_category,
        coalesce(a.allowed_cents, 0) AS allowed_cents, a.paid_cents
    FROM claims_adjudication a
    WHERE a.tenant_id = %(tenant)s AND a.claim_id = apart.id AND a.payer_order = 1 AND a.outcome <> 5
    ORDER BY a.known_at, a.decided_date NULLS LAST, a.position LIMIT 1
) AS own ON true
CROSS JOIN LATERAL (
    SELECT coalesce(own.outcome, 0) AS outcome, own.decided_date, own.known_at AS decision_known_at,
        coalesce(own.denial_group, '') AS denial_group, coalesce(own.denial_carc, '') AS denial_carc,
        coalesce(own.denial_category, '') AS denial_category, coalesce(own.allowed_cents, 0) AS allowed_cents,
        coalesce(own.paid_cents, 0) AS paid_cents
) AS o
WHERE p.tenant_id = %(tenant)s AND p.id = apart.id
"""
APART = (
    """
UPDATE claims_claim o SET family_key = m.family_before FROM claims_claimmatch m
WHERE o.tenant_id = %(tenant)s AND m.tenant_id = %(tenant)s AND o.id = m.remitted_id
  AND (m.remitted_id, m.claim_id) IN (SELECT * FROM unnest(%(remitted)s::bigint[], %(claims)s::bigint[]))
""",
    OWN_DECISION,
    """
DELETE FROM claims_claimmatch WHERE tenant_id = %(tenant)s AND state = 'matched'
  AND (remitted_id, claim_id) IN (SELECT * FROM unnest(%(remitted)s::bigint[], %(claims)s::bigint[]))
""",
)
TOGETHER = f"""
INSERT INTO claims_claimmatch (tenant_id, public_id, remitted_id, claim_id, state, agreed, made_at, undone_by,
    family_before)
SELECT %(tenant)s, gen_random_uuid(), o.id, m.claim, '{MatchState.MATCHED}', m.agreed, %(now)s, '', o.family_key
FROM unnest(%(remitted)s::bigint[], %(claims)s::bigint[], %(agreed)s::text[]) AS m (remitted, claim, agreed)
JOIN claims_claim o ON o.tenant_id = %(tenant)s AND o.id = m.remitted
"""
# Families and decisions follow: the claims of a match may be told more, or join another family, at any time.
PAIRED = f"""
claims_claimmatch m, claims_claim {{0}} WHERE m.tenant_id = %(tenant)s AND m.state = '{MatchState.MATCHED}'
  AND o.tenant_id = %(tenant)s AND p.tenant_id = %(tenant)s AND o.id = m.remitted_id AND p.id = m.claim_id
"""
FOLLOW = (
    f"UPDATE claims_claim o SET family_key = p.family_key FROM {PAIRED.format('p')}"
    " AND o.family_key <> p.family_key RETURNING o.id",
    f"UPDATE claims_claim p SET {DECISIONS} FROM {PAIRED.format('o')}"
    f" AND o.outcome <> 0 AND ({OF_P}) IS DISTINCT FROM ({OF_O}) RETURNING p.id",
)


def match(cursor: Any, *, tenant: int) -> None:
    """Matches stand as the claims of `touched_day` now say; weeks whose counts changed are in `dirty_week`."""
    _match(cursor, {"tenant": tenant}, DAYS)


def match_all(cursor: Any, *, tenant: int) -> None:
    """The same for every day on which a remitted claim stands alone or is matched, as after payers were joined."""
    _match(cursor, {"tenant": tenant}, ALL_DAYS)


def _match(cursor: Any, values: dict[str, Any], days: str) -> None:
    tenant = values["tenant"]
    cursor.execute("DROP TABLE IF EXISTS match_day")
    cursor.execute(days, values)
    if cursor.rowcount:
        wanted = {(pair.remitted, pair.claim): pair.agreed for pair in accepted(_pairs(_candidates(cursor, values)))}
        cursor.execute(STANDING, values)
        standing = set(cursor.fetchall())
        take_apart(cursor, tenant, standing - wanted.keys())
        _put_together(cursor, tenant, {pair: how for pair, how in wanted.items() if pair not in standing})
    _follow(cursor, tenant)


def _candidates(cursor: Any, values: dict[str, Any]) -> list[tuple[int, int, bool, bool, bool]]:
    """(remitted, claim, same member, same charge, same provider) of every pair that may be one claim."""
    cursor.execute(HOW_MANY, values)
    if cursor.fetchone()[0] <= FEW:
        with only_nested_loops(cursor):
            cursor.execute(FEW_CANDIDATES, values)
            return list(cursor.fetchall())
    with no_nested_loops(cursor):
        cursor.execute(CANDIDATES, values)
        return list(cursor.fetchall())


def take_apart(cursor: Any, tenant: int, pairs: set[tuple[int, int]]) -> None:
    """Each remitted claim is by itself again, and each of the practice's claims has its own decision, or none."""
    if pairs:
        remitted, claims = zip(*sorted(pairs), strict=True)
        values = {"tenant": tenant, "remitted": list(remitted), "claims": list(claims), "touched": [*remitted, *claims]}
        for statement in (*APART, DIRTY):
            cursor.execute(statement, values)


def _pairs(rows: list[tuple[int, int, bool, bool, bool]]) -> list[Pair]:
    """The candidates with the likeness of their numbers, which are opened for that and kept nowhere."""
    keys = tenant_keys()
    ids = {claim_id for row in rows for claim_id in row[:2]}
    opened = {row.claim_id: row.opened(keys) for row in ClaimIdentity.objects.filter(claim_id__in=ids)}
    found = []
    for remitted, claim, member, charge, npi in rows:
        ours = opened.get(claim, {})
        told = opened.get(remitted, {}).get("claim_number", "")
        alike = likeness(told, (ours.get("claim_number", ""), ours.get("account", "")))
        found.append(Pair(remitted, claim, alike, member, charge, npi))
    return found


def _put_together(cursor: Any, tenant: int, pairs: dict[tuple[int, int], str]) -> None:
    if pairs:
        remitted, claims = zip(*pairs, strict=True)
        values = {"tenant": tenant, "now": clock.now(), "agreed": list(pairs.values())}
        cursor.execute(TOGETHER, {**values, "remitted": list(remitted), "claims": list(claims)})


def _follow(cursor: Any, tenant: int) -> None:
    touched: list[int] = []
    for statement in FOLLOW:
        cursor.execute(statement, {"tenant": tenant})
        touched += [row[0] for row in cursor.fetchall()]
    if touched:
        cursor.execute(DIRTY, {"tenant": tenant, "touched": touched})
