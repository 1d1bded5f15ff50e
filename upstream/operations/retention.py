"""Keeping raw files small, and removing what need not be kept. What was read out of them stays."""

from datetime import datetime

from django.db import transaction

from upstream.core import clock, storage
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch, Rejection
from upstream.ingestion.phi import FILES
from upstream.tenants.services import tenant_keys

LANDING = "landing"


def forget_files(before: datetime) -> dict[str, int]:
    """Remove raw files and quarantined rows of batches received before then, unless still to be read; how many."""
    with transaction.atomic():
        keys = tenant_keys()
        old = Batch.objects.filter(received_at__lt=before).exclude(state=BatchState.LANDED)
        names = set(old.values_list("sha256", flat=True))
        rejections, _ = Rejection.objects.filter(batch__in=old).delete()
    present = [name for name in storage.stored(LANDING, keys) if name in names]
    for name in present:
        storage.remove(LANDING, name, keys)
    with transaction.atomic():
        Batch.objects.filter(sha256__in=names, removed_at=None).update(removed_at=clock.now())
    return {"files": len(present), "rejections": rejections}


def archive_files(before: datetime) -> int:
    """Compress raw files of batches received before then that were read or refused; how many. They open as before."""
    with transaction.atomic():
        keys = tenant_keys()
        old = Batch.objects.filter(received_at__lt=before, archived_at=None, removed_at=None)
        names = dict(old.exclude(state=BatchState.LANDED).values_list("pk", "sha256"))
    for batch_id, sha256 in names.items():
        storage.pack(LANDING, sha256, keys)
        with transaction.atomic():
            Batch.objects.filter(pk=batch_id).update(archived_at=clock.now())
    return len(names)


def forget_unfinished(before: datetime) -> int:
    """Remove what writers of the bound tenant's files, killed before then, left behind; how many files."""
    with transaction.atomic():
        keys = tenant_keys()
    return sum(storage.remove_unfinished(kind, keys, before) for kind in FILES)
