"""Families of claims of some submission weeks, with every answer of their first payer, as temporary tables.

`kin`: the first claim of each family first submitted in one of the weeks (of some outcomes and payers, or of all);
`said`: primary answers to any claim of the family; `family`: the two together, one row each. A claim sent again under
its number counts from its first day.
"""

from typing import Any

from upstream.claims.choices import Outcome

ANSWERED = f"({Outcome.PAID}, {Outcome.DENIED}, {Outcome.PARTIAL}, {Outcome.ZERO_OTHER})"
REFUSED = f"({Outcome.DENIED}, {Outcome.PARTIAL})"
PAYING = f"({Outcome.PAID}, {Outcome.PARTIAL})"
FIRST_DAY = """(SELECT least({0}.submitted_date, min(r.submitted_date)) FROM claims_claimrevision r
    WHERE r.tenant_id = %(tenant)s AND r.claim_id = {0}.id)"""

# Weeks to be counted: those that changed, and the first weeks of families that a claim of these weeks belongs to.
ALSO = f"""
INSERT INTO summing
SELECT DISTINCT date_trunc('week', {FIRST_DAY.format("h")})::date FROM summing d
CROSS JOIN LATERAL (SELECT c.family_key FROM claims_claim c WHERE c.tenant_id = %(tenant)s
    AND c.submitted_date >= d.week AND c.submitted_date < d.week + 7
    AND (c.family_key <> c.number_bidx OR EXISTS (SELECT FROM claims_claimrevision r
        WHERE r.tenant_id = %(tenant)s AND r.claim_id = c.id)) OFFSET 0) c
JOIN claims_claim h ON h.tenant_id = %(tenant)s AND h.number_bidx = c.family_key
ON CONFLICT DO NOTHING
"""
WANTED = """(%(outcomes)s::smallint[] IS NULL OR c.outcome = ANY(%(outcomes)s::smallint[]))
        AND (%(payers)s::bigint[] IS NULL OR c.payer_id = ANY(%(payers)s::bigint[]))"""
