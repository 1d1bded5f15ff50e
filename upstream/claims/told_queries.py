"""Authorizations and coverages that payers told of, to be listed; whom they concern is opened on purpose alone."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from upstream.claims.choices import Approval, Covered
from upstream.claims.models import Authorization, Coverage
from upstream.claims.models.status import Told
from upstream.tenants.services import tenant_keys

COVERED = {
    Covered.ACTIVE: Q(active=True),
    Covered.INACTIVE: Q(active=False),
    Covered.REFUSED: Q(active=None) & ~Q(reject_code=""),
    Covered.UNSAID: Q(active=None, reject_code=""),
}
OTHER_ACTIONS = ~Q(action__in=[approval for approval in Approval if approval is not Approval.OTHER])
Row = TypeVar("Row", bound=Told)


@dataclass(frozen=True)
class Asked:
    """Which are wanted: of one payer, with one status, with their day from `since` to `until`, both included."""

    payer: uuid.UUID | None = None
    status: str = ""
    since: date | None = None
    until: date | None = None


def authorizations(asked: Asked) -> QuerySet[Authorization]:
    """Decisions of payers, the newest first; the day of one is when it was decided, else when it became known."""
    rows = Authorization.objects.annotate(day=Coalesce("decided_date", TruncDate("known_at")))
    if asked.status:
        rows = rows.filter(OTHER_ACTIONS if asked.status == Approval.OTHER else Q(action=asked.status))
    return _asked(rows, asked)


def coverages(asked: Asked) -> QuerySet[Coverage]:
    """What payers said of members' coverage, the newest first; its day is the one that it speaks of."""
    rows = Coverage.objects.annotate(day=Coalesce("on_date", "valid_from", TruncDate("known_at")))
    if asked.status:
        rows = rows.filter(COVERED[Covered(asked.status)])
    return _asked(rows, asked)


def _asked(rows: QuerySet[Row], asked: Asked) -> QuerySet[Row]:
    if asked.payer:
        rows = rows.filter(payer__public_id=asked.payer)
    if asked.since:
        rows = rows.filter(day__gte=asked.since)
    if asked.until:
        rows = rows.filter(day__lte=asked.until)
    return rows.select_related("payer").order_by(F("day").desc(), "-pk")


def people_in(rows: Iterable[Told]) -> dict[int, dict[str, str]]:
    """Identifying values of each row by its id. PHI: the caller records the access and shows it to those who may."""
    keys = tenant_keys()
    return {row.pk: row.opened(keys) for row in rows}
