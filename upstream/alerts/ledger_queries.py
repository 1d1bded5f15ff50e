"""The value ledger as pages, workbook and API ask for it: months, incidents, and the lines that they add up from."""

import uuid
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from upstream.alerts.choices import ValueKind
from upstream.alerts.models import Incident, ValueBook, ValueLine
from upstream.alerts.queries import incidents
from upstream.claims.models import Adjudication, Remittance
from upstream.ingestion.models import Batch

SUMS: dict[str, Any] = {
    "recovered": Sum("counted_cents", filter=Q(kind=ValueKind.RECOVERED), default=0),
    "paid": Sum("paid_cents", filter=Q(kind=ValueKind.RECOVERED), default=0),
    "avoided": Sum("counted_cents", filter=Q(kind=ValueKind.AVOIDED), default=0),
}


@dataclass(frozen=True)
class Value:
    """Cents: what payers paid since, what of that counts as recovered, and what was not lost again. May be < 0."""

    paid: int = 0
    recovered: int = 0
    avoided: int = 0

    @property
    def counted(self) -> int:
        return self.recovered + self.avoided


@dataclass(frozen=True)
class MonthValue(Value):
    """One month, told by its first day."""

    month: date = date.min


@dataclass(frozen=True)
class IncidentValue(Value):
    """One incident over the months asked for."""

    incident: Incident | None = None


def lines(first: date, last: date, incident: uuid.UUID | None = None) -> QuerySet[ValueLine]:
    """Lines whose answer became known in these days, oldest first."""
    rows = ValueLine.objects.filter(day__gte=first, day__lte=last)
    if incident is not None:
        rows = rows.filter(incident__public_id=incident)
    return rows.select_related("incident", "claim__payer").order_by("day", "pk")


def months(first: date, last: date) -> list[MonthValue]:
    """Every month with a line, oldest first. One query."""
    rows = lines(first, last).order_by().annotate(month=TruncMonth("day")).values("month").annotate(**SUMS)
    return [MonthValue(**row) for row in rows.order_by("month")]


def by_incident(first: date, last: date) -> list[IncidentValue]:
    """Every incident with a line, what brought most first. Two queries."""
    sums = lines(first, last).order_by().values("incident").annotate(**SUMS)
    rows: list[dict[str, Any]] = [dict(row) for row in sums]
    named = {one.pk: one for one in incidents().filter(pk__in=[row["incident"] for row in rows]).defer("finding")}
    found = [IncidentValue(**(row | {"incident": named[row["incident"]]})) for row in rows]
    return sorted(found, key=lambda one: -one.counted)


def value_of(rows: QuerySet[ValueLine]) -> Value:
    """What these lines add up to. One query."""
    return Value(**rows.order_by().aggregate(**SUMS))


def value_of_incident(incident: Incident) -> Value:
    return value_of(ValueLine.objects.filter(incident=incident))


def settled() -> ValueBook | None:
    """Up to when the ledger is worked out."""
    book: ValueBook | None = ValueBook.objects.first()
    return book


@dataclass(frozen=True)
class Payment:
    """Where an answer stands: the payer's payment, its day and check, and the file that brought it."""

    check_number: str
    payment_date: date | None
    batch: uuid.UUID
    position: int | None


def payments_of(rows: Iterable[ValueLine]) -> dict[int, Payment]:
    """By the number of the answer. Three queries."""
    answers = Adjudication.objects.filter(pk__in=[row.adjudication_id for row in rows]).only(
        "batch_id", "position", "check_number", "payment_date"
    )
    batches = {answer.batch_id for answer in answers}
    names = dict(Batch.objects.filter(pk__in=batches).values_list("pk", "public_id"))
    begins: dict[int, list[int]] = {}
    for batch, position in Remittance.objects.filter(batch_id__in=batches).values_list("batch_id", "position"):
        begins.setdefault(batch, []).append(position)
    return {
        answer.pk: Payment(
            answer.check_number, answer.payment_date, names[answer.batch_id],
            _before(sorted(begins.get(answer.batch_id, [])), answer.position),
        )
        for answer in answers
        if answer.batch_id in names
    }  # fmt: skip


def _before(begins: list[int], position: int) -> int | None:
    """Where the payment begins that this place belongs to; None in a file without payments."""
    at = bisect_right(begins, position)
    return begins[at - 1] if at else None
