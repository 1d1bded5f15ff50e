"""What a look finds wrong with the ways out, the access log, the keys and the store."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q

from upstream.audit.services import newest_entries_fit
from upstream.core.errors import DomainError
from upstream.core.shelves import shelf
from upstream.delivery import addresses
from upstream.delivery.choices import EndpointState, OutboxState
from upstream.delivery.choices import Kind as Way
from upstream.delivery.models import Endpoint, Outbox
from upstream.delivery.rules import MAY_BE_RETRIED, RESTS_AFTER
from upstream.tenants.services import tenant_keys
from upstream.watchers.checks import Check, Now
from upstream.watchers.choices import Kind, Limit
from upstream.watchers.rules import Seen

PARKED_WITHIN = timedelta(days=7)
# Said of one reader, not of the way: the trouble of the address tells them.
OF_THE_READER = ("address_stopped", "bounced", "not_a_member")


def mail(now: Now) -> Iterator[Seen]:
    """Mail failed or is of unknown outcome, or waits for longer than a mail server's rest."""
    mails = Outbox.objects.filter(kind=Way.MAIL)
    parked = mails.filter(state__in=MAY_BE_RETRIED, queued_at__gte=now.at - PARKED_WITHIN)
    failed = parked.exclude(error_code__in=OF_THE_READER).count()
    late = now.at - timedelta(minutes=now.limits[Limit.MAIL_MINUTES].value)
    on_the_way = ~Q(state__in=(*MAY_BE_RETRIED, OutboxState.SENT, OutboxState.WITHHELD))
    waiting = mails.filter(on_the_way, queued_at__lt=late, not_before__lt=late).count()
    tried = mails.filter(on_the_way, attempts__gte=3).count()
    if failed or waiting or tried:
        count = failed + max(waiting, tried)
        words = "message" if count == 1 else "messages"
        yield Seen(Kind.MAIL, facts={"count": count, "messages": f"{words}, {failed} of them for good"})


def stopped_addresses(_now: Now) -> Iterator[Seen]:
    """Members that mail came back from, or who called it unwanted."""
    for membership_id, address in addresses.stopped().items():
        if address.recipient.active:
            who = f"A person ({address.recipient.get_role_display().lower()})"
            yield Seen(
                Kind.ADDRESS,
                str(membership_id),
                {"who": who, "because": f"it {addresses.WORDS[address.stopped_because]}"},
            )


def channels(now: Now) -> Iterator[Seen]:
    """Channels that Upstream has stopped, that rest after failures, or whose messages ended undelivered."""
    lately = Q(state__in=MAY_BE_RETRIED, queued_at__gte=now.at - PARKED_WITHIN)
    counted = (
        Outbox.objects.filter(endpoint__isnull=False).order_by().values_list("endpoint_id")
        .annotate(parked=Count("pk", filter=lately), waiting=Count("pk", filter=Q(state=OutboxState.QUEUED)))
    )  # fmt: skip
    messages = {endpoint_id: (parked, waiting) for endpoint_id, parked, waiting in counted}
    for row in Endpoint.objects.exclude(state=EndpointState.PAUSED).order_by("pk"):
        parked, waiting = messages.get(row.pk, (0, 0))
        what = _failing(row, parked)
        if what:
            told = {"name": row.name, "what": what, "waiting": waiting, "parked": parked}
            yield Seen(Kind.CHANNEL, str(row.public_id), told)


def _failing(channel: Endpoint, parked: int) -> str:
    """What is wrong with the channel, in words; "" where nothing is."""
    if channel.state == EndpointState.STOPPED:
        return "was stopped"
    if channel.failures >= RESTS_AFTER:
        return "fails"
    return "did not take every message" if parked else ""


def access_log(_now: Now) -> Iterator[Seen]:
    """The newest entries of who looked at patients do not follow from one another."""
    if not newest_entries_fit():
        yield Seen(Kind.AUDIT)


def keys_and_store(_now: Now) -> Iterator[Seen]:
    """The practice's secret does not open, or files can be neither written nor read."""
    try:
        tenant_keys()
    except DomainError:
        means = "Nothing of patients can be read or received until the key is back. Nothing is lost."
        yield Seen(Kind.STORAGE, "keys", {"what": "The practice's key", "means": means}, stale=True)
    try:
        shelf().ready()
    except (OSError, DomainError):
        means = "No file can be received or opened, so numbers stand still."
        yield Seen(Kind.STORAGE, "files", {"what": "The store of files", "means": means}, stale=True)


ALL: tuple[Check, ...] = (mail, stopped_addresses, channels, access_log, keys_and_store)
