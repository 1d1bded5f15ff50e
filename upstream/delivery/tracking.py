"""What a mail provider says of mail after it took it: delivered, deferred, bounced, complained about.

A word is kept once, whatever the number of times it is sent, and none of them names an address in a log. A word on a
message that nobody here knows is kept too, by a digest of its id.
"""

import hashlib
from typing import Any

import structlog
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.db import transaction

from upstream.core import clock, tenancy
from upstream.delivery import addresses
from upstream.delivery.choices import MailFate, OutboxState
from upstream.delivery.models import MailWord, Outbox, StrayWord
from upstream.tenants.queries import organizations, practice_with

log = structlog.get_logger(__name__)
FATES = {
    EventType.DELIVERED: MailFate.DELIVERED,
    EventType.DEFERRED: MailFate.DEFERRED,
    EventType.BOUNCED: MailFate.BOUNCED,
    EventType.REJECTED: MailFate.BOUNCED,
    EventType.FAILED: MailFate.FAILED,
    EventType.COMPLAINED: MailFate.COMPLAINED,
}
# Said of an address that may take mail another time.
SOFT_REASONS = frozenset({RejectReason.TIMED_OUT, RejectReason.BLOCKED, RejectReason.OTHER})
SOFT_WORDS = ("soft", "transient", "temporary")
KIND_FIELDS = ("Type", "type", "event", "bounceType", "bounce_type", "bounceSubType")
PRACTICE, MESSAGE = "practice", "message"


def receive(event: AnymailTrackingEvent, esp_name: str, **_: object) -> None:
    """One word of a provider is kept, and the message and the address know it; nothing changes at the second time."""
    fate = fate_of(event)
    if fate is None:
        return
    key = _digest(esp_name, event.event_id or "", event.message_id or "", event.event_type, str(event.timestamp or ""))
    found = _practice_of(event)
    for tenant_id in [found] if found else _tenants():
        with tenancy.bind(tenant_id), transaction.atomic():
            message = _message(event)
            if message is not None:
                _keep(message, fate, key, event)
                return
    StrayWord.objects.get_or_create(key=key, defaults={"provider": esp_name[:20], "fate": fate, "at": clock.now()})
    log.info("word on a message that nobody here knows", provider=esp_name, fate=str(fate))


def fate_of(event: AnymailTrackingEvent) -> MailFate | None:
    """What the word comes to; None for opens, clicks and other things that we do not want to know."""
    fate = FATES.get(event.event_type)
    if event.event_type in (EventType.BOUNCED, EventType.REJECTED):
        if event.reject_reason == RejectReason.SPAM:
            return MailFate.COMPLAINED
        if event.reject_reason in SOFT_REASONS or _says_soft(event.esp_event):
            return MailFate.DEFERRED
    return fate


def _says_soft(said: Any) -> bool:
    """Whether the provider's own word for the kind is one for a passing fault; anymail has one word for both."""
    if not hasattr(said, "get"):
        return False
    inner = said.get("bounce")
    kinds = [said.get(name) for name in KIND_FIELDS]
    kinds += [inner.get(name) for name in KIND_FIELDS] if hasattr(inner, "get") else []
    return any(word in str(kind or "").lower() for kind in kinds for word in SOFT_WORDS)


def _keep(message: Outbox, fate: MailFate, key: str, event: AnymailTrackingEvent) -> None:
    code = str(event.reject_reason or event.event_type)[:30]
    values = {"message": message, "fate": fate, "code": code, "at": clock.now()}
    _, new = MailWord.objects.get_or_create(key=key, defaults=values)
    if not new:
        return
    rows = Outbox.objects.filter(pk=message.pk)
    if fate == MailFate.DELIVERED:
        rows.filter(state=OutboxState.UNKNOWN).update(state=OutboxState.SENT, sent_at=clock.now(), error_code="")
    elif fate in (MailFate.BOUNCED, MailFate.FAILED):
        given = (OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.SUBMITTING)
        rows.filter(state__in=given).update(state=OutboxState.FAILED, error_code=str(fate))
    addresses.note(message.recipient, fate)


def _message(event: AnymailTrackingEvent) -> Outbox | None:
    """The mail of the bound practice by our own id, else by the provider's."""
    ours = str(_metadata(event).get(MESSAGE, ""))[:120]
    mails = Outbox.objects.select_related("recipient").filter(recipient__isnull=False)
    if ours:
        return mails.filter(message_id=ours).first()
    return mails.filter(provider_id=event.message_id[:200]).first() if event.message_id else None


def _practice_of(event: AnymailTrackingEvent) -> int | None:
    """The practice that our own words on the message name; None where there are none."""
    return practice_with(str(_metadata(event).get(PRACTICE, "")))


def _tenants() -> list[int]:
    with tenancy.directory(), transaction.atomic():
        return list(organizations().values_list("pk", flat=True))


def _metadata(event: AnymailTrackingEvent) -> dict[str, Any]:
    return dict(event.metadata) if event.metadata else {}


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
