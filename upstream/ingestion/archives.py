"""Zip archives of many files: each file inside becomes a batch of its own, received as part of the archive."""

import itertools
import posixpath
import zipfile
from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from upstream.core import clock, storage
from upstream.core.errors import Unreadable
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.choices import BatchState
from upstream.ingestion.formats import archive as packed
from upstream.ingestion.formats.detect import sniff
from upstream.ingestion.models import ArchiveMember, Batch

LANDING = "landing"
FORMAT = "zip"
MAX_UNPACKED = 16 << 30
MAX_UNPACKED_INSIDE = 1 << 30  # of an archive that came in an archive
HEAD_BYTES = 65_536

Land = Callable[[Iterator[bytes], str, Batch], tuple[Batch, bool]]
"""Receives the bytes of one member, by its name, as sent by whoever sent the archive."""


def unpack(batch: Batch, keys: TenantKeys, land: Land) -> bool:
    """Every file of the archive is received and the archive itself done with; False when the batch is no archive.

    A damaged member is noted and costs itself only. Raises Unreadable: what `archive.opened` does; nested_too_deep for
    an archive in an archive in an archive; empty_archive; archive_damaged when no member could be unpacked.
    """
    head = next(storage.read(LANDING, batch.sha256, keys), b"")
    if sniff(head[:HEAD_BYTES]) != FORMAT:
        return False
    inside = ArchiveMember.objects.filter(batch=batch)
    if inside.filter(archive__memberships__isnull=False).exists():
        raise Unreadable("nested_too_deep", "an archive inside of an archive inside of an archive is not unpacked")
    limit = MAX_UNPACKED_INSIDE if inside.exists() else MAX_UNPACKED
    with storage.opened(LANDING, batch.sha256, keys) as file, packed.opened(file, max_bytes=limit) as archive:
        members = packed.members_of(archive)
        if not members:
            raise Unreadable("empty_archive", "this archive holds no file")
        found = [_received(batch, archive, one, place, keys, land) for place, one in enumerate(members, start=1)]
    batch.rejected = sum(member.batch is None for member in found)
    if batch.rejected == len(found):
        raise Unreadable("archive_damaged", "no file of this archive could be unpacked")
    ArchiveMember.objects.filter(archive=batch).delete()
    ArchiveMember.objects.bulk_create(found, batch_size=1000)
    # Its members are analysed; there is nothing more to find in the archive.
    batch.format, batch.state, batch.loaded_at = FORMAT, BatchState.ANALYSED, clock.now()
    batch.save()
    return True


def members_of(batch: Batch) -> QuerySet[ArchiveMember]:
    """What an archive held, in its order, with what became of it."""
    return ArchiveMember.objects.filter(archive=batch).select_related("batch").order_by("ordinal")


def archive_of(batch: Batch) -> Batch | None:
    """The archive in which the file first came, if it came in one."""
    member = ArchiveMember.objects.filter(batch=batch).select_related("archive").order_by("-new", "pk").first()
    return member.archive if member else None


def _received(
    batch: Batch, archive: zipfile.ZipFile, info: zipfile.ZipInfo, ordinal: int, keys: TenantKeys, land: Land
) -> ArchiveMember:
    name = packed.shown_name(info.filename)
    member = ArchiveMember(archive=batch, ordinal=ordinal)
    member.sealed_name = keys.seal(name.encode(errors="replace"), ArchiveMember.TABLE, "sealed_name", member.place)
    try:
        pieces = packed.pieces_of(archive, info)
        first = next(pieces, b"")
        if not first:
            member.error_code = "empty_file"
        else:
            member.batch, member.new = land(itertools.chain([first], pieces), posixpath.basename(name), batch)
    except Unreadable as exc:
        member.error_code = exc.code
    return member
