"""One staged chunk becomes patients, claims, lines, adjudications and adjustments: a few set-based statements.

Rows with new ids are inserted as they are; what stands already is met by its key. Rows known earlier are never
overwritten: changed facts leave a ClaimRevision, decisions are events that are only added, and a claim's first decision
is the earliest known one. Called inside a transaction with the tenant bound and one load at a time; `tenant` and
`batch` are ids. Statements that meet rows we had look between the lowest and the highest of their ids, so that no plan
depends on what the planner knows of a table that is being filled.
"""

from typing import Any

from upstream.claims.blanks import facts, fill, first_said, has_blanks_for
from upstream.claims.choices import Outcome
from upstream.claims.staging import DECISION, FACTS, TABLES

# Facts that no full source has stated yet: whatever states them first replaces them.
NEVER = "1900-01-01 00:00:00+00"
FACT_LIST, DECISION_LIST = ", ".join(FACTS), ", ".join(DECISION)


def _of(alias: str, names: dict[str, str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def _insert(table: str, staged: str, rest: str = "") -> str:
    """INSERT all columns of a staging table; `rest` says which rows, and what is done with those that stand."""
    names = ", ".join(TABLES[staged])
    return (
        f"INSERT INTO {table} (tenant_id, {names}) OVERRIDING SYSTEM VALUE"
        f" SELECT %(tenant)s, {names} FROM {staged} {rest}"
    )


# A remittance names fewer identifying values than the practice's own file and must not replace them.
NEW_PATIENTS = _insert("claims_patient", "staged_patient", "WHERE id >= %(new_patient)s")
PATIENTS = _insert(
    "claims_patient",
    "staged_patient",
    """WHERE id < %(new_patient)s ON CONFLICT (tenant_id, key_bidx) DO UPDATE
    SET sealed = excluded.sealed, fingerprint = excluded.fingerprint, member_bidx = excluded.member_bidx,
        account_bidx = excluded.account_bidx
    WHERE claims_patient.fingerprint <> excluded.fingerprint
      AND (excluded.account_bidx IS NOT NULL OR claims_patient.account_bidx IS NULL)""",
)

CLAIMS = f"""
INSERT INTO claims_claim (tenant_id, id, public_id, batch_id, number_bidx, family_key, patient_id, position, known_at,
    facts_known_at, {FACT_LIST}, {DECISION_LIST}) OVERRIDING SYSTEM VALUE
SELECT %(tenant)s, id, public_id, %(batch)s, number_bidx, family_key, patient_id, position, known_at,
    CASE WHEN full_facts THEN known_at ELSE '{NEVER}'::timestamptz END, {facts("s")}, {DECISION_LIST}
FROM staged_claim s WHERE is_new
"""

STOOD = ", ".join(f"CASE WHEN c.facts_known_at > '{NEVER}'::timestamptz THEN c.{name} END AS {name}" for name in FACTS)

# What a full source now states, where it is not older than what we hold and says something else.
CHANGED = f"""
CREATE TEMPORARY TABLE changed_claim ON COMMIT DROP AS
SELECT s.id, s.family_key, s.known_at, s.patient_id, s.position, said.*
FROM staged_claim s JOIN claims_claim c ON c.id = s.id
CROSS JOIN LATERAL (SELECT {STOOD}) AS stood
CROSS JOIN LATERAL (SELECT {facts("s", "stood")}) AS said ({FACT_LIST})
WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND NOT s.is_new AND s.full_facts
  AND s.known_at >= c.facts_known_at
  AND (({_of("c", FACTS)}) IS DISTINCT FROM ({_of("said", FACTS)})
       OR (s.family_key <> s.number_bidx AND s.family_key <> c.family_key))
"""

# Facts that never stood by themselves (an 835's guesses, or two files known at the same moment) leave no trace.
REVISIONS = f"""
INSERT INTO claims_claimrevision (tenant_id, claim_id, batch_id, position, family_key, known_from, known_until,
    {FACT_LIST})
SELECT %(tenant)s, c.id, c.batch_id, c.position, c.family_key, c.facts_known_at, n.known_at,
    {_of("c", FACTS)}
FROM changed_claim n JOIN claims_claim c ON c.id = n.id
WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND c.facts_known_at < n.known_at
  AND c.facts_known_at > '{NEVER}'::timestamptz
ON CONFLICT (tenant_id, claim_id, known_from) DO NOTHING
"""

# Weeks of submission to be counted anew, and days of service on which something may match anew.
NOTE = """
WITH touched AS (
    SELECT DISTINCT date_trunc('week', submitted_date)::date AS week, service_date AS day
    FROM staged_claim WHERE is_new
    UNION
    SELECT date_trunc('week', submitted_date)::date, service_date FROM claims_claim
    WHERE tenant_id = %(tenant)s AND id BETWEEN %(low)s AND %(high)s
      AND id IN (SELECT id FROM staged_claim WHERE NOT is_new)
    UNION
    SELECT date_trunc('week', submitted_date)::date, NULL FROM claims_claimrevision
    WHERE tenant_id = %(tenant)s AND claim_id BETWEEN %(low)s AND %(high)s
      AND claim_id IN (SELECT id FROM staged_claim WHERE NOT is_new)
), counted AS (
    INSERT INTO dirty_week SELECT DISTINCT week FROM touched ON CONFLICT DO NOTHING
)
INSERT INTO touched_day SELECT DISTINCT day FROM touched WHERE day IS NOT NULL ON CONFLICT DO NOTHING
"""

CORRECT = f"""
UPDATE claims_claim c SET batch_id = %(batch)s, position = n.position, facts_known_at = n.known_at,
    known_at = least(c.known_at, n.known_at),
    patient_id = coalesce(n.patient_id, c.patient_id),
    family_key = CASE WHEN n.family_key <> c.number_bidx THEN n.family_key ELSE c.family_key END,
    {", ".join(f"{name} = n.{name}" for name in FACTS)}
FROM changed_claim n WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND c.id = n.id
"""

# A claim that was withdrawn, as no file told of it any more, is known again from a payer's answer.
REVIVED = f"""
UPDATE claims_claim c SET batch_id = %(batch)s, position = s.position, known_at = s.known_at,
    {", ".join(f"{name} = {first_said(name, 's')}" for name in FACTS)}
FROM staged_claim s WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND c.id = s.id
  AND NOT s.full_facts AND c.payer_order = 0
"""

# A file that was known earlier than what we hold: it says since when we know of the claim, and what stood before.
EARLIER = """
UPDATE claims_claim c SET known_at = s.known_at FROM staged_claim s
WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND NOT s.is_new AND c.id = s.id
  AND s.known_at < c.known_at
"""
SHORTEN = """
UPDATE claims_claimrevision r SET known_until = s.known_at FROM staged_claim s
WHERE r.tenant_id = %(tenant)s AND r.claim_id BETWEEN %(low)s AND %(high)s AND r.claim_id = s.id AND s.full_facts
  AND r.known_from < s.known_at AND s.known_at < r.known_until
"""
OF_AN_EARLIER = """
FROM staged_claim s WHERE {0}.tenant_id = %(tenant)s AND {0}.{1} BETWEEN %(low)s AND %(high)s
  AND {0}.{1} = s.id AND s.full_facts AND s.known_at < {0}.{2} AND ({3})
"""
FILL_LATER = (
    f"UPDATE claims_claim c SET {fill('c', 's')}"
    + OF_AN_EARLIER.format("c", "id", "facts_known_at", has_blanks_for("c", "s")),
    f"UPDATE claims_claimrevision r SET {fill('r', 's')}"
    + OF_AN_EARLIER.format("r", "claim_id", "known_from", has_blanks_for("r", "s")),
)
EARLIER_FACTS = f"""
INSERT INTO claims_claimrevision (tenant_id, claim_id, batch_id, position, family_key, known_from, known_until,
    {FACT_LIST})
SELECT %(tenant)s, c.id, %(batch)s, s.position, s.family_key, s.known_at, least(c.facts_known_at, (
        SELECT min(r.known_from) FROM claims_claimrevision r
        WHERE r.tenant_id = %(tenant)s AND r.claim_id = c.id AND r.known_from > s.known_at
    )), {_of("said", FACTS)}
FROM staged_claim s JOIN claims_claim c ON c.id = s.id
LEFT JOIN LATERAL (
    SELECT * FROM claims_claimrevision r
    WHERE r.tenant_id = %(tenant)s AND r.claim_id = c.id AND r.known_from < s.known_at
    ORDER BY r.known_from DESC LIMIT 1
) AS stood ON true
CROSS JOIN LATERAL (SELECT {facts("s", "stood")}) AS said ({FACT_LIST})
WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND NOT s.is_new AND s.full_facts
  AND s.known_at < c.facts_known_at
  AND ({_of("c", FACTS)}) IS DISTINCT FROM ({_of("said", FACTS)})
ON CONFLICT (tenant_id, claim_id, known_from) DO NOTHING
"""

NEW_IDENTITIES = _insert("claims_claimidentity", "staged_identity", "WHERE claim_id >= %(new_claim)s")
IDENTITIES = _insert(
    "claims_claimidentity",
    "staged_identity",
    """WHERE claim_id < %(new_claim)s ON CONFLICT (tenant_id, claim_id) DO UPDATE
    SET sealed = excluded.sealed, fingerprint = excluded.fingerprint, account_bidx = excluded.account_bidx,
        control_bidx = coalesce(excluded.control_bidx, claims_claimidentity.control_bidx)
    WHERE claims_claimidentity.fingerprint <> excluded.fingerprint
      AND (excluded.account_bidx IS NOT NULL OR claims_claimidentity.fingerprint = '')""",
)

# A corrected claim has the lines of the correction.
OLD_LINES = """
DELETE FROM claims_serviceline l WHERE l.tenant_id = %(tenant)s AND l.claim_id BETWEEN %(low)s AND %(high)s
  AND l.claim_id IN (SELECT n.id FROM changed_claim n JOIN staged_line s ON s.claim_id = n.id)
"""
NEW_LINES = _insert("claims_serviceline", "staged_line", "WHERE claim_id >= %(new_claim)s")
LINES = _insert(
    "claims_serviceline",
    "staged_line",
    "WHERE claim_id < %(new_claim)s ON CONFLICT (tenant_id, claim_id, number) DO NOTHING",
)

ADJUDICATIONS = f"""
INSERT INTO claims_adjudication (tenant_id, id, claim_id, batch_id, payer_id, raw_payer_id, event_bidx, position,
    payer_order, claim_status_code, check_number, control_bidx, sealed_identity, received_date, payment_date,
    billed_cents, patient_cents, balance_cents, interest_cents, outcome, decided_date, known_at, denial_group,
    denial_carc, denial_category, allowed_cents, paid_cents) OVERRIDING SYSTEM VALUE
SELECT %(tenant)s, id, claim_id, %(batch)s, payer_id, raw_payer_id, event_bidx, position, payer_order,
    claim_status_code, check_number, control_bidx, sealed_identity, received_date, payment_date, billed_cents,
    patient_cents, balance_cents, interest_cents, {DECISION_LIST}
FROM staged_event
"""
ANSWERS = _insert("claims_lineadjudication", "staged_answer")
ADJUSTMENTS = _insert("claims_adjustment", "staged_adjustment")

# For claims that we had: the earliest known primary decision, where it is not the one we hold.
FIRST_DECISIONS = f"""
UPDATE claims_claim c SET {", ".join(f"{name} = s.{name}" for name in DECISION)}
FROM staged_claim s
WHERE c.tenant_id = %(tenant)s AND c.id BETWEEN %(low)s AND %(high)s AND NOT s.is_new AND c.id = s.id
  AND s.outcome <> {Outcome.PENDING}
  AND (c.outcome = {Outcome.PENDING}
       OR (s.decision_known_at, coalesce(s.decided_date, 'infinity'))
           < (c.decision_known_at, coalesce(c.decided_date, 'infinity')))
"""

# The n-th reversal of an amount on a claim takes back the n-th answer of that amount, if that one was known before.
PAIR_REVERSALS = f"""
WITH numbered AS (
    SELECT id, claim_id, outcome = {Outcome.REVERSED} AS reversal, abs(paid_cents) AS paid, abs(billed_cents) AS billed,
        known_at, decided_date, position, reverses_id,
        row_number() OVER (
            PARTITION BY claim_id, outcome = {Outcome.REVERSED}, abs(paid_cents), abs(billed_cents)
            ORDER BY known_at, decided_date, position
        ) AS nth
    FROM claims_adjudication WHERE tenant_id = %(tenant)s AND claim_id IN (SELECT unnest(%(touched)s::bigint[]))
)
UPDATE claims_adjudication r SET reverses_id = o.id
FROM numbered x JOIN numbered o ON o.claim_id = x.claim_id AND o.paid = x.paid AND o.billed = x.billed AND o.nth = x.nth
WHERE x.reversal AND NOT o.reversal AND (o.known_at, o.position) < (x.known_at, x.position)
  AND r.tenant_id = %(tenant)s AND r.id = x.id AND r.reverses_id IS DISTINCT FROM o.id
"""

# The first claim of a family may itself turn out to replace an earlier one.
JOIN_FAMILIES = """
UPDATE claims_claim c SET family_key = m.family
FROM unnest(%(numbers)s::bytea[], %(families)s::bytea[]) AS m (number, family)
WHERE c.tenant_id = %(tenant)s AND c.family_key = ANY(%(numbers)s::bytea[]) AND c.family_key <> c.number_bidx
  AND c.family_key = m.number
"""


def merge_staged(
    cursor: Any,
    *,
    tenant: int,
    batch: int,
    had: list[int],
    new_claim: int,
    new_patient: int,
    reversed_claims: list[int],
    moved: dict[bytes, bytes],
) -> None:
    """Merge the staged chunk.

    `had`: staged claims that stood before, ascending; `new_claim`, `new_patient`: ids from these on are new;
    `reversed_claims`: those with a reversal; `moved`: family of each claim that replaces another.
    """
    values = {
        "tenant": tenant,
        "batch": batch,
        "low": had[0] if had else 0,
        "high": had[-1] if had else -1,
        "new_claim": new_claim,
        "new_patient": new_patient,
        "touched": reversed_claims,
        "numbers": list(moved),
        "families": list(moved.values()),
    }
    # References are checked by plans that the session keeps, made for tables as small as they were when it met them.
    cursor.execute("DISCARD PLANS")
    for statement in (NEW_PATIENTS, PATIENTS, CLAIMS, NEW_IDENTITIES, NEW_LINES, ADJUDICATIONS, ANSWERS, ADJUSTMENTS):
        cursor.execute(statement, values)
    cursor.execute(NOTE, values)
    if had:
        _correct(cursor, values)
        for statement in (IDENTITIES, LINES, FIRST_DECISIONS):
            cursor.execute(statement, values)
    if reversed_claims:
        cursor.execute(PAIR_REVERSALS, values)
    if moved:
        cursor.execute(JOIN_FAMILIES, values)


def _correct(cursor: Any, values: dict[str, Any]) -> None:
    cursor.execute(CHANGED, values)
    if cursor.rowcount:
        for statement in (REVISIONS, CORRECT, OLD_LINES):
            cursor.execute(statement, values)
    cursor.execute("DROP TABLE changed_claim")
    for statement in (REVIVED, EARLIER, SHORTEN, *FILL_LATER, EARLIER_FACTS, NOTE):
        cursor.execute(statement, values)
