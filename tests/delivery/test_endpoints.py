"""Messages to other systems: each arrives once by its id, or lies where a person sees it, with the reason."""

import json
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.delivery.receiver import Receiver, receiving
from tests.factories import endpoint
from upstream.core import clock
from upstream.core.errors import Conflict
from upstream.delivery import endpoints
from upstream.delivery.choices import EndpointState, Event, Kind, OutboxState
from upstream.delivery.models import Endpoint, Outbox
from upstream.delivery.services import Announcement, announce, retry_message, send_to
from upstream.delivery.stage import ENDPOINTS
from upstream.delivery.transports import web

SAID = Announcement("One <new> incident", ["Claims so far: 14"], "https://practice.example/i/1/", {"incident": "i-1"})


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    with receiving() as told:
        yield told


def tell(about: str = "incident:1", event: Event = Event.INCIDENT_OPENED) -> int:
    return announce(event, about=about, said=SAID)


def state_of(message: Outbox) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.error_code


def awake(made: Endpoint) -> None:
    """Its rest and the waits of its messages are over."""
    Endpoint.objects.filter(pk=made.pk).update(resting_until=None)
    Outbox.objects.update(not_before=clock.now() - timedelta(seconds=1))


def test_a_message_arrives_signed_and_once(practice, receiver):
    made = endpoint(url=receiver.url)
    tell()
    tell()

    assert list(ENDPOINTS.ready()) == [made.pk]
    assert ENDPOINTS.take(made.pk) is True
    assert ENDPOINTS.take(made.pk) is False

    [(headers, body)] = receiver.got
    kept = Outbox.objects.get()
    said = Webhook(endpoints.secret_of(made)).verify(body, headers)
    at = kept.queued_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    assert said == {"type": "incident.opened", "timestamp": at, "data": {"incident": "i-1"}}
    assert headers["webhook-id"] == kept.message_id
    assert headers["content-type"] == "application/json"
    assert state_of(kept) == (OutboxState.SENT, "")
    assert list(ENDPOINTS.ready()) == []


