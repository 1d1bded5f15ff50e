"""Choices of rows that members keep for themselves."""

import uuid

from django.db.models import QuerySet

from upstream.core.errors import Conflict, Invalid
from upstream.tenants.models import Membership, SavedView

MOST = 20


def saved_views(member: Membership, screen: str) -> QuerySet[SavedView]:
    """The member's own, by name."""
    return SavedView.objects.filter(member=member, screen=screen).order_by("name", "pk")


def save_view(*, member: Membership, screen: str, name: str, query: str) -> SavedView:
    """Keep the query under the name; one of the same name is replaced.

    Invalid("name") without one, Conflict("too_many") past 20 of a screen.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise Invalid("name", "give it a name")
    found = saved_views(member, screen).filter(name=name).first()
    if found is None and saved_views(member, screen).count() >= MOST:
        raise Conflict("too_many", f"no more than {MOST} choices are kept; remove one first")
    kept = found or SavedView(member=member, screen=screen, name=name)
    kept.query = query[:300]
    kept.save()
    return kept


def forget_view(*, member: Membership, public_id: uuid.UUID) -> bool:
    """Remove one of the member's own; False where there is none."""
    removed, _ = SavedView.objects.filter(member=member, public_id=public_id).delete()
    return bool(removed)
