"""What payers answered becomes items of the worklist, or news of items: each file once, all waiting ones together.

Items open, close and open again by themselves as the answers go, with the reason in their history. Whatever was killed
begins anew from the rows, and a second pass over the same files changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from upstream.claims.choices import Outcome
from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.tenants.queries import bound_organization
from upstream.worklist import standing
from upstream.worklist.choices import ActKind, Intake, Step
from upstream.worklist.dating import Calendar, calendar_for
from upstream.worklist.models import Item, Taken
from upstream.worklist.pricing import Prices, Usual, prices_on, usual_recoveries
from upstream.worklist.rules import SYSTEM, Answer, after_answer
from upstream.worklist.standing import Standing
from upstream.worklist.writing import State, Told, write

READ = (BatchState.LOADED, BatchState.ANALYSED)
AT_ONCE = 1000
FACTS = (
    "payer_id", "decision_id", "decided_date", "sent_again", "service_date", "procedure_code", "partial", "category",
    "denial_group", "denial_carc", "remark_codes", "billed_cents", "allowed_cents", "expected_cents", "share",
    "recovery_cents", "action", "deadline", "internal_due", "clock_days", "clock_basis", "clock_source",
    "clock_confidence",
)  # fmt: skip
FIELDS = tuple("payer" if name == "payer_id" else name for name in FACTS)


def files_waiting() -> "QuerySet[Batch]":
    """Files with answers or claims that were read, or read again, since the list took them in; oldest first."""
    same = Taken.objects.filter(kind=Intake.FILE, ref=OuterRef("pk"), at__gte=OuterRef("loaded_at"))
    read = Batch.objects.filter(Q(adjudications__gt=0) | Q(claims__gt=0), state__in=READ)
    return read.exclude(loaded_at=None).filter(~Exists(same)).order_by("pk")


def take_files(file_id: int) -> bool:
    """Every file that waits is taken in, in one commit; False when this one was before."""
    with transaction.atomic():
        one_at_a_time("worklist", tenancy.required())
        waiting = list(files_waiting())
        if file_id not in {file.pk for file in waiting}:
            return False
        with connection.cursor() as cursor:
            take_in(cursor, standing.of_files(cursor, tenancy.required(), [file.pk for file in waiting]))
        note_taken(Taken(kind=Intake.FILE, ref=file.pk, at=file.loaded_at) for file in waiting if file.loaded_at)
        crash.point("after_worklist")
    return True


def note_taken(rows: Iterable[Taken]) -> None:
    """From now on these are taken in, each in the state that its row says."""
    Taken.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["tenant", "kind", "ref"], update_fields=["mark", "at"],
        batch_size=AT_ONCE,
    )  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What an item's dates and dollars are worked out with."""

    calendar: Calendar
    prices: Prices
    usual: Usual
    remarks: dict[int, str]

    @classmethod
    def of(cls, cursor: Any, denied: list[Standing]) -> "Terms":
        """For these families. A fixed number of queries."""
        today = clock.today(bound_organization().time_zone)
        answers = [found.answer for found in denied if found.answer]
        payers = {answer.payer for answer in answers}
        calendar = calendar_for(payers, {answer.carc for answer in answers}, today)
        remarks = standing.remarks_of(cursor, tenancy.required(), [answer.pk for answer in answers])
        return cls(calendar, prices_on(today, payers), usual_recoveries(), remarks)

    def facts(self, found: Standing) -> dict[str, Any] | None:
        """The fields of an item whose family is denied; None where it is not, or where nothing answers its denial."""
        answer = found.answer
        action = self.calendar.action(answer.carc) if answer and found.is_denied else None
        if answer is None or action is None:
            return None
        full = self.prices.expected(answer.payer, found.procedure, answer.billed)
        expected = max(full - answer.allowed, 0)
        share = self.usual.share(answer.payer, answer.category)
        return {
            "payer_id": answer.payer, "decision_id": answer.pk, "decided_date": answer.decided,
            "sent_again": found.sent_again, "service_date": found.service_date, "procedure_code": found.procedure,
            "partial": answer.outcome == Outcome.PARTIAL, "category": answer.category, "denial_group": answer.group,
            "denial_carc": answer.carc, "remark_codes": self.remarks.get(answer.pk, "")[:60],
            "billed_cents": answer.billed, "allowed_cents": answer.allowed, "expected_cents": expected,
            "share": share, "recovery_cents": round(expected * share),
            **self.calendar.dates(answer.payer, action, answer.decided),
        }  # fmt: skip


def take_in(cursor: Any, families: list[Standing]) -> None:
    """The items of these families are as their answers say. Inside a transaction."""
    terms = Terms.of(cursor, [found for found in families if found.is_denied])
    locked = Item.objects.select_for_update(of=("self",)).select_related("owner").order_by("pk")
    items = {row.pk: row for row in locked.filter(pk__in=[found.item for found in families if found.item])}
    made, told, quiet = [], [], []
    for found in families:
        facts = terms.facts(found)
        item = items.get(found.item) if found.item else None
        if item is None:
            made += [_new(found, facts)] if facts else []
            continue
        news, changed = _news(item, found, facts)
        told += [news] if news else []
        quiet += [item] if changed and not news else []
    Item.objects.bulk_create(made, batch_size=AT_ONCE)
    Item.objects.bulk_update(quiet, FIELDS, batch_size=AT_ONCE)
    if told:
        write(told, kind=ActKind.ANSWER, actor=SYSTEM, besides=FIELDS)


def _new(found: Standing, facts: dict[str, Any]) -> Item:
    now = clock.now()
    step = Step.WAITING if found.sent_again else Step.UNTOUCHED
    return Item(claim_id=found.claim, step=step, opened_at=now, changed_at=now, **facts)


def _news(item: Item, found: Standing, facts: dict[str, Any] | None) -> tuple[Told | None, bool]:
    """What is told of an item that was there, and whether its facts are others now."""
    decision = found.answer.pk if found.answer else 0
    again = found.sent_again is not None and found.sent_again != item.sent_again
    answer = Answer(
        denied=facts is not None, paid=bool(found.answer and found.answer.outcome == Outcome.PAID),
        answered=found.answer is not None, voided=found.is_voided, sent_again=again,
    )  # fmt: skip
    step, said = after_answer(item.step, answer, new=decision != item.decision_id)
    before = {name: getattr(item, name) for name in FACTS}
    for name, value in (facts or {"decision_id": decision}).items():
        setattr(item, name, value)
    changed = any(getattr(item, name) != value for name, value in before.items())
    if not said:
        return None, changed
    day = found.answer.decided if found.answer else None
    if found.is_voided or step == Step.WAITING:
        day = found.voided or found.sent_again
    words = f"{said}: {day.day} {day:%B %Y}" if day else said
    return Told(item, State(step, item.owner, None), words), changed
