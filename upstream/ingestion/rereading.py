"""A table that was read under a wrong mapping is read again, from the raw file kept, under the right one.

What the first reading said and the second does not is withdrawn, and kept as such. When the second reading fails, the
first one stands.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from upstream.claims import withdrawing
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.core.stages import nudge
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.formats.profile import Profile
from upstream.ingestion.formats.readers import TABLES
from upstream.ingestion.mapping import in_use_for, keep, source_of
from upstream.ingestion.models import Batch, MappingProfile, Rejection

READ = (BatchState.LOADED, BatchState.ANALYSED)
COUNTED = ("claims", "lines", "adjudications", "new_adjudications", "rejected", "paid_cents")
REFUSED = "not_read_again"


def may_be_read_again(batch: Batch) -> bool:
    """Whether the file is a table that was read and whose raw content is still here."""
    return batch.format in TABLES and batch.state in READ and batch.removed_at is None


def newer_mapping(batch: Batch) -> MappingProfile | None:
    """The version now in use under the name by which the file was read, where that is another one than read it."""
    used = in_use_for(batch) if batch.mapping_id and may_be_read_again(batch) else None
    return used if used and used.active and used.pk != batch.mapping_id else None


def read_under_others(mapping: MappingProfile) -> "QuerySet[Batch]":
    """Files that other versions of this mapping read, and that can be read again, oldest first."""
    rows = Batch.objects.filter(mapping__name=mapping.name, state__in=READ, removed_at=None, format__in=TABLES)
    return rows.exclude(mapping=mapping).order_by("received_at", "pk")


def read_again(batch: Batch, *, mapping: MappingProfile, actor: str) -> None:
    """The file waits to be read again under this mapping, inside a transaction; a worker does it.

    Conflict("not_read") while it waits anyway or was never read, Conflict("read_so") when this version read it;
    Invalid("raw_gone") when the raw file was removed, Invalid("not_a_table") for files that have no columns.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in READ:
        raise Conflict("not_read", "this file is not read yet, or was refused")
    if batch.format not in TABLES:
        raise Invalid("not_a_table", "only CSV and Excel files have columns to match")
    if batch.removed_at:
        raise Invalid("raw_gone", "the raw file was removed when its time was over")
    if batch.mapping_id == mapping.pk:
        raise Conflict("read_so", "this version of the mapping read the file as it stands now")
    batch.mapping_before, batch.mapping = batch.mapping, mapping
    batch.reread_by, batch.attempts, batch.state = actor[:80], 0, BatchState.LANDED
    batch.save()
    nudge()


def read_all_again(mapping: MappingProfile, *, actor: str) -> int:
    """Every file that another version of the mapping read waits to be read again under this one; how many."""
    files = list(read_under_others(mapping))
    for batch in files:
        read_again(batch, mapping=mapping, actor=actor)
    return len(files)


def corrected(batch: Batch, *, profile: Profile, name: str, actor: str) -> MappingProfile:
    """The profile is kept under the name, and the file, which was read in another way, waits to be read by it.

    Raises what `mapping.keep` and `read_again` do: nothing is kept then, as the caller's transaction ends.
    """
    layout = None if batch.layout_bidx is None else bytes(batch.layout_bidx)
    kept = keep(profile=profile, name=name, actor=actor, layout_bidx=layout, source=source_of(batch))
    read_again(batch, mapping=kept, actor=actor)
    return kept


def begin(cursor: Any, batch: Batch, now: datetime) -> None:
    """Nothing that the earlier reading said stands any more, when there was one. Inside the load's transaction."""
    if not batch.reread_by:
        return
    withdrawing.withdraw(cursor, tenant=batch.tenant_id, batch=batch.pk, now=now, actor=batch.reread_by)
    Rejection.objects.filter(batch=batch, state=RejectionState.OPEN).delete()
    for name in COUNTED:
        setattr(batch, name, 0)
    batch.error_code = batch.error_message = ""


def end(cursor: Any, batch: Batch, now: datetime) -> dict[str, int]:
    """The file is read; what it said before and does not say now, as notices by code."""
    if not batch.reread_by:
        return {}
    batch.mapping_before, batch.reread_by = None, ""
    return withdrawing.said_again(cursor, tenant=batch.tenant_id, batch=batch.pk, now=now)


def refused(batch: Batch, why: DomainError) -> bool:
    """True when the file had been read before: that reading stands again, and what hindered the new one is told."""
    if not batch.reread_by:
        return False
    batch.mapping, batch.mapping_before, batch.reread_by = batch.mapping_before, None, ""
    batch.state, batch.error_code = BatchState.LOADED, REFUSED
    batch.error_message = f"it could not be read again, and stands as it was read before: {why.message}"[:300]
    batch.save()
    return True
