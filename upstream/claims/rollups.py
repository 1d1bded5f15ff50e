"""Weekly triangles, recounted whole for the submission weeks that changed.

Weeks begin on Monday; known weeks follow the practice's time zone. Only the first claim of each family and only primary
payers count (HFMA's primary denials).
"""

from typing import Any

from upstream.claims.choices import Outcome

COUNTED = """
    c.tenant_id = %(tenant)s AND c.family_key = c.number_bidx AND c.payer_order = 1
    AND c.submitted_date >= %(first)s AND c.submitted_date < %(last)s::date + 7
    AND date_trunc('week', c.submitted_date)::date IN (SELECT week FROM dirty_week)
"""
KNOWN = "date_trunc('week', c.{} AT TIME ZONE %(zone)s)::date"
SUMS = "count(*), sum(c.billed_cents), sum(c.allowed_cents), sum(c.paid_cents)"
WEEK = "date_trunc('week', c.submitted_date)::date"
VALUES = "claims, billed_cents, allowed_cents, paid_cents"
LEVELS: dict[str, dict[str, str]] = {
    "claims_payerweek": {},
    "claims_procedureweek": {"procedure_group": "c.procedure_group", "procedure_code": "c.procedure_code"},
    "claims_siteweek": {"site_id": "coalesce(c.site_id, 0)"},
    "claims_reasonweek": {
        "category": "c.denial_category",
        "reason": "CASE WHEN c.denial_carc = '' THEN '' ELSE c.denial_group || '-' || c.denial_carc END",
    },
}


def _insert(table: str, keys: dict[str, str], outcome: str, known: str, also: str) -> str:
    names, values = ", ".join(keys), ", ".join(keys.values())
    comma_names, comma_values = (f"{names}, ", f"{values}, ") if keys else ("", "")
    grouped = ", ".join(str(position) for position in range(2, 6 + len(keys)))
    return f"""
        INSERT INTO {table} (tenant_id, outcome, payer_id, submitted_week, {comma_names}known_week, {VALUES})
        SELECT %(tenant)s, {outcome}, c.payer_id, {WEEK}, {comma_values}{known}, {SUMS}
        FROM claims_claim c WHERE {COUNTED} {also} GROUP BY {grouped}
    """


def recount(cursor: Any, *, tenant: int, time_zone: str) -> int:
    """Replace the cells of every week in `dirty_week`; how many weeks that was."""
    cursor.execute("SELECT count(*), min(week), max(week) FROM dirty_week")
    weeks, first, last = cursor.fetchone()
    if not weeks:
        return 0
    values = {"tenant": tenant, "zone": time_zone, "first": first, "last": last}
    for table, keys in LEVELS.items():
        cursor.execute(
            f"DELETE FROM {table} WHERE tenant_id = %(tenant)s AND submitted_week IN (SELECT week FROM dirty_week)", values
        )
        if table == "claims_reasonweek":
            denied = f"AND c.outcome IN ({Outcome.DENIED}, {Outcome.PARTIAL})"
            cursor.execute(_insert(table, keys, "c.outcome", KNOWN.format("decision_known_at"), denied), values)
            continue
        cursor.execute(_insert(table, keys, str(Outcome.PENDING.value), KNOWN.format("known_at"), ""), values)
        cursor.execute(_insert(table, keys, "c.outcome", KNOWN.format("decision_known_at"), "AND c.outcome <> 0"), values)
    cursor.execute("TRUNCATE dirty_week")
    return int(weeks)
