"""What changes items without an answer: what usually comes back, prices, payers' clocks, and what people join and part.

None of it is anybody's act: versions stay, so that nobody is told that a claim was changed meanwhile.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery

from upstream.alerts.choices import ClockAction
from upstream.alerts.models import Clock, PayerClock
from upstream.alerts.recoveries import Records
from upstream.claims.choices import MatchState, MoveState
from upstream.claims.models import ClaimMatch, Payer, PayerMove
from upstream.claims.services import carc_map
from upstream.core import clock, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.detection.models import DetectionRun
from upstream.detection.services import view_of
from upstream.tenants.queries import bound_organization
from upstream.worklist import standing
from upstream.worklist.choices import Intake
from upstream.worklist.dating import calendar_for
from upstream.worklist.intake import AT_ONCE, note_taken, take_in
from upstream.worklist.models import Item, Recovery, Taken
from upstream.worklist.pricing import prices_on, usual_recoveries
from upstream.worklist.recovery import recoveries_of

DATES = (
    "action", "deadline", "internal_due", "clock_days", "clock_basis", "clock_source", "clock_confidence",
)  # fmt: skip
PRICED = """
UPDATE worklist_item i SET expected_cents = n.expected, share = n.share, recovery_cents = n.recovery
FROM unnest(%(ids)s::bigint[], %(expected)s::bigint[], %(share)s::float8[], %(recovery)s::bigint[])
    AS n (id, expected, share, recovery)
WHERE i.tenant_id = %(tenant)s AND i.id = n.id
  AND (i.expected_cents, i.share) IS DISTINCT FROM (n.expected, n.share)
"""


def looks_waiting() -> Iterable[int]:
    """The newest look, while it or what people joined and parted since is not taken in."""
    run = DetectionRun.objects.order_by("-pk").values_list("pk", flat=True).first()
    if run is None or Taken.objects.filter(kind=Intake.RUN, ref=0, mark=_state(run)).exists():
        return []
    return [run]


def take_look(run_id: int) -> bool:
    """Shares and prices are those of the look, and no item hangs on an answer that is not its own; False when so."""
    with transaction.atomic():
        one_at_a_time("worklist", tenancy.required())
        if run_id not in looks_waiting():
            return False
        run, mark = DetectionRun.objects.get(pk=run_id), _state(run_id)
        Recovery.objects.all().delete()
        Recovery.objects.bulk_create(_recoveries(run))
        with connection.cursor() as cursor:
            take_in(cursor, standing.astray(cursor, tenancy.required()))
            _price(cursor, clock.today(bound_organization().time_zone))
        note_taken([Taken(kind=Intake.RUN, ref=0, mark=mark, at=clock.now())])
    return True


def _state(run_id: int) -> str:
    undone = ClaimMatch.objects.filter(state=MatchState.UNDONE).aggregate(at=Max("undone_at"))["at"]
    moved = PayerMove.objects.filter(state=MoveState.DONE).aggregate(at=Max("done_at"))["at"]
    return ":".join([str(run_id), *(str(at.timestamp()) if at else "" for at in (undone, moved))])


def _recoveries(run: DetectionRun) -> list[Recovery]:
    view = view_of(run, payers=Payer.objects.values_list("pk", flat=True))
    return recoveries_of(Records(view.claims, view.week, carc_map(run.as_of)).tallies(), run.as_of)


def _price(cursor: Any, today: date) -> None:
    """Every open item is worth what the past year and its own history say."""
    rows = Item.objects.filter(closed_at=None).order_by("pk")
    prices = prices_on(today, rows.order_by().values_list("payer", flat=True).distinct())
    usual, columns = usual_recoveries(), ("pk", "payer", "procedure_code", "category", "billed_cents", "allowed_cents")
    values: dict[str, list[Any]] = {"ids": [], "expected": [], "share": [], "recovery": []}
    for pk, payer, procedure, category, billed, allowed in rows.values_list(*columns).iterator(chunk_size=AT_ONCE):
        expected = max(prices.expected(payer, procedure, billed) - allowed, 0)
        share = usual.share(payer, category)
        for name, value in zip(values, (pk, expected, share, round(expected * share)), strict=True):
            values[name].append(value)
    cursor.execute(PRICED, {"tenant": tenancy.required(), **values})


def payers_waiting() -> list[int]:
    """Payers whose clocks are not those by which their items are dated."""
    taken = dict(Taken.objects.filter(kind=Intake.PAYER).values_list("ref", "mark"))
    return [payer for payer, mark in _marks().items() if taken.get(payer) != mark]


def _marks() -> dict[int, str]:
    newest = PayerClock.objects.filter(payer=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows: QuerySet[Any] = Payer.objects.annotate(said=Subquery(newest)).order_by("pk")
    usual = Clock.objects.aggregate(newest=Max("pk"))["newest"]
    return {pk: f"{kind}:{said}:{usual}" for pk, kind, said in rows.values_list("pk", "payer_type", "said")}


def take_clocks(payer_id: int) -> bool:
    """Open items of every payer whose clocks changed have the dates of the clocks as they stand; False when so."""
    with transaction.atomic():
        one_at_a_time("worklist", tenancy.required())
        waiting = payers_waiting()
        if payer_id not in waiting:
            return False
        marks = _marks()
        calendar = calendar_for(waiting, (), clock.today(bound_organization().time_zone))
        items = list(Item.objects.select_for_update().filter(payer__in=waiting, closed_at=None).order_by("pk"))
        for item in items:
            for name, value in calendar.dates(item.payer_id, ClockAction(item.action), item.decided_date).items():
                setattr(item, name, value)
        Item.objects.bulk_update(items, DATES, batch_size=AT_ONCE)
        now = clock.now()
        note_taken(Taken(kind=Intake.PAYER, ref=payer, mark=marks[payer], at=now) for payer in waiting)
    return True
