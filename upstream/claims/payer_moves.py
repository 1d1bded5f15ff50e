"""Rows follow their raw name to the payer that it belongs to now: set by set, and the triangles are recounted.

A move WAITS in its row until its claims stand under the new payer; no file of the practice is loaded meanwhile.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, transaction

from upstream.claims import matching, rollups
from upstream.claims.choices import How, MoveState
from upstream.claims.models import Claim, Payer, PayerAlias, PayerMove
from upstream.claims.payers import remap
from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.stages import Stage, nudge
from upstream.tenants.queries import bound_organization

ADOPT = """
UPDATE {table} SET raw_payer_id = %(own)s WHERE tenant_id = %(tenant)s AND payer_id = %(source)s
  AND raw_payer_id IS NULL
"""
FOLLOW = """
UPDATE {table} SET payer_id = %(target)s WHERE tenant_id = %(tenant)s AND raw_payer_id = ANY(%(raws)s)
  AND payer_id <> %(target)s
"""
CLAIMS = f"""
WITH moved AS ({FOLLOW.format(table="claims_claim")}
    RETURNING date_trunc('week', submitted_date)::date AS week, billed_cents,
        date_trunc('week', decision_known_at AT TIME ZONE %(zone)s)::date AS decision_week)
SELECT week, count(*), sum(billed_cents), min(decision_week), max(decision_week) FROM moved GROUP BY week ORDER BY week
"""
# Earlier facts of claims that stand elsewhere by now are counted in the weeks before their correction.
EARLIER = """
INSERT INTO dirty_week SELECT date_trunc('week', c.submitted_date)::date FROM claims_claimrevision r
JOIN claims_claim c ON c.tenant_id = r.tenant_id AND c.id = r.claim_id
WHERE r.tenant_id = %(tenant)s AND r.payer_id = %(target)s AND r.raw_payer_id = ANY(%(raws)s)
ON CONFLICT DO NOTHING
"""
DIRTY = "INSERT INTO dirty_week SELECT unnest(%s::date[]) ON CONFLICT DO NOTHING"


def follow(move_id: int) -> bool:
    """Every row of the move's names stands under its target, cells recounted; False when it was done before."""
    with transaction.atomic():
        one_at_a_time("load", tenancy.required())
        move = PayerMove.objects.select_for_update().filter(pk=move_id, state=MoveState.WAITING).first()
        if move is None:
            return False
        time_zone = bound_organization().time_zone
        with connection.cursor() as cursor:
            weeks = _follow(cursor, move, time_zone)
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS dirty_week (week date PRIMARY KEY) ON COMMIT DROP")
            cursor.execute(DIRTY, [[week.monday for week in weeks]])
            cursor.execute(EARLIER, {"tenant": move.tenant_id, "target": move.target_id, "raws": move.raws})
            matching.match_all(cursor, tenant=move.tenant_id)
            rollups.recount(cursor, tenant=move.tenant_id, time_zone=time_zone)
        crash.point("before_payer_move_commit")
        move.state, move.done_at = MoveState.DONE, clock.now()
        move.claims, move.billed_cents = sum(week.claims for week in weeks), sum(int(week.cents) for week in weeks)
        move.first_week, move.last_week = _ends([week.monday for week in weeks])
        decided = [day for week in weeks for day in (week.first_decision, week.last_decision) if day]
        move.first_decision, move.last_decision = _ends(decided)
        move.save()
        nudge()
    return True


class Week(NamedTuple):
    """Claims moved of one submission week, and the Mondays of their first and last known decision."""

    monday: date
    claims: int
    cents: int
    first_decision: date | None
    last_decision: date | None


def _ends(days: list[date]) -> tuple[date | None, date | None]:
    return min(days, default=None), max(days, default=None)


def _follow(cursor: Any, move: PayerMove, time_zone: str) -> list[Week]:
    """What was moved, by submission week."""
    whole = Payer.objects.filter(pk=move.source_id).exclude(counted_with=None).exists()
    if whole:
        _take_late_names(move)
    values = {
        "tenant": move.tenant_id, "source": move.source_id, "target": move.target_id, "raws": move.raws,
        "own": move.raws[0], "zone": time_zone,
    }  # fmt: skip
    for table in tables():
        if whole:
            cursor.execute(ADOPT.format(table=table), values)
        if table != Claim._meta.db_table:
            cursor.execute(FOLLOW.format(table=table), values)
    cursor.execute(CLAIMS, values)
    return [Week(*row) for row in cursor.fetchall()]


def _take_late_names(move: PayerMove) -> None:
    """A file that was being loaded when it was decided may have led more names to the payer that stands no more."""
    late = PayerAlias.objects.filter(payer_id=move.source_id, valid_until=None).values_list("raw_id", flat=True)
    found = sorted(set(late) - set(move.raws))
    remap(found, move.target_id, How.NAME, clock.now())
    move.raws = [*move.raws, *found]


def tables() -> list[str]:
    """Every table whose rows remember the raw name that led to their payer."""
    return sorted(
        model._meta.db_table
        for model in apps.get_app_config("claims").get_models()
        if any(field.name == "raw_payer_id" for field in model._meta.fields)
    )


def waiting() -> Iterable[int]:
    """Moves whose claims still stand under the old payer, oldest first."""
    return PayerMove.objects.filter(state=MoveState.WAITING).order_by("pk").values_list("pk", flat=True)


def changed_weeks(time_zone: str) -> dict[int, set[date]]:
    """By payer the Mondays at which its series bends because its names were changed: no onset there is believed.

    The week of the decision; the first week of the claims moved and the one after their last, by submission and by
    decision.
    """
    found: dict[int, set[date]] = {}
    for move in PayerMove.objects.filter(state=MoveState.DONE, claims__gt=0):
        decided = clock.monday_of(move.at.astimezone(ZoneInfo(time_zone)).date())
        first = {move.first_week, move.first_decision}
        after = {day + timedelta(days=7) for day in (move.last_week, move.last_decision) if day}
        weeks = {decided, *after, *(day for day in first if day)}
        for payer in (move.source_id, move.target_id):
            found.setdefault(payer, set()).update(weeks)
    return found


STAGE = Stage(name="payers", queue="default", ready=waiting, take=follow)
