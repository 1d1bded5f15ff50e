"""Weekly triangles, recounted whole for the submission weeks that changed.

Weeks begin on Monday; known weeks follow the practice's time zone. Only the first claim of each family and only primary
payers count (HFMA's primary denials).
"""

from typing import Any

from upstream.claims.choices import Outcome
from upstream.core.db.planning import no_nested_loops

COLUMNS = """c.payer_id, c.site_id, c.procedure_group, c.procedure_code, c.denial_category, c.denial_group,
    c.denial_carc, c.known_at, c.decision_known_at, c.outcome, c.billed_cents, c.allowed_cents, c.paid_cents"""
COUNTS = "c.tenant_id = %(tenant)s AND c.family_key = c.number_bidx AND c.payer_order = 1"
# The submission that the first decision answered: a claim may have been sent again under its number since.
ANSWERED = """(SELECT max(r.submitted_date) FROM claims_claimrevision r
    WHERE r.tenant_id = c.tenant_id AND r.claim_id = c.id AND r.submitted_date <= c.decided_date)"""
# Many weeks are read through from the first to the last; few that lie apart, each by itself.
THROUGH = f"""SELECT d.week, {COLUMNS} FROM claims_claim c
JOIN dirty_week d ON d.week = date_trunc('week', c.submitted_date)::date
WHERE {COUNTS} AND c.submitted_date >= %(first)s AND c.submitted_date < %(last)s::date + 7"""
APART = f"""SELECT d.week, c.* FROM dirty_week d CROSS JOIN LATERAL (SELECT {COLUMNS} FROM claims_claim c
    WHERE {COUNTS} AND c.submitted_date >= d.week AND c.submitted_date < d.week + 7 {{0}} OFFSET 0) AS c"""
NOT_SENT_AGAIN = f"AND (c.decided_date IS NULL OR c.submitted_date <= c.decided_date OR {ANSWERED} IS NULL)"
SENT_AGAIN = f"""SELECT d.week, {COLUMNS} FROM claims_claim c
JOIN dirty_week d ON d.week = date_trunc('week', {ANSWERED})::date
WHERE {COUNTS} AND c.submitted_date > c.decided_date
  AND c.id IN (SELECT claim_id FROM claims_claimrevision WHERE tenant_id = %(tenant)s)"""
COUNTED = """
CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
SELECT c.payer_id, coalesce(c.site_id, 0) AS site_id, c.procedure_group, c.procedure_code,
    c.denial_category AS category,
    CASE WHEN c.denial_carc = '' THEN '' ELSE c.denial_group || '-' || c.denial_carc END AS reason,
    c.week AS submitted_week, date_trunc('week', c.known_at AT TIME ZONE %(zone)s)::date AS known_week,
    date_trunc('week', c.decision_known_at AT TIME ZONE %(zone)s)::date AS decision_week,
    c.outcome, c.billed_cents, c.allowed_cents, c.paid_cents
FROM ({0} UNION ALL {1}) AS c
"""
CHANGED = """
INSERT INTO claims_submissionweek AS w (tenant_id, week, changes) SELECT %(tenant)s, week, 1 FROM dirty_week ORDER BY 2
ON CONFLICT (tenant_id, week) DO UPDATE SET changes = w.changes + 1
"""
MOST_APART = 3  # weeks to count, times this, within those from the first to the last
LEVELS: dict[str, tuple[str, ...]] = {
    "claims_payerweek": (),
    "claims_procedureweek": ("procedure_group", "procedure_code"),
    "claims_siteweek": ("site_id",),
    "claims_reasonweek": ("category", "reason"),
}
DENIED = f"outcome IN ({Outcome.DENIED}, {Outcome.PARTIAL})"


def _insert(table: str, keys: tuple[str, ...], outcome: str, known: str, which: str) -> str:
    groups = ", ".join(["payer_id", "submitted_week", *keys])
    return f"""
        INSERT INTO {table} (tenant_id, outcome, known_week, {groups}, claims, billed_cents, allowed_cents, paid_cents)
        SELECT %(tenant)s, {outcome}, {known}, {groups},
            count(*), sum(billed_cents), sum(allowed_cents), sum(paid_cents)
        FROM counted WHERE {which} GROUP BY 2, 3, {groups}
    """


def recount(cursor: Any, *, tenant: int, time_zone: str) -> int:
    """Replace the cells of every week in `dirty_week`, which is counted as changed; how many weeks that was."""
    cursor.execute("SELECT count(*), min(week), max(week) FROM dirty_week")
    weeks, first, last = cursor.fetchone()
    if not weeks:
        return 0
    values = {"tenant": tenant, "zone": time_zone, "first": first, "last": last}
    apart = weeks * MOST_APART < (last - first).days // 7
    with no_nested_loops(cursor):
        which = APART.format(NOT_SENT_AGAIN) if apart else f"{THROUGH} {NOT_SENT_AGAIN}"
        cursor.execute(COUNTED.format(which, SENT_AGAIN), values)
    for table, keys in LEVELS.items():
        old = "tenant_id = %(tenant)s AND submitted_week IN (SELECT week FROM dirty_week)"
        cursor.execute(f"DELETE FROM {table} WHERE {old}", values)
        decided = DENIED if table == "claims_reasonweek" else f"outcome <> {Outcome.PENDING}"
        if table != "claims_reasonweek":
            cursor.execute(_insert(table, keys, str(Outcome.PENDING.value), "known_week", "true"), values)
        cursor.execute(_insert(table, keys, "outcome", "decision_week", decided), values)
    cursor.execute(CHANGED, values)
    cursor.execute("DROP TABLE counted")
    cursor.execute("TRUNCATE dirty_week")
    return int(weeks)
