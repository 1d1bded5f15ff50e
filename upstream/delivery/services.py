"""Messages: queued once in the commit of their cause, and sent at most once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from upstream.core import clock, crash, stages
from upstream.core.errors import Conflict
from upstream.delivery.choices import Kind, OutboxState
from upstream.delivery.models import Attempt, Outbox
from upstream.delivery.queries import ON_THE_WAY
from upstream.delivery.rules import MAY_BE_RETRIED, Ending, NotSent, after, wait_seconds
from upstream.delivery.transports import mail
from upstream.tenants.models import Membership
from upstream.tenants.queries import bound_organization


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
    now = clock.now()
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
            "message_id": _message_id(template, about, recipient),
            "not_before": not_before or now,
            "queued_at": now,
        },
    )
    if new:
        stages.nudge()
    return message


def _message_id(template: str, about: str, recipient: Membership) -> str:
    """The same for the same message for ever, and telling nothing of it."""
    said = "|".join((str(bound_organization().public_id), template, about, str(recipient.pk)))
    return f"<{hashlib.sha256(said.encode()).hexdigest()[:40]}@{mail.mail_domain()}>"


def send(message_id: int) -> bool:
    """Take one message as far as it goes now; False when there was nothing to do.

    The caller alone works on the row. Found SUBMITTING, it was left by a worker that is gone: it may have arrived, so
    it is parked as UNKNOWN. Found PREPARING, nothing of it has left this house and it goes on.
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


def _claim(message_id: int) -> Outbox | None:
    """The message, now PREPARING, or UNKNOWN when it was left in the middle of submitting; None when it is not due."""
    message: Outbox = Outbox.objects.select_related("recipient__user").get(pk=message_id)
    if message.state == OutboxState.SUBMITTING:
        _write_ending(message, Ending(OutboxState.UNKNOWN, "worker_lost"))
        return message
    waiting = message.state == OutboxState.QUEUED and message.not_before <= clock.now()
    if not waiting and message.state != OutboxState.PREPARING:
        return None
    found = message.state
    message.state, message.attempts = OutboxState.PREPARING, message.attempts + 1
    won = _rows(message).filter(state=found).update(state=message.state, attempts=message.attempts)
    return message if won else None


def _deliver(message: Outbox) -> None:
    """Write the mail and hand it over; NotSent where that ends early."""
    if after(Ending(OutboxState.QUEUED), message.attempts - 1).state == OutboxState.FAILED:
        raise NotSent(OutboxState.FAILED, "too_many_attempts")
    with transaction.atomic():
        if not _is_member(message.recipient):
            raise NotSent(OutboxState.FAILED, "not_a_member")
        email = mail.compose(message)
    with mail.opened() as connection:
        if not _mark_submitting(message):
            return
        crash.point("before_smtp")
        mail.hand_over(connection, email)
        crash.point("after_smtp_250")
        _finish(message, Ending(OutboxState.SENT))


def _mark_submitting(message: Outbox) -> bool:
    """From here on a loss of this worker leaves the outcome unknown."""
    with transaction.atomic():
        return bool(_rows(message).filter(state=OutboxState.PREPARING).update(state=OutboxState.SUBMITTING))


def _is_member(recipient: Membership) -> bool:
    return recipient.active and recipient.user.is_active


def _finish(message: Outbox, ending: Ending) -> None:
    with transaction.atomic():
        _write_ending(message, after(ending, message.attempts))
        if ending.state == OutboxState.QUEUED:
            stages.nudge()


def _write_ending(message: Outbox, ending: Ending) -> None:
    now = clock.now()
    message.state = ending.state
    values: dict[str, Any] = {"state": ending.state, "error_code": ending.code}
    if ending.state == OutboxState.QUEUED:
        wait = wait_seconds(message.attempts, secrets.randbelow(1000) / 1000)
        values["not_before"] = now + timedelta(seconds=wait)
    if ending.state == OutboxState.SENT:
        values["sent_at"] = now
    # What a try knows of its own ending beats the guess of whoever held it for lost meanwhile.
    _rows(message).filter(state__in=(*ON_THE_WAY, OutboxState.UNKNOWN)).update(**values)
    Attempt.objects.create(message=message, at=now, result=ending.result, detail=ending.code)


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
