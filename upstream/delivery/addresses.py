"""Addresses that mail came back from: who gets none any more, why, and how a person lets it go on."""

from upstream.core import clock
from upstream.core.errors import Conflict, Invalid
from upstream.delivery.choices import MailFate
from upstream.delivery.models import Address
from upstream.tenants.models import Membership

WORDS: dict[str, str] = {MailFate.BOUNCED: "came back", MailFate.COMPLAINED: "was called unwanted"}
STOPS = frozenset(WORDS)
LONGEST_REASON = 200


def note(recipient: Membership, fate: str) -> None:
    """The address's state after one more word of the provider on mail to it, in the open transaction."""
    address, _ = Address.objects.select_for_update().get_or_create(recipient=recipient)
    if fate == MailFate.DELIVERED:
        address.soft_in_a_row = 0
    elif fate == MailFate.DEFERRED:
        address.soft_in_a_row += 1
    elif fate in STOPS and address.stopped_because == "":
        address.stopped_because, address.stopped_at = fate, clock.now()
    address.last_word_at = clock.now()
    address.save()


def is_stopped(recipient: Membership) -> bool:
    """Whether no mail goes to this member."""
    return Address.objects.filter(recipient=recipient).exclude(stopped_because="").exists()


def stopped() -> dict[int, Address]:
    """By membership, the addresses that get no mail."""
    rows = Address.objects.exclude(stopped_because="").select_related("recipient__user")
    return {row.recipient_id: row for row in rows}


def why_stopped(recipient: Membership) -> str:
    """Why no mail goes to this member, in words; "" where it does."""
    address = Address.objects.filter(recipient=recipient).exclude(stopped_because="").first()
    return WORDS[address.stopped_because] if address is not None else ""


def known() -> dict[int, Address]:
    """By membership, every address of which a provider has said something."""
    return {row.recipient_id: row for row in Address.objects.all()}


def lift(recipient: Membership, *, reason: str, actor: str) -> Address:
    """Mail goes to this member again. Invalid without a reason, Conflict where mail goes there anyway."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"say in at most {LONGEST_REASON} letters why mail will arrive now")
    address = Address.objects.select_for_update().filter(recipient=recipient).exclude(stopped_because="").first()
    if address is None:
        raise Conflict("not_stopped", "mail goes to this person already")
    address.lifted_because, address.lifted_by, address.lifted_at = reason, actor[:80], clock.now()
    address.was_stopped_because, address.stopped_because, address.stopped_at = address.stopped_because, "", None
    address.soft_in_a_row = 0
    address.save()
    return address


def stop_again(recipient: Membership, *, actor: str) -> Address:
    """What was lifted is taken back; Conflict where nothing was."""
    address = Address.objects.select_for_update().filter(recipient=recipient).exclude(was_stopped_because="").first()
    if address is None or address.stopped_because:
        raise Conflict("not_lifted", "nothing was lifted here")
    address.stopped_because, address.stopped_at = address.was_stopped_because, clock.now()
    address.lifted_because, address.lifted_by, address.lifted_at = "", actor[:80], None
    address.save()
    return address
