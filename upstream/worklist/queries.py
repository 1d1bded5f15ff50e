"""Denied claims as they are worked: lists in the order of their deadlines, one item, and what was done to it."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from upstream.worklist.models import Act, Event, Item


def items() -> QuerySet[Item]:
    """All, with claim, payer and owner."""
    return Item.objects.select_related("claim", "payer", "owner__user")


def item(public_id: uuid.UUID) -> Item | None:
    return items().filter(public_id=public_id).first()


def items_by_claim(claims: Iterable[int]) -> dict[int, Item]:
    """The item of each of these claims (ids) that has one, open or closed."""
    return {row.claim_id: row for row in items().filter(claim__in=list(claims))}


def act(public_id: uuid.UUID) -> Act | None:
    return Act.objects.filter(public_id=public_id).first()


def events_of(item: Item) -> QuerySet[Event]:
    """What was done to it, oldest first."""
    rows = Event.objects.filter(item=item).select_related("act", "owner_after__user", "owner_before__user")
    return rows.order_by("version")
