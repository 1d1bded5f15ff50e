"""Something to read under Letters: drafts for the dearest claims of one incident, and a packet of evidence on it."""

from django.db import transaction

from upstream.alerts.queries import open_incidents
from upstream.appeals import batches, packets
from upstream.appeals.models import LetterBatch
from upstream.detection.choices import Direction, Metric
from upstream.tenants.choices import Role
from upstream.tenants.queries import active_members

CLAIMS = 12
DENIALS = (Metric.DENIAL_RATE, Metric.DENIAL_DOLLARS)


def ask_letters() -> None:
    """The bound practice's manager asks for them once, where an incident of denials is open; workers make them."""
    with transaction.atomic():
        found = open_incidents().filter(direction=Direction.ADVERSE, metric__in=DENIALS).first()
        manager = active_members().filter(role=Role.MANAGER).first()
        if found is None or manager is None or LetterBatch.objects.exists():
            return
        actor = f"user:{manager.user.public_id}"
        dearest = found.members.filter(paid_on=None).select_related("claim").order_by("-expected_cents", "pk")[:CLAIMS]
        batches.start(actor=actor, incident=found, claims=[member.claim for member in dearest])
        packets.ask(found, actor=actor)
