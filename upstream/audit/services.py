"""Writing down who looked at whom, and proving that nothing of it was changed since."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import connection
from django.db.models import Min

from upstream.audit import whence
from upstream.audit.models import PHIAccess
from upstream.core import clock
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Invalid
from upstream.core.observability import request_id

START = b"\x00" * 32
RETENTION = "retention"
NEWEST = 200
# Six years and two leap days: never a day too early.
KEPT_FOR = timedelta(days=6 * 365 + 2)


def record_access(
    *, actor: str, action: str, subject: str, records: int = 1, purpose: str = "", outcome: str = "granted"
) -> PHIAccess:
    """One more link of the bound tenant's chain, in the open transaction: if it cannot be written, nothing is shown.

    `actor` is user:<id>, client:<id> or command:<name>; `subject` names a thing by its public id. Never a value.
    """
    tenant_id = PHIAccess().claim_for_tenant().tenant_id
    one_at_a_time("audit", tenant_id)
    last = PHIAccess.objects.order_by("-number").first()
    entry = PHIAccess(
        tenant_id=tenant_id,
        number=last.number + 1 if last else 1,
        at=clock.now(),
        actor=actor[:80],
        action=action[:40],
        subject=subject[:80],
        records=records,
        purpose=purpose[:80],
        outcome=outcome[:10],
        address=whence.address(),
        request_id=(request_id() or "")[:64],
    )
    entry.link = link_of(entry, bytes(last.link) if last else START)
    entry.save(force_insert=True)
    return entry


def link_of(entry: PHIAccess, before: bytes) -> bytes:
    """SHA-256 over the link before and this entry's fields; an address only where there is one."""
    fields = [
        entry.tenant_id,
        entry.number,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.records,
        entry.purpose,
        entry.outcome,
        entry.request_id,
        *([entry.address] if entry.address else []),
    ]
    return hashlib.sha256(before + json.dumps(fields).encode()).digest()


@dataclass(frozen=True)
class ChainState:
    """`entries` ever written, the newest link, and `broken_at`: the first number whose link does not fit, or 0."""

    entries: int
    head: str
    broken_at: int
    why: str = ""


def verify_chain(*, expected_entries: int = 0, expected_head: str = "") -> ChainState:
    """Recompute the bound tenant's chain; an anchor (count and head kept elsewhere) also shows a cut-off tail."""
    number, before = _start_of_chain()
    for entry in entries():
        number += 1
        if entry.number != number:
            return ChainState(number, before.hex(), number, "an entry is missing or out of order")
        if link_of(entry, before) != bytes(entry.link):
            return ChainState(number, before.hex(), number, "an entry was changed")
        before = bytes(entry.link)
        if number == expected_entries and expected_head and before.hex() != expected_head:
            return ChainState(number, before.hex(), number, "the chain was rewritten since its anchor")
    if number < expected_entries:
        return ChainState(number, before.hex(), number + 1, "the newest entries are gone since its anchor")
    return ChainState(number, before.hex(), 0)


def newest_entries_fit() -> bool:
    """Whether each of the newest entries follows from the one before it in number and link."""
    return fits_together(list(PHIAccess.objects.order_by("-number")[: NEWEST + 1])[::-1])


def fits_together(found: list[PHIAccess]) -> bool:
    """Each entry follows the one before it in number and link."""
    return all(
        entry.number == before.number + 1 and link_of(entry, bytes(before.link)) == bytes(entry.link)
        for before, entry in pairwise(found)
    )


def entries() -> Iterator[PHIAccess]:
    """The chain in order, a few thousand at a time."""
    yield from PHIAccess.objects.order_by("number").iterator(chunk_size=5000)


def _start_of_chain() -> tuple[int, bytes]:
    """Number and link before the first entry that is kept, as the removal of the older ones wrote them down."""
    first = PHIAccess.objects.order_by("number").values_list("number", flat=True).first() or 1
    removal = PHIAccess.objects.filter(action=RETENTION, subject__startswith=f"{first - 1}:").first()
    if first == 1 or removal is None:
        return 0, START
    return first - 1, bytes.fromhex(removal.subject.partition(":")[2])


def forget_before(moment: datetime, *, actor: str) -> int:
    """Remove the bound tenant's entries older than `moment`, in the open transaction; how many.

    Invalid("too_young") when that is less than six years ago (45 CFR 164.316(b)(2)(i)). The removal is an entry
    itself and names the last link removed, so that what is kept still verifies.
    """
    if moment > clock.now() - KEPT_FOR:
        raise Invalid("too_young", "entries of the access log are kept for six years")
    kept = PHIAccess.objects.filter(at__gte=moment).aggregate(first=Min("number"))["first"]
    old = PHIAccess.objects.filter(number__lt=kept) if kept else PHIAccess.objects.all()
    last = old.order_by("-number").first()
    if last is None:
        return 0
    record_access(actor=actor, action=RETENTION, subject=f"{last.number}:{bytes(last.link).hex()}", records=old.count())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.retention', 'on', true)")
        removed, _ = PHIAccess.objects.filter(number__lte=last.number).delete()
        cursor.execute("SELECT set_config('app.retention', '', true)")
    return int(removed)
