"""What detection has left in the bound practice, and what waits for it."""

from datetime import date, datetime, timedelta

from django.db.models import Max, Min, QuerySet

from upstream.claims import payer_queries
from upstream.claims.models import Payer, PayerWeek
from upstream.claims.payer_moves import changed_weeks
from upstream.core import clock
from upstream.detection.models import Baseline, CalendarEvent, DetectionRun, Signal
from upstream.detection.naming import Naming
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.ingestion.queries import more_to_come

BETWEEN_LOOKS = timedelta(hours=20)


def latest_run() -> DetectionRun | None:
    """The run with the newest date."""
    return DetectionRun.objects.order_by("-as_of", "-pk").first()


def state_of(payer_id: int) -> Baseline | None:
    """How the newest look saw a payer, with that look; None where it saw nothing of it."""
    seen = Baseline.objects.filter(run=latest_run(), payer=payer_id).select_related("run", "payer")
    found: Baseline | None = seen.first()
    return found


def signals_of(run: DetectionRun) -> QuerySet[Signal]:
    """The causes that a run found, strongest first."""
    return Signal.objects.filter(run=run).select_related("payer").order_by("-evidence", "pk")


def batches_to_look_at() -> QuerySet[Batch]:
    """Files that were read and not analysed, the newest first; none while others still wait, or claims are on their way
    to another payer.

    Once a day those that were analysed before, since dates pass in a practice that sends nothing, too; and when payer
    names were decided.
    """
    if more_to_come() or payer_queries.moving():
        return Batch.objects.none()
    newest = Batch.objects.order_by("-pk")
    loaded = newest.filter(state=BatchState.LOADED)
    return newest.filter(state=BatchState.ANALYSED) if look_is_due() and not loaded.exists() else loaded


def look_is_due() -> bool:
    """Whether a practice that has claims was not looked at for 20 hours, or since people decided names or events.

    Never before the first look.
    """
    last = last_look()
    if last is None:
        return False
    said = CalendarEvent.objects.filter(entered_at__gt=last)
    due = last < clock.now() - BETWEEN_LOOKS or payer_queries.decided_since(last) or said.exists()
    return due and known_weeks() is not None


def last_look() -> datetime | None:
    """When the bound practice was looked at last, whether or not anything was new."""
    last: datetime | None = DetectionRun.objects.aggregate(last=Max("looked_at"))["last"]
    return last


def known_weeks() -> tuple[date, date] | None:
    """The Mondays of the oldest and the newest week in which anything became known; None without claims."""
    found = PayerWeek.objects.aggregate(first=Min("known_week"), last=Max("known_week"))
    return None if found["first"] is None else (found["first"], found["last"])


def naming(time_zone: str) -> Naming:
    """How payers are named now, as far as it keeps causes from being told."""
    return Naming(payer_queries.unmapped().payers, changed_weeks(time_zone))


def payer_names() -> dict[int, str]:
    return dict(Payer.objects.values_list("pk", "name"))
