"""Something to read under Letters: drafts for the dearest claims of one incident, and a packet of evidence on it."""

from upstream.alerts.queries import open_incidents
from upstream.appeals import batches, packets
from upstream.appeals.models import LetterBatch
from upstream.detection.choices import Direction, Metric

CLAIMS = 12
DENIALS = (Metric.DENIAL_RATE, Metric.DENIAL_DOLLARS)


def ask_letters(actor: str) -> None:
    """Somebody of the bound practice asks for them once, where an incident of denials is open; workers make them."""
    found = open_incidents().filter(direction=Direction.ADVERSE, metric__in=DENIALS).first()
    if found is None or LetterBatch.objects.exists():
        return
    dearest = found.members.filter(paid_on=None).select_related("claim").order_by("-expected_cents", "pk")[:CLAIMS]
    batches.start(actor=actor, incident=found, claims=[member.claim for member in dearest])
    packets.ask(found, actor=actor)
