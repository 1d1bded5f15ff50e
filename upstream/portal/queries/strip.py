"""The state of the data that stands at the top of every page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from upstream.claims.choices import Outcome
from upstream.claims.models import PayerWeek
from upstream.core import clock
from upstream.detection.models import DetectionRun
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.models import Batch, Rejection

RECENT_WEEKS = 8


@dataclass(frozen=True, slots=True)
class DataStrip:
    """`decided_share` (0..1, None without claims) is of claims submitted in the last 8 weeks up to the newest one."""

    remitted_at: datetime | None
    refused: int
    waiting: int
    unmapped: int
    unread_rows: int
    run: DetectionRun | None
    decided_share: float | None

    @property
    def as_of(self) -> date | None:
        return self.run.as_of if self.run else None

    @property
    def decided_percent(self) -> int | None:
        return None if self.decided_share is None else round(100 * self.decided_share)


def data_strip() -> DataStrip:
    """Five small queries on the bound tenant."""
    files = Batch.objects.aggregate(
        remitted_at=Max("loaded_at", filter=Q(adjudications__gt=0)),
        refused=Count("pk", filter=Q(state=BatchState.REJECTED, received_at__gte=clock.now() - timedelta(days=30))),
        unmapped=Count("pk", filter=Q(state=BatchState.MAPPING)),
        waiting=Count("pk", filter=Q(state__in=[BatchState.LANDED, BatchState.LOADED])),
    )
    return DataStrip(
        **files,
        unread_rows=Rejection.objects.filter(state=RejectionState.OPEN).values("batch", "position").distinct().count(),
        run=DetectionRun.objects.order_by("-as_of", "-pk").first(),
        decided_share=_decided_share(),
    )


def _decided_share() -> float | None:
    newest = PayerWeek.objects.aggregate(week=Max("submitted_week"))["week"]
    if newest is None:
        return None
    recent = PayerWeek.objects.filter(submitted_week__gt=newest - timedelta(weeks=RECENT_WEEKS)).aggregate(
        submitted=Sum("claims", filter=Q(outcome=Outcome.PENDING), default=0),
        decided=Sum("claims", filter=~Q(outcome=Outcome.PENDING), default=0),
    )
    return recent["decided"] / recent["submitted"] if recent["submitted"] else None
