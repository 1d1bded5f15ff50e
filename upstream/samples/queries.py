"""How far the bound sample practice is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from upstream.detection.models import DetectionRun
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch

TO_READ = (BatchState.LANDED, BatchState.LOADED)


@dataclass(frozen=True, slots=True)
class Progress:
    """Files handed in, and how many of them are read."""

    files: int
    read: int


def progress() -> Progress:
    """Of the bound sample, in one query."""
    counted = Batch.objects.aggregate(files=Count("pk"), read=Count("pk", filter=~Q(state=BatchState.LANDED)))
    return Progress(**counted)


def is_read() -> bool:
    """Whether every file is analysed, and what was found stands as incidents."""
    if Batch.objects.filter(state__in=TO_READ).exists():
        return False
    run = DetectionRun.objects.order_by("-pk").first()
    return run is not None and not run.signals.filter(state="open").exists()
