"""What a mail provider says later, as it says it: signed, once, and about one message."""

import base64
import json
import logging

import pytest
from django.test import Client

from tests.factories import organization
from upstream.core import tenancy
from upstream.core.errors import Conflict, Invalid
from upstream.delivery import addresses
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Address, MailWord, Outbox, StrayWord
from upstream.delivery.services import queue_mail, retry_message, send
from upstream.tenants.models import Membership, Organization

HOOK = "/hooks/mail/postmark/"
SECRET = "upstream:a long secret for the provider"
THEIR_ID = "883953f4-6105-42a2-a16a-77a8eac79483"


@pytest.fixture
def sent(message: Outbox, practice: Organization, settings) -> Outbox:
    """A mail that the provider has taken, by its own id and by ours."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    Outbox.objects.filter(pk=message.pk).update(state=OutboxState.SENT, provider_id=THEIR_ID)
    return message


def word(kind: str, type_: str = "", *, ours: Outbox | None = None, practice: Organization | None = None, **more):
    said = {
        "RecordType": kind, "MessageID": THEIR_ID, "ID": 42, "Email": "dana@hillside.example", "Type": type_,
        "BouncedAt": "2026-03-02T10:00:00Z", **more,
    }  # fmt: skip
    if ours is not None and practice is not None:
        said["Metadata"] = {"practice": practice.public_id.hex, "message": ours.message_id}
    return said


def post(body: object, secret: str = SECRET, path: str = HOOK) -> int:
    """What the provider gets as an answer; the hook is called as from outside, with no practice bound."""
    with tenancy._within(tenancy.UNBOUND):
        sign = "Basic " + base64.b64encode(secret.encode()).decode()
        client = Client(raise_request_exception=False)
        answer = client.post(path, json.dumps(body), "application/json", headers={"Authorization": sign})
    return answer.status_code


def state_of(message: Outbox) -> tuple[str, str]:
    return Outbox.objects.values_list("state", "error_code").get(pk=message.pk)


@pytest.mark.parametrize("by", ["our id", "their id"])
def test_a_hard_bounce_fails_the_message_and_stops_the_address(sent, practice, manager, by: str):
    ours = {"ours": sent, "practice": practice, "MessageID": "another"} if by == "our id" else {}
    assert post(word("Bounce", "HardBounce", **ours)) == 200
    assert state_of(sent) == (OutboxState.FAILED, "bounced")
    assert addresses.stopped()[manager.pk].stopped_because == "bounced"
    later = queue_mail("note", about="note:2", recipient=manager, context={})
    send(later.pk)
    assert state_of(later) == (OutboxState.FAILED, "address_stopped")


@pytest.mark.parametrize(
    ("said", "state", "stopped", "soft"),
    [
        (word("Delivery", DeliveredAt="2026-03-02T10:00:00Z"), (OutboxState.SENT, ""), "", 0),
        (word("Bounce", "SoftBounce"), (OutboxState.SENT, ""), "", 1),
        (word("Bounce", "Transient"), (OutboxState.SENT, ""), "", 1),
        (word("Bounce", "Blocked"), (OutboxState.SENT, ""), "", 1),
        (word("SpamComplaint", "SpamComplaint"), (OutboxState.SENT, ""), "complained", 0),
        (word("Bounce", "BadEmailAddress"), (OutboxState.FAILED, "bounced"), "bounced", 0),
    ],
)
def test_each_word_has_its_own_consequence(sent, manager, said, state, stopped: str, soft: int):
    assert post(said) == 200
    (address,) = Address.objects.all()
    assert state_of(sent) == state
    assert (address.stopped_because, address.soft_in_a_row) == (stopped, soft)


def test_the_same_word_again_changes_nothing(sent, manager):
    for _ in range(3):
        assert post(word("Bounce", "SoftBounce")) == 200
    assert (Address.objects.get().soft_in_a_row, MailWord.objects.count()) == (1, 1)
    addresses_before = Address.objects.values().get()
    assert post(word("Bounce", "SoftBounce")) == 200
    assert Address.objects.values().get() == addresses_before


def test_a_replayed_bounce_does_not_undo_what_a_person_decided(sent, manager):
    post(word("Bounce", "HardBounce"))
    addresses.lift(manager, reason="new mailbox", actor="user:x")
    retry_message(Outbox.objects.get(pk=sent.pk), actor="user:x")
    post(word("Bounce", "HardBounce"))
    assert addresses.stopped() == {}
    assert state_of(sent) == (OutboxState.QUEUED, "")


def test_a_message_of_unknown_outcome_is_known_to_have_arrived(sent):
    Outbox.objects.filter(pk=sent.pk).update(state=OutboxState.UNKNOWN, error_code="worker_lost")
    post(word("Delivery", DeliveredAt="2026-03-02T10:00:00Z"))
    assert state_of(sent) == (OutboxState.SENT, "")


@pytest.mark.parametrize("kind", ["Open", "Click", "SubscriptionChange"])
def test_what_people_do_with_mail_is_nobodys_business(sent, kind: str):
    assert post(word(kind, SuppressSending=False)) == 200
    assert (MailWord.objects.count(), Address.objects.count(), StrayWord.objects.count()) == (0, 0, 0)


def test_a_word_on_an_unknown_message_is_kept_and_harmless(sent, manager, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(2):
        assert post(word("Bounce", "HardBounce", MessageID="00000000-nobody")) == 200
    (stray,) = StrayWord.objects.all()
    assert (stray.provider, stray.fate, len(stray.key)) == ("Postmark", "bounced", 64)
    assert addresses.stopped() == {}
    assert "hillside" not in caplog.text
    assert "00000000-nobody" not in caplog.text


def test_another_practices_message_is_found_where_it_is(sent, manager, practice):
    with tenancy._within(tenancy.UNBOUND):
        other = organization("otherside")
    assert post(word("Bounce", "HardBounce", ours=sent, practice=other)) == 200
    assert (state_of(sent), StrayWord.objects.count()) == ((OutboxState.SENT, ""), 1)


@pytest.mark.parametrize(
    ("secret", "path", "status"),
    [
        ("upstream:wrong", HOOK, 400), (SECRET, "/hooks/mail/sendgrid/", 404), (SECRET, "/hooks/mail/base/", 404),
        (SECRET, "/hooks/mail/amazon_ses/", 404),
    ],
)  # fmt: skip
def test_only_the_provider_that_takes_our_mail_is_heard(sent, secret: str, path: str, status: int):
    assert post(word("Bounce", "HardBounce"), secret, path) == status
    assert (MailWord.objects.count(), StrayWord.objects.count()) == (0, 0)


def test_nothing_is_heard_while_nothing_proves_who_speaks(sent, settings):
    settings.ANYMAIL = {}
    assert post(word("Bounce", "HardBounce")) == 404
    settings.EMAIL_BACKEND = "upstream.delivery.backends.SmtpBackend"
    assert post(word("Bounce", "HardBounce")) == 404


def test_a_person_lets_mail_go_on_with_a_reason_and_may_take_that_back(sent, manager: Membership):
    post(word("SpamComplaint", "SpamComplaint"))
    with pytest.raises(Invalid, match="say in at most"):
        addresses.lift(manager, reason=" ", actor="user:x")
    addresses.lift(manager, reason="they asked for it", actor="user:x")
    assert addresses.is_stopped(manager) is False
    with pytest.raises(Conflict, match="already"):
        addresses.lift(manager, reason="again", actor="user:x")
    addresses.stop_again(manager, actor="user:x")
    assert Address.objects.values_list("stopped_because", "lifted_because").get() == ("complained", "")
    with pytest.raises(Conflict, match="nothing was lifted"):
        addresses.stop_again(manager, actor="user:x")