def test_a_changed_body_or_another_secret_is_refused_by_the_receiver(practice, receiver):
    made = endpoint(url=receiver.url)
    tell()
    send_to(made.pk)
    [(headers, body)] = receiver.got
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoints.secret_of(made)).verify(body.replace(b"i-1", b"i-2"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").verify(body, headers)


def test_during_a_change_of_secret_both_sign_and_a_day_later_only_the_new_one(practice, receiver):
    made = endpoint(url=receiver.url)
    former = endpoints.secret_of(made)
    endpoints.new_secret(made)
    tell("incident:1")
    send_to(made.pk)
    Endpoint.objects.update(former_until=clock.now())
    tell("incident:2")
    send_to(made.pk)

    (first, body), (second, later) = receiver.got
    made.refresh_from_db()
    new = endpoints.secret_of(made)
    assert new != former
    assert Webhook(former).verify(body, first) == Webhook(new).verify(body, first)
    assert Webhook(new).verify(later, second)["type"] == "incident.opened"
    with pytest.raises(WebhookVerificationError):
        Webhook(former).verify(later, second)


def test_only_what_is_asked_for_is_told(practice, receiver):
    made = endpoint(url=receiver.url)
    Endpoint.objects.update(events=[Event.REPORT_READY])
    assert tell() == 0
    assert tell(event=Event.REPORT_READY) == 1
    assert [m.endpoint_id for m in Outbox.objects.all()] == [made.pk]


@pytest.mark.parametrize(
    ("status", "headers", "code", "least_wait"),
    [
        (500, {}, "http_500", 5),
        (302, {"Location": "http://169.254.169.254/"}, "http_302", 5),
        (404, {}, "http_404", 5),
        (429, {"Retry-After": "120"}, "http_429", 120),
        (503, {"Retry-After": "Thu, 31 Dec 2037 23:59:59 GMT"}, "http_503", 5),
    ],
)
def test_another_answer_than_success_is_tried_again_later(practice, receiver, status, headers, code, least_wait):
    made = endpoint(url=receiver.url)
    tell()
    receiver.answers = [(status, headers)]
    before = clock.now()
    send_to(made.pk)
    kept = Outbox.objects.get()
    assert state_of(kept) == (OutboxState.QUEUED, code)
    assert least_wait <= (kept.not_before - before).total_seconds() < least_wait * 1.5 + 5
    awake(made)
    send_to(made.pk)
    assert state_of(kept) == (OutboxState.SENT, "")
    assert receiver.ids() == [kept.message_id] * 2
    assert receiver.got[0][1] == receiver.got[1][1]


def test_an_answer_of_a_hundred_megabytes_is_not_read(practice, receiver):
    made = endpoint(url=receiver.url)
    receiver.flood = 100 << 20
    tell()
    send_to(made.pk)
    assert state_of(Outbox.objects.get()) == (OutboxState.SENT, "")
    assert receiver.poured < 20 << 20


@pytest.mark.parametrize(("kind", "ending"), [("webhook", OutboxState.QUEUED), ("slack", OutboxState.UNKNOWN)])
def test_no_answer_is_repeated_where_repeats_are_known_and_parked_where_not(
    practice, receiver, monkeypatch, kind, ending
):
    monkeypatch.setattr(web, "ANSWER_SECONDS", 0.2)
    receiver.hang = 1.0
    made = endpoint(url=receiver.url, kind=kind)
    tell()
    send_to(made.pk)
    assert state_of(Outbox.objects.get()) == (ending, "no_answer")


@pytest.mark.parametrize(("kind", "ending"), [("webhook", OutboxState.SENT), ("teams", OutboxState.UNKNOWN)])
def test_a_worker_lost_while_it_handed_over(practice, receiver, kind, ending):
    made = endpoint(url=receiver.url, kind=kind)
    tell()
    Outbox.objects.update(state=OutboxState.SUBMITTING, attempts=1)
    assert list(ENDPOINTS.ready()) == [made.pk]
    send_to(made.pk)
    assert state_of(Outbox.objects.get())[0] == ending
    assert len(receiver.got) == (1 if kind == "webhook" else 0)


def test_where_nobody_listens_it_is_tried_later_whatever_the_kind(practice, settings):
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8")]
    made = endpoint(url="http://127.0.0.1:9/told", kind="slack")
    tell()
    send_to(made.pk)
    assert state_of(Outbox.objects.get()) == (OutboxState.QUEUED, "unreachable")


@pytest.mark.parametrize("url", ["https://127.0.0.1/told", "https://169.254.169.254/latest/", "https://[::1]/"])
def test_an_address_that_has_turned_private_is_never_connected_to(practice, settings, url):
    settings.OUTBOUND_ALLOW = []
    made = endpoint(url=url)
    tell()
    send_to(made.pk)
    assert state_of(Outbox.objects.get()) == (OutboxState.QUEUED, "address_refused")


def test_an_endpoint_that_fails_rests_and_the_others_go_on(practice, receiver):
    bad, good = endpoint("Bad", url="http://127.0.0.1:9/"), endpoint("Good", url=receiver.url)
    for number in range(5):
        tell(f"incident:{number}")
    for _round in range(5):
        for ready in list(ENDPOINTS.ready()):
            send_to(ready)
    tried = Outbox.objects.filter(endpoint=bad, attempts__gt=0).count()
    bad.refresh_from_db()
    assert (tried, bad.failures) == (3, 3)
    assert bad.resting_until > clock.now()
    assert set(Outbox.objects.filter(endpoint=good).values_list("state", flat=True)) == {OutboxState.SENT}
    assert len(receiver.got) == 5
    assert list(ENDPOINTS.ready()) == []


def test_one_that_is_gone_is_stopped_its_keepers_are_told_and_new_messages_wait(practice, manager, receiver):
    made = endpoint("Old system", url=receiver.url)
    receiver.answers = [(410, {})]
    tell("incident:1")
    send_to(made.pk)
    tell("incident:2")
    made.refresh_from_db()
    assert (made.state, made.stopped_because) == (EndpointState.STOPPED, "gone")
    assert list(ENDPOINTS.ready()) == []
    mail = Outbox.objects.get(kind=Kind.MAIL)
    assert (mail.template, mail.recipient, mail.context["name"]) == ("endpoint_stopped", manager, "Old system")

    endpoints.switch(made, on=True)
    send_to(made.pk)
    standing = dict(Outbox.objects.filter(endpoint=made).values_list("about", "state"))
    assert standing == {"incident:1": OutboxState.FAILED, "incident:2": OutboxState.SENT}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answers": [(500, {})] * 10}, "http_500"),
        ({"answers": [(302, {"Location": "http://169.254.169.254/latest/meta-data/"})] * 10}, "http_302"),
        ({"hang": 0.4}, "no_answer"),
    ],
)
def test_after_the_last_try_a_message_lies_where_it_can_be_sent_again(practice, receiver, monkeypatch, fault, code):
    monkeypatch.setattr(web, "ANSWER_SECONDS", 0.2)
    made = endpoint(url=receiver.url)
    tell()
    for name, value in fault.items():
        setattr(receiver, name, value)
    for _try in range(10):
        awake(made)
        send_to(made.pk)
    kept = Outbox.objects.get(endpoint=made)
    assert state_of(kept) == (OutboxState.FAILED, code)
    assert [t.detail for t in kept.tries.all()] == [code] * 10
    made.refresh_from_db()
    assert made.state == EndpointState.STOPPED

    monkeypatch.undo()
    receiver.hang = 0.0
    endpoints.switch(made, on=True)
    retry_message(kept, actor="user:1")
    send_to(made.pk)
    assert state_of(kept) == (OutboxState.SENT, "")
    assert set(receiver.ids()) == {kept.message_id}


