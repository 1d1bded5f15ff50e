"""Choices of rows that members keep for themselves."""

import uuid

from django.db.models import QuerySet
from django.http import QueryDict

from upstream.core.errors import Conflict, Invalid
from upstream.tenants.models import Membership, SavedView

MOST, LONGEST = 20, 60
# What of each screen's address is a choice of rows.
SCREENS: dict[str, tuple[str, ...]] = {
    "incidents": ("state", "payer", "owner", "severity", "order"),
    "audit": (
        "actor", "action", "subject", "purpose", "address", "outcome", "hours", "least", "first", "last",
    ),
}  # fmt: skip


def choice(screen: str, query: str) -> str:
    """Of an address's question what chooses rows on the screen, and no more. KeyError for a screen without any."""
    asked, kept = QueryDict(query), QueryDict(mutable=True)
    for name in SCREENS[screen]:
        if value := asked.get(name, "")[:LONGEST]:
            kept[name] = value
    return kept.urlencode()


def of_practice(member: uuid.UUID | None = None, screen: str = "") -> QuerySet[SavedView]:
    """Everybody's, or one member's (by the person's public id), with their people."""
    rows: QuerySet[SavedView] = SavedView.objects.select_related("member__user")
    if member:
        rows = rows.filter(member__user__public_id=member)
    return rows.filter(screen=screen) if screen else rows


def saved_views(member: Membership, screen: str) -> QuerySet[SavedView]:
    """The member's own, by name."""
    return SavedView.objects.filter(member=member, screen=screen).order_by("name", "pk")


def save_view(*, member: Membership, screen: str, name: str, query: str) -> SavedView:
    """Keep what of the query chooses rows under the name; one of the same name is replaced.

    Invalid("name") without one, Conflict("too_many") past 20 of a screen.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise Invalid("name", "give it a name")
    found = saved_views(member, screen).filter(name=name).first()
    if found is None and saved_views(member, screen).count() >= MOST:
        raise Conflict("too_many", f"no more than {MOST} choices are kept; remove one first")
    kept = found or SavedView(member=member, screen=screen, name=name)
    kept.query = choice(screen, query)[:300]
    kept.save()
    return kept


def forget_view(*, member: Membership, public_id: uuid.UUID) -> bool:
    """Remove one of the member's own; False where there is none."""
    removed, _ = SavedView.objects.filter(member=member, public_id=public_id).delete()
    return bool(removed)
