"""Weeks whose claims or whose payer's prices changed are priced anew, whole: doing it again changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from upstream.contracts import queries
from upstream.contracts.answers import Answered, answered_lines
from upstream.contracts.choices import Reason, State
from upstream.contracts.models import PricedSum, ShortLine, Step
from upstream.contracts.rules import OPEN, Expected, Terms, expected
from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.tenants.queries import bound_organization

AT_ONCE, ROWS_AT_ONCE, WEEK = 12, 1000, timedelta(days=7)
BY_ANSWER = "payer's answer"
# Each payer with contracts, also of payers that count with it, by the weeks whose claims are not priced as they stand.
STALE = """
SELECT e.payer, w.week, w.changes, e.edition
FROM (SELECT coalesce(p.counted_with_id, p.id) AS payer, sum(t.number) AS edition FROM contracts_edition t
    JOIN claims_payer p ON p.tenant_id = t.tenant_id AND p.id = t.payer_id WHERE t.tenant_id = %(tenant)s GROUP BY 1) e
CROSS JOIN claims_submissionweek w
LEFT JOIN contracts_pricedweek d ON d.tenant_id = w.tenant_id AND d.payer_id = e.payer AND d.week = w.week
WHERE w.tenant_id = %(tenant)s AND (d.changes IS DISTINCT FROM w.changes OR d.edition IS DISTINCT FROM e.edition)
ORDER BY 1, 2
"""
NOTED = """
INSERT INTO contracts_pricedweek (tenant_id, payer_id, week, changes, edition)
SELECT %(tenant)s, %(payer)s, w.* FROM unnest(%(weeks)s::date[], %(changes)s::bigint[], %(editions)s::int[]) AS w
ON CONFLICT (tenant_id, payer_id, week) DO UPDATE SET changes = excluded.changes, edition = excluded.edition
"""
# Of payers that have come to count with another one: their claims stand there.
GONE = """
DELETE FROM contracts_{table} s USING claims_payer p
WHERE s.tenant_id = %(tenant)s AND p.tenant_id = s.tenant_id AND p.id = s.payer_id AND p.counted_with_id IS NOT NULL
"""
Key = tuple[int, int]


@dataclass
class _Sum:
    lines: int = 0
    billed: int = 0
    allowed: int = 0
    expected: int = 0
    short_lines: int = 0
    short: int = 0
    over_lines: int = 0
    over: int = 0


@dataclass
class _Found:
    """Sums by sent week, week of the answer, procedure and reason; short lines; and those that are well priced now."""

    sums: defaultdict[tuple[date, date, str, str], _Sum] = field(default_factory=lambda: defaultdict(_Sum))
    short: dict[Key, tuple[Answered, Expected]] = field(default_factory=dict)
    well: dict[Key, Answered] = field(default_factory=dict)


def payers_waiting() -> list[int]:
    """Payers with weeks that are not priced as they stand."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, {"tenant": tenancy.required()})
        return sorted({row[0] for row in cursor.fetchall()})


