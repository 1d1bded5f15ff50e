"""Messages of the bound tenant."""

from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from upstream.core import clock
from upstream.delivery.choices import EndpointState, Kind, OutboxState
from upstream.delivery.models import Attempt, Endpoint, Outbox
from upstream.delivery.rules import MAY_BE_RETRIED

ON_THE_WAY = (OutboxState.PREPARING, OutboxState.SUBMITTING)


def messages() -> QuerySet[Outbox]:
    """Every message with its receiver, newest first."""
    rows: QuerySet[Outbox] = Outbox.objects.select_related("recipient__user", "endpoint").order_by("-queued_at", "-pk")
    return rows


def parked() -> QuerySet[Outbox]:
    """Messages that wait for an operator: failed, or of unknown outcome."""
    return messages().filter(state__in=MAY_BE_RETRIED)


def due() -> QuerySet[Outbox]:
    """Mail that a worker can take now, oldest first: waiting, and what a lost worker may have left."""
    rows: QuerySet[Outbox] = _due().filter(kind=Kind.MAIL).order_by("not_before", "pk")
    return rows


def due_at(endpoint_id: int) -> QuerySet[Outbox]:
    """What can be handed over now at one endpoint, oldest first; nothing while it rests or does not work."""
    rows: QuerySet[Outbox] = _reachable(_due().filter(endpoint_id=endpoint_id)).order_by("queued_at", "pk")
    return rows


def endpoints_with_messages() -> QuerySet[Outbox, int]:
    """Ids of endpoints at which something can be handed over now."""
    rows = _reachable(_due().filter(endpoint__isnull=False))
    return rows.order_by("endpoint_id").values_list("endpoint_id", flat=True).distinct()


def _due() -> QuerySet[Outbox]:
    waiting = Q(state=OutboxState.QUEUED, not_before__lte=clock.now())
    rows: QuerySet[Outbox] = Outbox.objects.filter(waiting | Q(state__in=ON_THE_WAY))
    return rows


def _reachable(messages: QuerySet[Outbox]) -> QuerySet[Outbox]:
    awake = Q(endpoint__resting_until__isnull=True) | Q(endpoint__resting_until__lte=clock.now())
    return messages.filter(awake, endpoint__state=EndpointState.ACTIVE)


def endpoints() -> QuerySet[Endpoint]:
    """Every endpoint by name."""
    rows: QuerySet[Endpoint] = Endpoint.objects.order_by("name")
    return rows


def endpoint(public_id: UUID) -> Endpoint | None:
    """The endpoint of this id."""
    return endpoints().filter(public_id=public_id).first()


def waiting_by_endpoint() -> dict[int, dict[str, int]]:
    """By endpoint how many messages stand in each state but SENT."""
    counted = (
        Outbox.objects.filter(endpoint__isnull=False).exclude(state=OutboxState.SENT)
        .values_list("endpoint_id", "state").annotate(n=Count("pk"))
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for endpoint_id, state, n in counted:
        found.setdefault(endpoint_id, {})[state] = n
    return found


def messages_at(endpoint_id: int) -> QuerySet[Outbox]:
    """The endpoint's messages with their tries, newest first."""
    rows: QuerySet[Outbox] = Outbox.objects.filter(endpoint_id=endpoint_id).order_by("-queued_at", "-pk")
    return rows.prefetch_related(Prefetch("tries", Attempt.objects.order_by("-at", "-pk")))
