"""What detection has left in the bound practice, and the rows that it reads."""

from django.db.models import QuerySet

from upstream.detection.models import DetectionRun
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch


def latest_run() -> DetectionRun | None:
    """The run with the newest date."""
    return DetectionRun.objects.order_by("-as_of", "-pk").first()


def loaded_batches() -> QuerySet[Batch]:
    """Files that were read and not analysed, the newest first; none while others still wait to be read."""
    if Batch.objects.filter(state=BatchState.LANDED).exists():
        return Batch.objects.none()
    return Batch.objects.filter(state=BatchState.LOADED).order_by("-pk")
