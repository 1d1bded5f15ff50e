"""Writing down who looked at whom, and proving that nothing of it was changed since."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from upstream.audit.models import PHIAccess
from upstream.core import clock
from upstream.core.db.claiming import one_at_a_time
from upstream.core.observability import request_id

START = b"\x00" * 32


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
        request_id=(request_id() or "")[:64],
    )
    entry.link = link_of(entry, bytes(last.link) if last else START)
    entry.save(force_insert=True)
    return entry


def link_of(entry: PHIAccess, before: bytes) -> bytes:
    """SHA-256 over the link before and this entry's fields."""
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
    ]
    return hashlib.sha256(before + json.dumps(fields).encode()).digest()


@dataclass(frozen=True)
class ChainState:
    """What the verification found: `broken_at` is the first number whose link does not fit, or 0."""

    entries: int
    head: str
    broken_at: int
    why: str = ""


def verify_chain(*, expected_entries: int = 0, expected_head: str = "") -> ChainState:
    """Recompute the bound tenant's chain; an anchor (count and head kept elsewhere) also shows a cut-off tail."""
    before, count = START, 0
    for entry in entries():
        count += 1
        if entry.number != count:
            return ChainState(count, before.hex(), count, "an entry is missing or out of order")
        if link_of(entry, before) != bytes(entry.link):
            return ChainState(count, before.hex(), count, "an entry was changed")
        before = bytes(entry.link)
        if count == expected_entries and expected_head and before.hex() != expected_head:
            return ChainState(count, before.hex(), count, "the chain was rewritten since its anchor")
    if count < expected_entries:
        return ChainState(count, before.hex(), count + 1, "the newest entries are gone since its anchor")
    return ChainState(count, before.hex(), 0)


def entries() -> Iterator[PHIAccess]:
    """The chain in order, a few thousand at a time."""
    return PHIAccess.objects.order_by("number").iterator(chunk_size=5000)