def price_weeks(payer_id: int) -> bool:
    """The payer's oldest twelve weeks that wait are priced as they stand; False when none waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        one_at_a_time("contracts", tenancy.required())
        cursor.execute(STALE, {"tenant": tenancy.required()})
        waiting = [row for row in cursor.fetchall() if row[0] == payer_id][:AT_ONCE]
        if not waiting:
            return False
        _, weeks, changes, editions = (list(column) for column in zip(*waiting, strict=True))
        values: dict[str, Any] = {
            "tenant": tenancy.required(), "zone": bound_organization().time_zone, "payer": payer_id, "weeks": weeks,
            "changes": changes, "editions": [int(edition) for edition in editions],
        }  # fmt: skip
        cursor.execute(NOTED, values)
        for table in ("pricedsum", "pricedweek"):
            cursor.execute(GONE.format(table=table), values)
        standing = _standing(payer_id, weeks)
        found = _priced(answered_lines(cursor, values), queries.terms_of(payer_id), standing)
        _keep_sums(payer_id, weeks, found)
        _keep_lines(payer_id, standing, found)
        crash.point("before_pricing_commit")
    return True


def _standing(payer_id: int, weeks: Sequence[date]) -> dict[Key, ShortLine]:
    within = Q()
    for week in weeks:
        within |= Q(claim__submitted_date__gte=week, claim__submitted_date__lt=week + WEEK)
    rows = ShortLine.objects.filter(within, claim__payer=payer_id)
    return {(row.claim_id, row.number): row for row in rows}


def _priced(lines: Iterable[Answered], terms: Sequence[Terms], standing: dict[Key, ShortLine]) -> _Found:
    found = _Found()
    for told in lines:
        answer = expected(told.line, terms) if told.line else told.reason
        reason = answer if isinstance(answer, Reason) else Reason.PRICED
        total = found.sums[told.answer.sent_week, told.answer.week, told.code, reason.value]
        total.lines += 1
        total.billed += told.billed_cents
        total.allowed += told.allowed_cents
        if not isinstance(answer, Reason):
            _compare(found, told, answer, total, standing)
    return found


def _compare(found: _Found, told: Answered, answer: Expected, total: _Sum, standing: dict[Key, ShortLine]) -> None:
    key, difference = (told.answer.claim, told.number), answer.cents - told.allowed_cents
    total.expected += answer.cents
    if difference > answer.tolerance:
        total.short_lines += 1
        total.short += difference
        found.short[key] = told, answer
        return
    if -difference > answer.tolerance:
        total.over_lines += 1
        total.over -= difference
    if key in standing:
        found.well[key] = told


def _keep_sums(payer_id: int, weeks: Sequence[date], found: _Found) -> None:
    PricedSum.objects.filter(payer=payer_id, sent_week__in=weeks).delete()
    PricedSum.objects.bulk_create(
        (
            PricedSum(
                payer_id=payer_id, sent_week=sent, week=week, procedure_code=code, reason=reason, lines=total.lines,
                billed_cents=total.billed, allowed_cents=total.allowed, expected_cents=total.expected,
                short_lines=total.short_lines, short_cents=total.short, over_lines=total.over_lines,
                over_cents=total.over,
            )
            for (sent, week, code, reason), total in sorted(found.sums.items())
        ),
        batch_size=ROWS_AT_ONCE,
    )  # fmt: skip


def _keep_lines(payer_id: int, standing: dict[Key, ShortLine], found: _Found) -> None:
    """Short lines stand as they are found; one that a later answer puts right is recovered, another stands no more."""
    now, new, changed, steps, gone = clock.now(), list[ShortLine](), list[ShortLine](), list[Step](), list[ShortLine]()
    for key, (told, answer) in found.short.items():
        row = standing.get(key)
        if row is None:
            row = ShortLine(claim_id=told.answer.claim, number=told.number, found_at=now)
            new.append(row)
        elif not _same(row, payer_id, told, answer):
            changed.append(row)
            if row.state == State.RECOVERED and row.adjudication_id != told.answer.adjudication:
                steps.append(_moved(row, State.DETECTED))
                row.recovered_cents = 0
        _tell(row, payer_id, told, answer)
    for key, row in standing.items():
        if key in found.short:
            continue
        well = found.well.get(key)
        if well and well.answer.adjudication != row.adjudication_id and row.state in OPEN:
            steps.append(_moved(row, State.RECOVERED))
            row.recovered_cents, row.adjudication_id = well.allowed_cents - row.allowed_cents, well.answer.adjudication
            changed.append(row)
        elif row.stands and row.state != State.RECOVERED:
            gone.append(row)
    _write(new, changed, steps, gone)


def _moved(row: ShortLine, to: State) -> Step:
    step = Step(line=row, from_state=row.state, to_state=to, actor=BY_ANSWER, at=clock.now())
    row.state = to
    row.version += 1
    return step


def _same(row: ShortLine, payer_id: int, told: Answered, answer: Expected) -> bool:
    return row.stands and (
        (row.payer_id, row.rate_id, row.expected_cents, row.allowed_cents, row.adjudication_id)
        == (payer_id, answer.price, answer.cents, told.allowed_cents, told.answer.adjudication)
    )


def _tell(row: ShortLine, payer_id: int, told: Answered, answer: Expected) -> None:
    line = told.line
    if line is None or line.service_date is None:
        return
    row.adjudication_id, row.payer_id = told.answer.adjudication, payer_id
    row.contract_id, row.rate_id = answer.contract, answer.price
    row.procedure_code, row.modifiers, row.place = line.code, ":".join(line.modifiers), line.place
    row.units, row.service_date, row.decided_on = line.units, line.service_date, told.answer.decided_on
    row.billed_cents, row.allowed_cents, row.expected_cents = told.billed_cents, told.allowed_cents, answer.cents
    row.short_cents, row.stands = answer.cents - told.allowed_cents, True


TOLD = (
    "adjudication_id", "payer", "contract", "rate", "procedure_code", "modifiers", "place", "units", "service_date",
    "decided_on", "billed_cents", "allowed_cents", "expected_cents", "short_cents", "recovered_cents", "state",
    "stands", "version",
)  # fmt: skip


def _write(new: list[ShortLine], changed: list[ShortLine], steps: list[Step], gone: list[ShortLine]) -> None:
    """Lines that nobody has touched are forgotten when they stand no more; the others keep their history."""
    ShortLine.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    ShortLine.objects.bulk_update(changed, TOLD, batch_size=ROWS_AT_ONCE)
    Step.objects.bulk_create(steps, batch_size=ROWS_AT_ONCE)
    ids = [row.pk for row in gone]
    touched = set(Step.objects.filter(line__in=ids).values_list("line", flat=True)) if ids else set()
    ShortLine.objects.filter(pk__in=touched).update(stands=False)
    ShortLine.objects.filter(pk__in=[pk for pk in ids if pk not in touched]).delete()
