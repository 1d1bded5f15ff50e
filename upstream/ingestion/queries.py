"""Files and what in them could not be loaded."""

import uuid

from django.db.models import QuerySet

from upstream.ingestion import progress
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch, Rejection


def batches() -> QuerySet[Batch]:
    """Newest first."""
    return Batch.objects.order_by("-received_at", "-pk")


def batch(public_id: uuid.UUID) -> Batch | None:
    return Batch.objects.filter(public_id=public_id).first()


def waiting() -> QuerySet[Batch]:
    """Landed files, oldest first: a claim is read before the remittance that came after it."""
    return Batch.objects.filter(state=BatchState.LANDED).order_by("received_at", "pk")


def rejections_of(batch: Batch) -> QuerySet[Rejection]:
    return Rejection.objects.filter(batch=batch).order_by("position", "pk")


def progress_of(batch: Batch) -> dict[str, int] | None:
    return progress.of(batch.pk)
