"""Months whose claims changed are written anew, whole, as one sealed file each."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from upstream.claims.models import ClaimStatus, SubmissionWeek
from upstream.claims.services import carc_map
from upstream.core import clock, storage, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.documents.parquet import NULL, write_parquet
from upstream.explore.facts.columns import KINDS, MADE, NAMES
from upstream.explore.models import FactPart
from upstream.kpis import answers, families
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

KEPT_AS, FORMAT = "facts", 1
DATES = {"sent": "sent_date", "service": "service_date", "answer": "answer_date"}
# Months of whose claims something was said before adjudication, since they were looked at.
TOLD = """
SELECT DISTINCT date_trunc('month', date_trunc('week', c.submitted_date))::date FROM claims_claimstatus s
JOIN claims_claim c ON c.tenant_id = s.tenant_id AND c.id = s.claim_id
WHERE s.tenant_id = %(tenant)s AND s.id > %(told)s
"""
WEEKS = "SELECT week FROM summing"
COPY = f"COPY (SELECT * FROM fact ORDER BY sent_date, claim) TO STDOUT (FORMAT csv, NULL '{NULL}')"


def is_waiting() -> bool:
    """Whether the facts of any month do not stand. Four queries."""
    return bool(FactPart.objects.filter(stale=True).exists() or _unseen() or _told() or _other_layout())


def take_month(_ordinal: int) -> bool:
    """The facts of the oldest month that waits stand as its claims do; False when none waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        one_at_a_time("facts", tenancy.required())
        values = _values()
        _mark(cursor, values)
        part = FactPart.objects.filter(stale=True).order_by("month").first()
        if part is None:
            cursor.execute("DROP TABLE summing")
            return False
        before = part.sha256
        _write(cursor, part, values)
        if before and not FactPart.objects.filter(sha256=before).exists():
            keys = tenant_keys()
            transaction.on_commit(lambda: storage.remove(KEPT_AS, before, keys))
    return True


def month_of(week: date) -> date:
    """The month that a week's facts are kept with."""
    return week.replace(day=1)


def _weeks_of(month: date) -> Iterator[date]:
    """The Mondays of a month."""
    week = month + timedelta(days=-month.weekday() % 7)
    while week.month == month.month:
        yield week
        week += timedelta(days=7)


def layout() -> str:
    """What facts are written as and with which names, in which time zone."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"tenant": tenancy.required()})
        return f"{FORMAT}:{bound_organization().time_zone}:{cursor.fetchone()[0]}"


def _values() -> dict[str, Any]:
    return {"tenant": tenancy.required(), "zone": bound_organization().time_zone}


def _unseen() -> dict[date, int]:
    """Weeks whose claims changed since they were last looked at, and how often they have changed."""
    seen = {date.fromisoformat(week): n for part in FactPart.objects.all() for week, n in part.seen.items()}
    weeks = SubmissionWeek.objects.values_list("week", "changes")
    return {week: changes for week, changes in weeks if seen.get(week) != changes}


def _told() -> list[date]:
    parts = FactPart.objects.order_by("told").first()
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {"tenant": tenancy.required(), "told": parts.told if parts else 0})
        return [month for (month,) in cursor.fetchall()]


def _other_layout() -> bool:
    return FactPart.objects.exclude(layout=layout()).exists()


def _mark(cursor: Any, values: dict[str, Any]) -> None:
    """Everything that changed since the last look is marked as stale, and counts as seen.

    Noted before anything is read: what changes meanwhile is found by the next look.
    """
    newest = ClaimStatus.objects.aggregate(last=Max("pk"))["last"] or 0
    unseen, told = _unseen(), _told()
    cursor.execute("CREATE TEMPORARY TABLE summing (week date PRIMARY KEY) ON COMMIT DROP")
    cursor.execute("INSERT INTO summing SELECT unnest(%s::date[])", [list(unseen)])
    families.widen(cursor, values)
    cursor.execute(WEEKS)
    stale = {month_of(week) for (week,) in cursor.fetchall()} | set(told)
    noted: dict[date, dict[str, int]] = defaultdict(dict)
    for week, changes in unseen.items():
        noted[month_of(week)][week.isoformat()] = changes
    parts = {part.month: part for part in FactPart.objects.all()}
    for month in stale:
        part = parts.get(month) or FactPart(month=month)
        part.stale, part.seen = True, {**part.seen, **noted[month]}
        part.save()
    FactPart.objects.exclude(told=newest).update(told=newest)
    FactPart.objects.exclude(layout=layout()).update(stale=True)


def _write(cursor: Any, part: FactPart, values: dict[str, Any]) -> None:
    """The part's file holds what its claims say now."""
    cursor.execute("DELETE FROM summing")
    cursor.execute("INSERT INTO summing SELECT unnest(%s::date[])", [list(_weeks_of(part.month))])
    families.build(cursor, values)
    answers.part_denials(cursor, values, carc_map(clock.today(values["zone"])))
    cursor.execute(MADE, values)
    with in_memory("rows") as plain, in_memory("facts") as packed:
        _copy(cursor, plain)
        write_parquet(_path(plain), _path(packed), KINDS, header=False)
        part.rows, part.days = _measured(packed)
        os.lseek(packed, 0, os.SEEK_SET)
        chunks = iter(lambda: os.read(packed, storage.PIECE), b"")
        part.sha256, part.size = storage.put(KEPT_AS, chunks, tenant_keys())
    families.drop(cursor, "partly", "fact", "summing")
    part.stale, part.layout, part.made_at = False, layout(), clock.now()
    part.save()


def _copy(cursor: Any, plain: int) -> None:
    with cursor.copy(COPY) as rows:
        for block in rows:
            os.write(plain, block)


def _measured(packed: int) -> tuple[int, dict[str, list[str | None]]]:
    """How many rows, and the first and last day of each date."""
    import duckdb  # 12 MB, of use to few processes

    asked = ", ".join(f"CAST(min({name}) AS VARCHAR), CAST(max({name}) AS VARCHAR)" for name in DATES.values())
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "256MB"}) as engine:
        found = engine.execute(f"SELECT count(*), {asked} FROM read_parquet(?)", [_path(packed)]).fetchone() or (0,)
    ends = found[1:]
    return int(found[0]), {name: list(ends[2 * n : 2 * n + 2]) for n, name in enumerate(DATES)}


@contextmanager
def in_memory(name: str) -> Iterator[int]:
    """A file that stands nowhere: rows in clear never touch a disk."""
    descriptor = os.memfd_create(name)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _path(descriptor: int) -> str:
    return f"/proc/self/fd/{descriptor}"
