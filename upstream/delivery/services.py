"""Messages: queued once in the commit of their cause, and sent once."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from upstream.core import clock, crash, stages
from upstream.core.errors import Conflict
from upstream.delivery import queries
from upstream.delivery.choices import EndpointState, Event, Kind, OutboxState
from upstream.delivery.models import Attempt, Endpoint, Outbox
from upstream.delivery.queries import ON_THE_WAY
from upstream.delivery.rules import (
    GONE,
    MAY_BE_RETRIED,
    Ending,
    Health,
    NotSent,
    after,
    health_after,
    most_attempts,
    wait_seconds,
)  # fmt: skip
from upstream.delivery.transports import mail
from upstream.delivery.transports.kinds import TRANSPORTS
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership, Organization
from upstream.tenants.queries import active_members, bound_organization

MOST_IN_A_TURN = 20


@dataclass(frozen=True)
class Announcement:
    """What an event says: words for people, and `data` for machines. Counts, money, ids and a link: no PHI."""

    headline: str
    lines: Sequence[str]
    link: str
    data: dict[str, Any]


def queue_mail(
    template: str,
    *,
    about: str,
    recipient: Membership,
    context: dict[str, Any],
    attachment_sha256: str = "",
    attachment_name: str = "",
    not_before: datetime | None = None,
) -> Outbox:
    """The one mail of this template about this thing to this member, queued in the open transaction.

    `context` holds words, counts, money and links, never PHI. A message that is there already stays as it is.
    """
    now, practice = clock.now(), bound_organization()
    message: Outbox
    message, new = Outbox.objects.get_or_create(
        kind=Kind.MAIL,
        template=template,
        about=about,
        recipient=recipient,
        defaults={
            "context": context,
            "attachment_sha256": attachment_sha256,
            "attachment_name": attachment_name,
            "message_id": f"<{_digest(practice, template, about, str(recipient.pk))}@{mail.mail_domain()}>",
            "state": _first_state(practice),
            "not_before": not_before or now,
            "queued_at": now,
        },
    )
    if new:
        stages.nudge()
    return message


def queue_to(endpoint: Endpoint, event: str, *, about: str, context: dict[str, Any]) -> Outbox:
    """The one message of this event about this thing to this endpoint, queued in the open transaction.

    `context` as `announce` makes it. A message that is there already stays as it is.
    """
    now, practice = clock.now(), bound_organization()
    message: Outbox
    message, new = Outbox.objects.get_or_create(
        endpoint=endpoint,
        template=event,
        about=about,
        defaults={
            "kind": endpoint.kind,
            "context": context,
            "message_id": f"msg_{_digest(practice, event, about, str(endpoint.public_id))}",
            "state": _first_state(practice),
            "not_before": now,
            "queued_at": now,
        },
    )
    if new:
        stages.nudge()
    return message


def announce(event: Event, *, about: str, said: Announcement) -> int:
    """Queue the event to each endpoint that asks for it, a paused one too; how many."""
    context = {"headline": said.headline, "lines": list(said.lines), "link": said.link, "data": said.data}
    told = [endpoint for endpoint in queries.endpoints() if event in endpoint.events]
    for endpoint in told:
        queue_to(endpoint, event, about=about, context=context)
    return len(told)


def _first_state(practice: Organization) -> OutboxState:
    """A message of invented claims is there to be looked at, and goes to nobody."""
    return OutboxState.WITHHELD if practice.is_sample else OutboxState.QUEUED


def _digest(practice: Organization, *parts: str) -> str:
    """The same for the same message for ever, and telling nothing of it."""
    said = "|".join((str(practice.public_id), *parts))
    return hashlib.sha256(said.encode()).hexdigest()[:40]


def send(message_id: int) -> bool:
    """Take one message as far as it goes now; False when there was nothing to do.

    The caller alone works on the row. Found SUBMITTING, it was left by a worker that is gone and may have arrived: it
    is handed over again to a receiver that knows repeats, and else parked as UNKNOWN. Found PREPARING, nothing of it
    has left this house and it goes on.
    """
    with transaction.atomic():
        message = _claim(message_id)
    if message is None or message.state == OutboxState.UNKNOWN:
        return message is not None
    crash.point("after_claim")
    try:
        _deliver(message)
    except NotSent as exc:
        _finish(message, exc.ending)
    return True


def send_to(endpoint_id: int) -> bool:
    """Hand over what is due at an endpoint, in its order, until a try fails; False when there was nothing to do.

    The caller alone works on the endpoint, so one that is slow keeps no second worker from the others.
    """
    took = False
    for _turn in range(MOST_IN_A_TURN):
        with transaction.atomic():
            first = queries.due_at(endpoint_id).first()
        if first is None or not send(first.pk):
            return took
        took = True
    return took


def _claim(message_id: int) -> Outbox | None:
    """The message, now PREPARING, or UNKNOWN when it was left in the middle of submitting; None when it is not due."""
    message: Outbox = Outbox.objects.select_related("recipient__user", "endpoint").get(pk=message_id)
    if message.state == OutboxState.SUBMITTING and not TRANSPORTS[message.kind].repeatable:
        _write_ending(message, Ending(OutboxState.UNKNOWN, "worker_lost"))
        return message
    waiting = message.state == OutboxState.QUEUED and message.not_before <= clock.now()
    if not waiting and message.state not in ON_THE_WAY:
        return None
    found = message.state
    message.state, message.attempts = OutboxState.PREPARING, message.attempts + 1
    won = _rows(message).filter(state=found).update(state=message.state, attempts=message.attempts)
    return message if won else None


def _deliver(message: Outbox) -> None:
    """Write the message and hand it over; NotSent where that ends early."""
    if message.attempts > most_attempts(message.kind):
        raise NotSent(OutboxState.FAILED, "too_many_attempts")
    with transaction.atomic():
        prepared = TRANSPORTS[message.kind].prepare(message)
    with prepared.opened() as hand_over:
        if not _mark_submitting(message):
            return
        crash.point("before_smtp")
        message.provider_id = hand_over()
        crash.point("after_smtp_250")
        _finish(message, Ending(OutboxState.SENT))


def _mark_submitting(message: Outbox) -> bool:
    """From here on a loss of this worker leaves the outcome unknown."""
    with transaction.atomic():
        return bool(_rows(message).filter(state=OutboxState.PREPARING).update(state=OutboxState.SUBMITTING))


def _finish(message: Outbox, ending: Ending) -> None:
    with transaction.atomic():
        _write_ending(message, after(ending, message.kind, message.attempts))
        if ending.state == OutboxState.QUEUED:
            stages.nudge()


def _write_ending(message: Outbox, ending: Ending) -> None:
    now, jitter = clock.now(), secrets.randbelow(1000) / 1000
    message.state = ending.state
    values: dict[str, Any] = {"state": ending.state, "error_code": ending.code}
    if ending.state == OutboxState.QUEUED:
        wait = wait_seconds(message.kind, message.attempts, jitter, ending.asked_wait)
        values["not_before"] = now + timedelta(seconds=wait)
    if ending.state == OutboxState.SENT:
        values |= {"sent_at": now, "provider_id": message.provider_id}
    # What a try knows of its own ending beats the guess of whoever held it for lost meanwhile.
    _rows(message).filter(state__in=(*ON_THE_WAY, OutboxState.UNKNOWN)).update(**values)
    Attempt.objects.create(message=message, at=now, result=ending.result, detail=ending.code)
    if message.endpoint_id is not None:
        _note_health(message, health_after(message.endpoint.failures, ending, now=now, jitter=jitter), now)


def _note_health(message: Outbox, health: Health, now: datetime) -> None:
    """The endpoint's health after a try; those who keep channels are told by mail when it is stopped."""
    values: dict[str, Any] = {"failures": health.failures, "resting_until": health.resting_until}
    if not health.failures:
        values["last_sent_at"] = now
    endpoint = Endpoint.objects.filter(pk=message.endpoint_id)
    endpoint.update(**values)
    stopped = {"state": EndpointState.STOPPED, "stopped_because": health.stopped_because}
    if health.stopped_because and endpoint.filter(state=EndpointState.ACTIVE).update(**stopped):
        _tell_keepers(message.endpoint, health.stopped_because, now)


