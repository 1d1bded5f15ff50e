"""Sources, their attempts, and what was seen at them."""

import uuid

from django.db.models import F, QuerySet

from upstream.core import clock
from upstream.ingestion.sources.models import Source, SourceObject, SourceRun


def sources() -> QuerySet[Source]:
    """Those that were not ended, by name."""
    return Source.objects.filter(ended_at=None).order_by("name")


def source(public_id: uuid.UUID) -> Source | None:
    return sources().filter(public_id=public_id).first()


def named(name: str) -> Source | None:
    return sources().filter(name=name).first()


def due() -> QuerySet[Source]:
    """Those to be asked now, the longest waiting first."""
    return Source.objects.filter(enabled=True, next_run_at__lte=clock.now()).order_by("next_run_at", "pk")


def runs_of(of: Source) -> QuerySet[SourceRun]:
    """Newest first."""
    return SourceRun.objects.filter(source=of).order_by("-started_at", "-pk")


def objects_of(of: Source) -> QuerySet[SourceObject]:
    """Received ones first, the newest on top, then what was seen and not fetched."""
    rows: QuerySet[SourceObject] = SourceObject.objects.filter(source=of).select_related("batch")
    return rows.order_by(F("landed_at").desc(nulls_last=True), "-pk")