KIN = f"""
WITH candidate AS (
    SELECT c.id FROM summing d CROSS JOIN LATERAL (SELECT c.id FROM claims_claim c WHERE c.tenant_id = %(tenant)s
        AND c.submitted_date >= d.week AND c.submitted_date < d.week + 7 AND {WANTED} OFFSET 0) c
    UNION
    SELECT r.claim_id FROM claims_claimrevision r JOIN summing d ON d.week = date_trunc('week', r.submitted_date)::date
    WHERE r.tenant_id = %(tenant)s
)
SELECT c.id, c.number_bidx, c.payer_id, c.procedure_code AS place, f.sent,
    date_trunc('week', f.sent)::date AS sent_week, coalesce(c.service_date, f.sent) AS served, c.billed_cents AS billed,
    c.outcome, c.denial_category, c.decision_known_at, c.allowed_cents AS first_allowed,
    coalesce(c.decided_date, (c.decision_known_at AT TIME ZONE %(zone)s)::date) AS decided,
    date_trunc('week', c.decision_known_at AT TIME ZONE %(zone)s)::date AS known_week,
    (SELECT count(DISTINCT r.submitted_date) FROM claims_claimrevision r WHERE r.tenant_id = %(tenant)s
        AND r.claim_id = c.id AND r.submitted_date < c.submitted_date) AS earlier
FROM candidate x JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.id = x.id
CROSS JOIN LATERAL (SELECT {FIRST_DAY.format("c")} AS sent) f
WHERE c.family_key = c.number_bidx AND c.payer_order = 1
  AND {WANTED}
  AND date_trunc('week', f.sent)::date IN (SELECT week FROM summing)
"""
MEMBER = """
SELECT k.id AS family, k.id AS claim FROM kin k
UNION ALL
SELECT k.id, c.id FROM kin k JOIN claims_claim c ON c.tenant_id = %(tenant)s AND c.family_key = k.number_bidx
WHERE c.family_key <> c.number_bidx AND c.payer_order = 1
"""
SAID = """
SELECT m.family, m.claim, a.id, a.outcome, a.paid_cents, a.patient_cents, a.received_date, a.payment_date, a.position,
    coalesce(a.allowed_cents, a.paid_cents + a.patient_cents) AS allowed, a.known_at,
    coalesce(a.decided_date, a.payment_date, (a.known_at AT TIME ZONE %(zone)s)::date) AS day,
    EXISTS (SELECT FROM claims_adjudication r WHERE r.tenant_id = %(tenant)s AND r.reverses_id = a.id) AS taken_back
FROM member m JOIN claims_adjudication a ON a.tenant_id = %(tenant)s AND a.claim_id = m.claim
WHERE a.payer_order = 1
"""
FAMILY = f"""
WITH told AS (
    SELECT s.family, sum(s.paid_cents) AS collected, bool_or(s.outcome = {Outcome.REVERSED}) AS reversed,
        count(*) FILTER (WHERE s.outcome IN {ANSWERED}) AS answers,
        min(s.day) FILTER (WHERE s.outcome IN {ANSWERED} AND s.paid_cents > 0) AS paid_on,
        min(s.day) FILTER (WHERE s.later AND s.outcome IN {PAYING} AND s.paid_cents > 0 AND NOT s.taken_back)
            AS denied_paid_on,
        min(s.day) FILTER (WHERE s.later AND s.outcome = {Outcome.ZERO_OTHER} AND s.patient_cents > 0
            AND NOT s.taken_back) AS denied_patient_on
    FROM (SELECT s.*, (s.known_at, s.day) > (k.decision_known_at, k.decided) AS later
        FROM said s JOIN kin k ON k.id = s.family) s GROUP BY s.family
), last AS (
    SELECT DISTINCT ON (family) family, outcome, allowed, patient_cents FROM said
    WHERE outcome IN {ANSWERED} AND NOT taken_back
    ORDER BY family, known_at DESC, day DESC, position DESC, id DESC
), members AS (SELECT family, count(*) AS claims FROM member GROUP BY 1)
SELECT k.*, coalesce(t.collected, 0) AS collected, coalesce(t.reversed, false) AS reversed, t.paid_on,
    coalesce(t.answers, 0) AS answers, t.denied_paid_on, t.denied_patient_on, l.outcome AS last_outcome,
    greatest(coalesce(l.allowed - l.patient_cents, 0), 0) AS payers_part, n.claims - 1 + k.earlier AS again
FROM kin k JOIN members n ON n.family = k.id LEFT JOIN told t ON t.family = k.id LEFT JOIN last l ON l.family = k.id
"""
TABLES = {"kin": KIN, "member": MEMBER, "said": SAID, "family": FAMILY}


def begin(cursor: Any, values: dict[str, Any]) -> None:
    """`summing` has the weeks."""
    cursor.execute("CREATE TEMPORARY TABLE summing (week date PRIMARY KEY) ON COMMIT DROP")
    cursor.execute("INSERT INTO summing SELECT unnest(%(weeks)s::date[])", values)


def widen(cursor: Any, values: dict[str, Any]) -> None:
    """`summing` has the first weeks too of families that claims of its weeks belong to."""
    cursor.execute(ALSO, values)


def build(cursor: Any, values: dict[str, Any]) -> None:
    """The temporary tables stand for the families first submitted in the weeks in `summing`.

    `values`: tenant, zone and, for claims of some outcomes or payers alone, `outcomes` and `payers`.
    """
    asked = {"outcomes": None, "payers": None, **values}
    for name, select in TABLES.items():
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {select}", asked)
        cursor.execute(f"ANALYZE {name}")


def drop(cursor: Any, *more: str) -> None:
    """The temporary tables are gone, and those named beside them."""
    for name in (*TABLES, *more):
        cursor.execute(f"DROP TABLE {name}")
