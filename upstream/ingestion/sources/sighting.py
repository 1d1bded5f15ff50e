"""What a listing shows against what was seen before: which things are new, which still grow, which can be fetched."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.connectors.contract import RemoteObject
from upstream.ingestion.sources.choices import ObjectState
from upstream.ingestion.sources.models import Source, SourceObject

SETTLE = timedelta(seconds=30)
AT_ONCE = 500
LONGEST_HANDLE, LONGEST_VERSION = 4096, 64


@dataclass
class Sighted:
    """Ids of the objects to fetch, in the order listed; how many were listed, and how many may still be growing."""

    ready: list[int] = field(default_factory=list)
    listed: int = 0
    growing: int = 0


def sight(source: Source, found: Iterable[RemoteObject], *, settles: bool, keys: TenantKeys, now: datetime) -> Sighted:
    """Keep a row for each thing that is new; a thing that settles is ready at its second equal look."""
    seen, things = Sighted(), iter(found)
    while part := list(islice(things, AT_ONCE)):
        usable = [each for each in part if len(each.handle) <= LONGEST_HANDLE and len(each.version) <= LONGEST_VERSION]
        seen.listed += len(part)
        with transaction.atomic():
            for ready in _compared(source, usable, settles=settles, keys=keys, now=now):
                if ready is None:
                    seen.growing += 1
                else:
                    seen.ready.append(ready)
    return seen


def _compared(
    source: Source, part: list[RemoteObject], *, settles: bool, keys: TenantKeys, now: datetime
) -> Iterator[int | None]:
    """The row to fetch, or None for one to be looked at again; nothing for what we have."""
    indexed = {index_of(source, each.handle, keys): each for each in part}
    known = defaultdict(list)
    for row in SourceObject.objects.filter(source=source, name_bidx__in=list(indexed)).order_by("pk"):
        known[bytes(row.name_bidx)].append(row)
    for index, each in indexed.items():
        same = next((row for row in known[index] if row.version == each.version), None)
        if same is not None:
            if same.state == ObjectState.LISTED:
                yield same.pk if not settles or now - same.seen_at >= SETTLE else None
            continue
        row = next((row for row in known[index] if row.state == ObjectState.LISTED), None) or SourceObject(
            source=source, name_bidx=index, sealed_name=_sealed(index, each.handle, keys)
        )
        row.version, row.size, row.seen_at, row.attempts = each.version, each.size, now, 0
        row.save()
        yield None if settles else row.pk


def index_of(source: Source, handle: str, keys: TenantKeys) -> bytes:
    """By which a thing of this source is known again."""
    return keys.index("source_object", f"{source.pk}\0{handle}")


def _sealed(index: bytes, handle: str, keys: TenantKeys) -> bytes:
    return keys.seal(handle.encode(errors="replace"), SourceObject.TABLE, "sealed_name", index)