def test_a_paused_channel_keeps_everything_in_its_order(practice, receiver):
    made = endpoint(url=receiver.url)
    endpoints.switch(made, on=False)
    for number in range(3):
        tell(f"incident:{number}")
    assert list(ENDPOINTS.ready()) == []
    assert send_to(made.pk) is False
    with pytest.raises(Conflict, match="switch the channel on first"):
        endpoints.send_test(made)
    endpoints.switch(made, on=True)
    assert send_to(made.pk) is True
    assert receiver.ids() == [m.message_id for m in Outbox.objects.order_by("pk")]


def test_slack_is_written_to_in_its_own_way(practice, receiver):
    made = endpoint(url=receiver.url, kind="slack")
    tell()
    send_to(made.pk)
    [(headers, body)] = receiver.got
    text = "*One &lt;new&gt; incident*\nClaims so far: 14\n<https://practice.example/i/1/|Open in Upstream>"
    assert json.loads(body) == {"text": text}
    assert "webhook-signature" not in headers


def test_teams_gets_a_card(practice, receiver):
    made = endpoint(url=receiver.url, kind="teams")
    tell()
    send_to(made.pk)
    card = json.loads(receiver.got[0][1])["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in card["content"]["body"]] == ["One <new> incident", "Claims so far: 14"]
    assert card["content"]["actions"][0]["url"] == "https://practice.example/i/1/"


def test_a_test_says_only_that_it_is_one(practice, receiver):
    made = endpoint(url=receiver.url)
    endpoints.send_test(made)
    send_to(made.pk)
    said = json.loads(receiver.got[0][1])
    assert said["type"] == "endpoint.test"
    assert said["data"] == {"link": f"http://127.0.0.1:8000/portal/channels/{made.public_id}/"}
