"""Messages of the bound tenant."""

from django.db.models import Q, QuerySet

from upstream.core import clock
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.rules import MAY_BE_RETRIED

ON_THE_WAY = (OutboxState.PREPARING, OutboxState.SUBMITTING)


def messages() -> QuerySet[Outbox]:
    """Every message with its recipient, newest first."""
    rows: QuerySet[Outbox] = Outbox.objects.select_related("recipient__user").order_by("-queued_at", "-pk")
    return rows


def parked() -> QuerySet[Outbox]:
    """Messages that wait for an operator: failed, or of unknown outcome."""
    return messages().filter(state__in=MAY_BE_RETRIED)


def messages_about(about: str) -> QuerySet[Outbox]:
    """Messages about one thing, such as `report:<public id>`."""
    return messages().filter(about=about)


def due() -> QuerySet[Outbox]:
    """What a worker can take now, oldest first: waiting messages, and those that a lost worker may have left."""
    waiting = Q(state=OutboxState.QUEUED, not_before__lte=clock.now())
    rows: QuerySet[Outbox] = Outbox.objects.filter(waiting | Q(state__in=ON_THE_WAY)).order_by("not_before", "pk")
    return rows
