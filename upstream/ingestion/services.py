"""From bytes to claims: landing a file, and loading a landed one."""

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from upstream.claims import linking, merge, rollups, staging
from upstream.claims.services import carc_map, source_of
from upstream.core import clock, crash, storage, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import DomainError, Unreadable
from upstream.core.stages import nudge
from upstream.ingestion import archives, mapping, rereading
from upstream.ingestion import progress as told
from upstream.ingestion.building import Builder, Timing
from upstream.ingestion.choices import BatchState
from upstream.ingestion.formats.profile import NeedsMapping
from upstream.ingestion.formats.readers import reader_of
from upstream.ingestion.models import Batch, MappingProfile
from upstream.ingestion.reading import Portion, ReadingSide, open_file, portions
from upstream.ingestion.recording import record_rejections, record_remittances
from upstream.ingestion.recording_told import record_told
from upstream.ingestion.records import Notice
from upstream.ingestion.registry import Registry
from upstream.ingestion.rows import Clerk, Staged
from upstream.tenants.queries import bound_organization
from upstream.tenants.samples import MAKER, refuse_in_sample
from upstream.tenants.services import tenant_keys

LANDING = "landing"
MAX_ATTEMPTS = 5
LARGE_BYTES = 4 << 20
SNAPSHOTS = ("csv", "xlsx")  # their rows carry the day they became known
Progress = Callable[[int, int, int], None]


def receive(
    chunks: Iterable[bytes],
    *,
    name: str,
    received_from: str,
    known_at: datetime | None = None,
    profile: str = "",
    mapped: MappingProfile | None = None,
    corrects: int | None = None,
) -> tuple[Batch, bool]:
    """Keep the raw file, encrypted, and its batch; (batch, False) when the same bytes came before.

    A file that was refused before, or waits for a mapping, may be tried again: its batch waits anew. `known_at`: when
    the content became known; without it a snapshot's rows carry their own dates and a remittance is known from now.
    `profile`: the name of the mapping by which a table is read, or `mapped` itself, which may be retired. `corrects`:
    id of the batch whose quarantined rows these are, put right. Conflict("sample_practice") for what anybody but its
    maker sends to a sample practice: real claims never lie among invented ones.
    """
    with transaction.atomic():
        if received_from != MAKER:
            refuse_in_sample("send files to your own practice")
        keys = tenant_keys()
        mapped = mapping.named(profile) if profile else mapped
    sha256, size = storage.put(LANDING, chunks, keys)
    crash.point("after_land")
    with transaction.atomic():
        batch = Batch.objects.select_for_update().filter(sha256=sha256).first()
        if batch is None:
            sealed = keys.seal(name[:120].encode(errors="replace"), Batch.TABLE, "sealed_name", sha256.encode())
            batch = Batch(
                sha256=sha256,
                size=size,
                sealed_name=sealed,
                known_at=known_at,
                received_at=clock.now(),
                received_from=received_from,
                corrects_id=corrects,
            )
            batch.mapping = mapped
            new = _first(batch)
            if not new:
                batch = Batch.objects.get(sha256=sha256)
        else:
            new = _try_again(batch, known_at, mapped)
        nudge()
    return batch, new


def _first(batch: Batch) -> bool:
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError:
        return False
    return True


def _try_again(batch: Batch, known_at: datetime | None, mapped: MappingProfile | None) -> bool:
    if batch.state not in (BatchState.REJECTED, BatchState.MAPPING):
        return False
    batch.mapping = mapped
    batch.state, batch.attempts, batch.error_code, batch.error_message = BatchState.LANDED, 0, "", ""
    batch.received_at, batch.known_at = clock.now(), known_at
    if batch.removed_at:
        batch.archived_at = batch.removed_at = None
    batch.save()
    return True


def load(batch_id: int, *, wanted: str = "", progress: Progress | None = None) -> bool:
    """Read a landed file into claims, all of it in one commit; False when it was loaded or refused before.

    Afterwards the batch is LOADED (bad rows in quarantine), waits in MAPPING for somebody to match its columns, or is
    REJECTED with a code, and nothing is half there.
    """
    with transaction.atomic():
        waiting = Batch.objects.filter(pk=batch_id, state=BatchState.LANDED)
        if not waiting.update(attempts=F("attempts") + 1):
            return False
        if waiting.filter(attempts__gt=MAX_ATTEMPTS).exists():
            return _refuse(batch_id, DomainError("gave_up", f"reading failed {MAX_ATTEMPTS} times"))
    crash.point("after_claim")
    try:
        with transaction.atomic():
            one_at_a_time("load", tenancy.required())
            batch = Batch.objects.select_for_update().get(pk=batch_id)
            if batch.state != BatchState.LANDED:
                return False
            with in_short_turns():
                _load(batch, wanted, progress)
            crash.point("before_merge_commit")
    except Unreadable as exc:
        if _set_aside(batch_id, wanted, exc):
            return load(batch_id, wanted=wanted, progress=progress)
    except (OSError, OperationalError):
        # The disk or the database was away: that is no fault of the file's.
        with transaction.atomic():
            waiting.update(attempts=F("attempts") - 1)
        raise
    told.forget(batch_id)
    crash.point("after_merge_commit")
    return True


TURN_SECONDS = 0.0003
NOTHING = {
    "skipped_transaction_type": "the file holds only kinds of transaction that are not loaded, such as requests",
    "outside_transaction": "the file's segments stand outside of any transaction: the one that begins it is not there",
    "truncated": "the file ends before its first claim: send the whole file again",
    "missing_segment": "the file holds transactions, but none has a claim, payment or answer in it",
    "": "the file holds no claim, payment or answer that can be read",
}


