"""What somebody had typed when their session ended, kept sealed until they come back or some days have gone by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import Resolver404, resolve

from upstream.core import clock
from upstream.tenants.models import Draft, Membership
from upstream.tenants.services import tenant_keys

KEPT_FOR = timedelta(days=3)
MOST_FIELDS, MOST_CHARACTERS, LONGEST_PATH = 40, 20_000, 200
NEVER = ("csrf", "password", "code", "credential", "secret", "key", "token")


@dataclass(frozen=True)
class Kept:
    """One draft, opened: the page's path, and what stood in its fields by their names."""

    public_id: UUID
    path: str
    at: datetime
    fields: dict[str, str]

    @property
    def page(self) -> str:
        """Where it was typed, if that page can be opened: the address of an act alone leads nowhere."""
        try:
            resolve(self.path)
        except Resolver404:
            return ""
        return self.path


def keep(member: Membership, path: str, typed: Mapping[str, str]) -> bool:
    """What was typed on that page waits for this member; False when there was nothing to keep.

    Call with the tenant bound, in a transaction. An earlier draft of the same page is replaced; old ones go.
    """
    fields = worth_keeping(typed)
    if not fields or len(path) > LONGEST_PATH:
        return False
    Draft.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    Draft.objects.filter(member=member, path=path).delete()
    made = Draft(member=member, path=path, at=clock.now())
    made.sealed_fields = tenant_keys().seal(
        json.dumps(fields).encode(), Draft.TABLE, "sealed_fields", made.public_id.bytes
    )
    made.save(force_insert=True)
    return True


def worth_keeping(typed: Mapping[str, str]) -> dict[str, str]:
    """Words that people type; no secrets, no choices of a list or ids, which are chosen again in a moment."""
    kept: dict[str, str] = {}
    for name, text in list(typed.items())[: 5 * MOST_FIELDS]:
        is_secret = any(word in name.lower() for word in NEVER)
        if not is_secret and " " in text.strip() and len(kept) < MOST_FIELDS:
            kept[name[:80]] = text[:MOST_CHARACTERS]
    return kept


def drafts_of(member: Membership) -> list[Kept]:
    """Newest first. Two queries."""
    rows = list(Draft.objects.filter(member=member, at__gte=clock.now() - KEPT_FOR).order_by("-at"))
    keys = tenant_keys() if rows else None
    return [
        Kept(
            row.public_id,
            row.path,
            row.at,
            json.loads(keys.unseal(row.sealed_fields, Draft.TABLE, "sealed_fields", row.public_id.bytes)),
        )
        for row in rows
        if keys is not None
    ]


def discard(member: Membership, public_id: UUID) -> bool:
    """The draft is gone; False when this member has no such draft."""
    return bool(Draft.objects.filter(member=member, public_id=public_id).delete()[0])
