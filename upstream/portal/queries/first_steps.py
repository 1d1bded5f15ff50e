"""What a new practice still has to do before the product says anything, and what of it is done."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists

from upstream.alerts.models import Replay
from upstream.core import clock
from upstream.detection.models import DetectionRun
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch
from upstream.reports.models import Artifact
from upstream.tenants.models import Organization

NEW_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to do: in words, where, and whether it is done."""

    words: str
    why: str
    page: str
    button: str
    done: bool


def first_steps(practice: Organization) -> list[FirstStep]:
    """The four steps while one is open in a practice that is new or has seen no report; else none. One query.

    A sample practice has none: everything in it is done by us.
    """
    if practice.is_sample:
        return []
    read = Batch.objects.filter(loaded_at__isnull=False)
    state = (
        Organization.objects.filter(pk=practice.pk)
        .annotate(
            files=Exists(Batch.objects.all()),
            unmatched=Exists(Batch.objects.filter(state=BatchState.MAPPING)),
            read=Exists(read),
            looked=Exists(DetectionRun.objects.all()),
            reported=Exists(Artifact.objects.all()),
            replayed=Exists(Replay.objects.all()),
        )
        .get()
    )
    steps = [
        FirstStep(
            "Drop your claims and remittances", "CSV, Excel, 837 and 835 files, as many at once as you like. A year is "
            "enough to know what is usual.", "portal:data", "Send files", state.files,
        ),
        FirstStep(
            "Say which column is which", "Only for tables of your own; asked once and used for every later file.",
            "portal:data", "Match columns", state.read and not state.unmatched,
        ),
        FirstStep(
            "Read your first report", "One press makes it now; then it comes by itself every week.",
            "portal:reports", "Reports", state.looked and state.reported,
        ),
        FirstStep(
            "See what we would have caught", "Your own past, day by day, as it was known then.", "portal:replays",
            "Replay", state.replayed,
        ),
    ]  # fmt: skip
    begun = state.files and state.looked and state.reported
    new = practice.created_at > clock.now() - NEW_FOR
    return [] if begun and (not new or all(step.done for step in steps)) else steps
