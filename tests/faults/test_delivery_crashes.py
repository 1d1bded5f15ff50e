"""Workers killed at every point of handing messages to endpoints, Redis emptied, one endpoint that fails beside one
that works: every message arrives by its id, the receivers that know repeats see them under the same id, and what may
have arrived at one that does not is parked with the reason. What fails is itself told, once."""

import json
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_network

import pytest
import redis
from django.conf import settings as configured
from django.db import transaction

from tests import factories
from tests.delivery.receiver import Receiver, receiving
from tests.faults.commands import KILLED, begin, ended, wait_until_gone
from upstream.core import tenancy
from upstream.delivery.choices import Event, OutboxState
from upstream.delivery.models import Outbox
from upstream.delivery.services import Announcement, announce
from upstream.pipeline import run_to_end
from upstream.tenants.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
LOOPBACK = "127.0.0.0/8"
MESSAGES = 3
INCIDENT, TROUBLE = "One new incident", "A channel does not take messages"


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.OUTBOUND_ALLOW = [ip_network(LOOPBACK)]
    with receiving() as told:
        yield told


@pytest.fixture
def practice(transactional_db) -> Organization:
    return factories.organization("hillside", "Hillside")


def tell(practice: Organization, url: str, kind: str = "webhook") -> None:
    """Three messages for one endpoint, none of them on its way."""
    with tenancy.bind(practice.pk), transaction.atomic():
        factories.endpoint(url=url, kind=kind)
        for number in range(MESSAGES):
            said = Announcement(INCIDENT, ["Claims: 14"], "https://practice.example/", {"incident": number})
            announce(Event.INCIDENT_OPENED, about=f"incident:{number}", said=said)


def heard(receiver: Receiver) -> Counter[str]:
    """What came, by its headline."""
    return Counter(word for _, body in receiver.got for word in (INCIDENT, TROUBLE) if word in body.decode())


def states(practice: Organization) -> list[tuple[str, str]]:
    with tenancy.bind(practice.pk), transaction.atomic():
        rows = Outbox.objects.filter(template=Event.INCIDENT_OPENED).order_by("pk")
        return list(rows.values_list("state", "error_code"))


def finish(practice: Organization) -> None:
    """Another process takes over from one that is gone."""
    wait_until_gone()
    with tenancy.bind(practice.pk):
        run_to_end()


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(("point", "repeats"), [("after_claim", 0), ("before_smtp", 0), ("after_smtp_250", 1)])
def test_a_kill_loses_nothing_and_a_repeat_keeps_its_id(
    practice: Organization, receiver: Receiver, point: str, repeats: int, number: int
) -> None:
    tell(practice, receiver.url)
    ended(begin("work", "--once", UPSTREAM_CRASH_AT=f"{point}:{number}", OUTBOUND_ALLOW=LOOPBACK), KILLED)
    finish(practice)
    assert states(practice) == [(OutboxState.SENT, "")] * MESSAGES
    assert len(set(receiver.ids())) == MESSAGES
    assert len(receiver.ids()) == MESSAGES + repeats


@pytest.mark.parametrize(
    ("point", "arrived", "left"),
    [
        ("after_claim", MESSAGES, (OutboxState.SENT, "")),
        ("before_smtp", MESSAGES - 1, (OutboxState.UNKNOWN, "worker_lost")),
        ("after_smtp_250", MESSAGES, (OutboxState.UNKNOWN, "worker_lost")),
    ],
)
def test_a_chat_that_knows_no_repeats_is_never_told_twice(
    practice: Organization, receiver: Receiver, point: str, arrived: int, left: tuple[str, str]
) -> None:
    tell(practice, receiver.url, kind="slack")
    ended(begin("work", "--once", UPSTREAM_CRASH_AT=point, OUTBOUND_ALLOW=LOOPBACK), KILLED)
    finish(practice)
    assert states(practice) == [left, *[(OutboxState.SENT, "")] * (MESSAGES - 1)]
    assert heard(receiver) == Counter({INCIDENT: arrived, TROUBLE: int(left[0] == OutboxState.UNKNOWN)})
    assert len(receiver.got) == heard(receiver).total()


def test_redis_emptied_loses_no_message(practice: Organization, receiver: Receiver) -> None:
    tell(practice, receiver.url)
    redis.Redis.from_url(configured.REDIS_URL).flushall()
    finish(practice)
    assert states(practice) == [(OutboxState.SENT, "")] * MESSAGES
    assert len(receiver.ids()) == MESSAGES


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answers": [(500, {})] * 20}, "http_500"),
        ({"answers": [(302, {"Location": "http://169.254.169.254/latest/meta-data/"})] * 20}, "http_302"),
        ({"hang": 0.2}, "no_answer"),
    ],
)
def test_one_that_fails_keeps_nothing_from_the_others(practice: Organization, receiver: Receiver, fault, code) -> None:
    with receiving() as bad:
        for name, value in fault.items():
            setattr(bad, name, value)
        tell(practice, bad.url)
        with tenancy.bind(practice.pk), transaction.atomic():
            factories.endpoint(url=receiver.url)
            said = Announcement(INCIDENT, [], "https://practice.example/", {"incident": 9})
            announce(Event.INCIDENT_OPENED, about="incident:9", said=said)
        finish(practice)
        found = states(practice)
    assert found[-1] == (OutboxState.SENT, "")
    assert [state for state in found if state[0] != OutboxState.SENT][0] == (OutboxState.QUEUED, code)
    assert [json.loads(body)["type"] for _, body in receiver.got] == [Event.INCIDENT_OPENED, Event.TROUBLE]


def test_one_that_pours_a_hundred_megabytes_is_told_once_and_holds_nobody_up(
    practice: Organization, receiver: Receiver
) -> None:
    with receiving() as bad:
        bad.flood = 100 << 20
        tell(practice, bad.url)
        with tenancy.bind(practice.pk), transaction.atomic():
            factories.endpoint(url=receiver.url)
            said = Announcement(INCIDENT, [], "https://practice.example/", {"incident": 9})
            announce(Event.INCIDENT_OPENED, about="incident:9", said=said)
        finish(practice)
    assert states(practice) == [(OutboxState.SENT, "")] * (MESSAGES + 2)
    assert (len(set(bad.ids())), len(bad.ids())) == (MESSAGES + 1, MESSAGES + 1)
    assert bad.poured < (MESSAGES + 1) * (20 << 20)
    assert len(receiver.got) == 1