def _tell_keepers(endpoint: Endpoint, because: str, now: datetime) -> None:
    context = {
        "name": endpoint.name,
        "because": "it says that it is gone for good" if because == GONE else "a message failed at every try",
        "link": f"{settings.PORTAL_BASE_URL}/portal/channels/{endpoint.public_id}/",
    }
    for member in active_members():
        if Right.CONNECT in member.rights:
            about = f"{endpoint.public_id}:{now:%Y%m%dT%H%M%S}"
            queue_mail("endpoint_stopped", about=about, recipient=member, context=context)


def retry_message(message: Outbox, *, actor: str) -> Outbox:
    """A parked message is queued again, by somebody who has decided so; Conflict when it is not parked."""
    now = clock.now()
    with transaction.atomic():
        again = {"state": OutboxState.QUEUED, "attempts": 0, "not_before": now, "error_code": ""}
        if not _rows(message).filter(state__in=MAY_BE_RETRIED).update(**again):
            raise Conflict("not_parked", "only a message that failed, or whose outcome is unknown, can be sent again")
        Attempt.objects.create(message=message, at=now, result="requeued", detail=actor[:60])
        stages.nudge()
    message.refresh_from_db()
    return message


def _rows(message: Outbox) -> Any:
    return Outbox.objects.filter(pk=message.pk)
