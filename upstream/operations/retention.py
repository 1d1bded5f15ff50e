"""Removing what need not be kept: raw files and rejected rows. What was read out of them stays."""

from datetime import datetime

from django.db import transaction

from upstream.core import storage
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
    return {"files": len(present), "rejections": rejections}


def forget_unfinished(before: datetime) -> int:
    """Remove what writers of the bound tenant's files, killed before then, left behind; how many files."""
    with transaction.atomic():
        keys = tenant_keys()
    return sum(storage.remove_unfinished(kind, keys, before) for kind in FILES)