@contextmanager
def in_short_turns() -> Iterator[None]:
    """While a file loads, the reading thread soon gives way to the one with the database; no cycles are sought.

    With the usual turns of 5 ms the database waits longer for its next statement than it takes for most. Records hold
    no cycles: walking the many of a chunk to look for some takes a third of the time of a load.
    """
    collecting, turn = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        if collecting:
            gc.enable()


def _set_aside(batch_id: int, wanted: str, why: Unreadable) -> bool:
    """The file waits for a mapping or is refused; True when a mapping of ours fits, and it is to be read again."""
    with transaction.atomic():
        if isinstance(why, NeedsMapping) and not Batch.objects.filter(pk=batch_id).exclude(reread_by="").exists():
            try:
                return mapping.applied(batch_id, wanted, why)
            except Unreadable as exc:
                why = exc
        _refuse(batch_id, why)
    return False


def _refuse(batch_id: int, why: DomainError) -> bool:
    if rereading.refused(Batch.objects.select_for_update().get(pk=batch_id), why):
        return True
    place = ""
    if isinstance(why, Unreadable) and why.line:
        place = f" (line {why.line}{', ' + why.field if why.field else ''})"
    Batch.objects.filter(pk=batch_id).update(
        state=BatchState.REJECTED, error_code=why.code[:40], error_message=f"{why.message}{place}"[:300]
    )
    return True


def _as_part(chunks: Iterator[bytes], name: str, archive: Batch) -> tuple[Batch, bool]:
    """Receive a member of an archive as its sender would have sent it by itself."""
    profile = archive.mapping.name if archive.mapping else ""
    sender, known_at = archive.received_from, archive.known_at
    return receive(chunks, name=name, received_from=sender, known_at=known_at, profile=profile)


def _load(batch: Batch, wanted: str, progress: Progress | None) -> None:
    keys, organization = tenant_keys(), bound_organization()
    if archives.unpack(batch, keys, _as_part):
        return
    batch.format, content = open_file(storage.read(LANDING, batch.sha256, keys), wanted)
    day = lru_cache(maxsize=4096)(lambda date: clock.start_of(date, organization.time_zone))
    builder = Builder(
        keys,
        carc_map(batch.received_at.date()),
        Timing(_known_at(batch), batch.received_at, day),
        keep_identity=settings.REAL_DATA_MODE,
    )
    notices: Counter[str] = Counter()
    first_notice: Notice | None = None
    brought_by: list[int] = []
    told_besides = 0
    with connection.cursor() as cursor:
        staging.create(cursor)
        began, again = clock.now(), bool(batch.reread_by)
        rereading.begin(cursor, batch, began)
        clerk, registry = Clerk(batch.received_at, keys), Registry(cursor, source_of(batch.format))
        reader = reader_of(batch.format, batch.mapping.profile(keys) if batch.mapping else None)
        side = ReadingSide(reader, content, builder, clerk)
        for portion in portions(side, registry, apart=batch.size >= LARGE_BYTES):
            if portion.staged:
                _merge(cursor, batch, portion.staged)
            batch.rejected += len(portion.rejected)
            record_rejections(batch, portion.rejected, keys)
            brought_by += record_remittances(batch, portion.remittances, keys)
            told_besides += record_told(batch, portion, keys)
            notices += portion.notices
            first_notice = first_notice or portion.first_notice
            _tell(batch, portion, progress)
        if not (batch.claims or batch.rejected or brought_by or told_besides):
            raise _nothing(first_notice)
        if mapping.written_otherwise(batch):
            raise NeedsMapping("other_words", "its dates, amounts or words of status are written in another way")
        if not (batch.new_adjudications or batch.rejected or told_besides or batch.pk in brought_by):
            batch.repeats_id = min(brought_by, default=None)
        staging.by_key(cursor, on=False)
        notices.update(linking.after_load(cursor, tenant=batch.tenant_id, batch=batch.pk, again=again))
        notices.update(rereading.end(cursor, batch, began))
        rollups.recount(cursor, tenant=batch.tenant_id, time_zone=organization.time_zone)
    batch.notices, batch.state, batch.loaded_at = dict(notices), BatchState.LOADED, clock.now()
    batch.save()


def _nothing(why: Notice | None) -> Unreadable:
    """A file of which nothing can be loaded; the first odd thing about it says why and where."""
    if why is None:
        return Unreadable("nothing_to_load", "the file holds no claim, payment or answer")
    return Unreadable("nothing_to_load", NOTHING.get(why.code, NOTHING[""]), line=why.position, field=why.field)


def _known_at(batch: Batch) -> datetime | None:
    return batch.known_at or (None if batch.format in SNAPSHOTS else batch.received_at)


def _merge(cursor: Any, batch: Batch, staged: Staged) -> None:
    staging.fill(cursor, staged.copies)
    crash.point("after_stage")
    open_before = staging.open_reversals(cursor, staged.had)
    merge.merge_staged(
        cursor,
        tenant=batch.tenant_id,
        batch=batch.pk,
        had=staged.had,
        new_claim=staged.new_claim,
        new_patient=staged.new_patient,
        reversed_claims=sorted(staged.reversed.union(open_before)),
        moved=staged.moved,
    )
    batch.claims += staged.claims
    batch.lines += staged.lines
    batch.adjudications += staged.answers
    batch.new_adjudications += staged.new_answers
    batch.paid_cents += staged.paid_cents


def _tell(batch: Batch, portion: Portion, progress: Progress | None) -> None:
    told.tell(batch.pk, portion.bytes_read, batch.size, batch.claims)
    if progress:
        progress(portion.bytes_read, batch.size, batch.claims)
