"""Many notices become one digest mail, wherever the worker is killed: each of them is told once, in one mail."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings as configured
from django.db import transaction
from pytest_django import Settings

from tests.factories import NOON, findings, member, organization, payer
from tests.factories.telling import tell_all
from tests.faults.commands import KILLED, begin, ended, wait_until_gone
from upstream.core import tenancy
from upstream.delivery.choices import OutboxState
from upstream.delivery.models import Outbox
from upstream.routing.choices import Channel, NoticeState
from upstream.routing.models import Notice, Policy
from upstream.tenants.models import Organization

MANY = 12
MORNING = (NOON + timedelta(hours=2)).isoformat()
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice(settings: Settings) -> Iterator[Organization]:
    """Twelve incidents of medium severity wait for the morning, for one manager."""
    settings.FIXED_NOW = NOON
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        Policy.objects.create(weekly_budget=0)
        member(email="dana@hillside.example")
        run, summit = findings.run(), payer("Summit Mutual")
        for number in range(MANY):
            incident = findings.incident(summit, run, title=f"Change {number}", severity="medium", claims_cents=number)
            findings.opening(incident)
        tell_all()
    with tenancy.bind(made.pk):
        yield made


def work(practice: Organization, *expected: int, **changes: str) -> None:
    ended(begin("work", "--once", "--tenant", practice.slug, **{"UPSTREAM_NOW": MORNING, **changes}), *expected)


def waiting() -> int:
    with transaction.atomic():
        return int(Notice.objects.filter(channel=Channel.MAIL, state=NoticeState.DIGEST).count())


def arrived(settings: Settings) -> list[str]:
    """The subjects of digests that came, in the folder of mails."""
    texts = [path.read_text() for path in Path(settings.VAR_DIR / "mail").glob("*.eml")]
    return [text for text in texts if f"{MANY} things to know" in text]


def told() -> tuple[object, ...]:
    """How many notices are told, in how many messages, and how the digest's mail stands."""
    with transaction.atomic():
        sent = Notice.objects.filter(channel=Channel.MAIL, state=NoticeState.SENT, at_once=False).count()
        mail = Outbox.objects.filter(template="digest")
        return sent, [len(one.context["items"]) for one in mail], list(mail.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("point", "left", "mail", "came"),
    [
        ("before_let_go_commit", MANY, OutboxState.SENT, 1),
        ("after_claim", 0, OutboxState.SENT, 1),
        ("before_smtp", 0, OutboxState.UNKNOWN, 0),
        ("after_smtp_250", 0, OutboxState.UNKNOWN, 1),
    ],
)
def test_a_kill_makes_no_second_digest_and_loses_no_notice(
    practice: Organization, settings: Settings, point: str, left: int, mail: str, came: int
) -> None:
    assert waiting() == MANY
    work(practice, KILLED, UPSTREAM_CRASH_AT=point)
    assert waiting() == left
    wait_until_gone()
    for _again in range(2):
        work(practice)
        assert told() == (MANY, [MANY], [mail])
        assert len(arrived(settings)) == came


def test_two_workers_and_an_emptied_redis_make_one_digest(practice: Organization, settings: Settings) -> None:
    redis.Redis.from_url(configured.REDIS_URL).flushall()
    both = [begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=MORNING) for _ in range(2)]
    for worker in both:
        ended(worker)
    work(practice)
    assert told() == (MANY, [MANY], [OutboxState.SENT])
    assert len(arrived(settings)) == 1
