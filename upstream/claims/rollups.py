"""Weekly triangles, recounted whole for the submission weeks that changed.

Weeks begin on Monday; known weeks follow the practice's time zone. Only the first claim of each family and only primary
payers count (HFMA's primary denials).
"""

from typing import Any

from upstream.claims.choices import Outcome

COUNTED = """
CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
SELECT c.payer_id, coalesce(c.site_id, 0) AS site_id, c.procedure_group, c.procedure_code,
    c.denial_category AS category,
    CASE WHEN c.denial_carc = '' THEN '' ELSE c.denial_group || '-' || c.denial_carc END AS reason,
    d.week AS submitted_week, date_trunc('week', c.known_at AT TIME ZONE %(zone)s)::date AS known_week,
    date_trunc('week', c.decision_known_at AT TIME ZONE %(zone)s)::date AS decision_week,
    c.outcome, c.billed_cents, c.allowed_cents, c.paid_cents
FROM claims_claim c JOIN dirty_week d ON d.week = date_trunc('week', c.submitted_date)::date
WHERE c.tenant_id = %(tenant)s AND c.submitted_date >= %(first)s AND c.submitted_date < %(last)s::date + 7
  AND c.family_key = c.number_bidx AND c.payer_order = 1
"""
CHANGED = """
INSERT INTO claims_submissionweek AS w (tenant_id, week, changes) SELECT %(tenant)s, week, 1 FROM dirty_week ORDER BY 2
ON CONFLICT (tenant_id, week) DO UPDATE SET changes = w.changes + 1
"""
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
    cursor.execute(COUNTED, values)
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
