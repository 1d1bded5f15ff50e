"""Weeks whose claims changed are summed anew, whole: a sum that was added to would grow with each retry."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from upstream.claims.models import Payer
from upstream.claims.services import carc_map
from upstream.core import clock, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.kpis import answer_days, answers, families
from upstream.kpis.models import Price
from upstream.tenants.queries import bound_organization
from upstream.worklist.pricing import prices_on

FORMAT, AT_ONCE = 3, 12
# Weeks whose claims changed, or of whose claims something was said before adjudication, since they were summed.
STALE = """
SELECT w.week FROM claims_submissionweek w
LEFT JOIN kpis_summedweek d ON d.tenant_id = w.tenant_id AND d.week = w.week
WHERE w.tenant_id = %(tenant)s AND (d.changes IS DISTINCT FROM w.changes OR d.layout IS DISTINCT FROM %(layout)s)
UNION
SELECT d.week FROM claims_claimstatus s
JOIN claims_claim c ON c.tenant_id = s.tenant_id AND c.id = s.claim_id
JOIN kpis_summedweek d ON d.tenant_id = s.tenant_id AND d.week = date_trunc('week', c.submitted_date)::date
WHERE s.tenant_id = %(tenant)s AND s.id > (SELECT min(statuses) FROM kpis_summedweek WHERE tenant_id = %(tenant)s)
  AND s.id > d.statuses
ORDER BY 1
"""
SEEN = """SELECT coalesce(max(id), 0) FROM claims_claimstatus WHERE tenant_id = %(tenant)s"""
NOTED = """
INSERT INTO kpis_summedweek (tenant_id, week, changes, statuses, layout)
SELECT %(tenant)s, d.week, coalesce(w.changes, 0), %(seen)s, %(layout)s FROM unnest(%(weeks)s::date[]) AS d (week)
LEFT JOIN claims_submissionweek w ON w.tenant_id = %(tenant)s AND w.week = d.week
ON CONFLICT (tenant_id, week) DO UPDATE
SET changes = excluded.changes, statuses = excluded.statuses, layout = excluded.layout
"""
ALL_SEEN = "UPDATE kpis_summedweek SET statuses = %(seen)s WHERE tenant_id = %(tenant)s AND statuses <> %(seen)s"


def weeks_waiting() -> list[date]:
    """Submission weeks whose sums do not stand, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, _values())
        return [week for (week,) in cursor.fetchall()]


def take_weeks(_ordinal: int) -> bool:
    """The sums of the oldest twelve weeks that wait stand as their claims do; False when none waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        one_at_a_time("kpis", tenancy.required())
        values = _values()
        cursor.execute(SEEN, values)
        values["seen"] = cursor.fetchone()[0]
        waiting = weeks_waiting()
        if not waiting:
            return False
        weeks = values["weeks"] = waiting[:AT_ONCE]
        cursor.execute(NOTED, values)
        _sum(cursor, values)
        if len(weeks) == len(waiting):
            cursor.execute(ALL_SEEN, values)
            _keep_prices()
    return True


def _sum(cursor: Any, values: dict[str, Any]) -> None:
    """Noted before they are read: what changes meanwhile makes the week wait once more."""
    families.begin(cursor, values)
    families.widen(cursor, values)
    families.build(cursor, values)
    cursor.execute(
        "DELETE FROM kpis_weeksum WHERE tenant_id = %(tenant)s AND sent_week IN (SELECT week FROM summing)", values
    )
    answers.count(cursor, values, carc_map(clock.today(values["zone"])))
    families.drop(cursor, "partly")
    answer_days.count(cursor, values)
    cursor.execute("DROP TABLE summing")


def _keep_prices() -> None:
    """What payers allowed of charges in the last year, by procedure: the worklist's prices, kept for pages."""
    found = prices_on(clock.today(bound_organization().time_zone), Payer.objects.values_list("pk", flat=True))
    Price.objects.all().delete()
    Price.objects.bulk_create(
        Price(
            payer_id=payer, procedure_code=procedure, claims=paid.claims, billed_cents=paid.billed,
            allowed_cents=paid.allowed,
        )
        for (payer, procedure), paid in sorted(found.by_procedure.items())
    )  # fmt: skip


def _values() -> dict[str, Any]:
    zone = bound_organization().time_zone
    return {"tenant": tenancy.required(), "zone": zone, "layout": f"{FORMAT}:{zone}"}
