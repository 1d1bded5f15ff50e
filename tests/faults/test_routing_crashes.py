"""Killed while it is decided who is told, or while that is handed over: each is told once all the same."""

from datetime import date, datetime

import pytest
import redis
from django.conf import settings as configured
from django.db import transaction
from pytest_django import Settings

from tests.factories import endpoint, findings, member, organization, payer
from tests.faults.commands import KILLED, begin, ended, wait_until_gone
from upstream.alerts import services as alerts
from upstream.alerts.life_rules import Snooze
from upstream.alerts.models import Incident
from upstream.core import tenancy
from upstream.delivery.models import Outbox
from upstream.routing.choices import NoticeKind
from upstream.routing.models import Decision, Notice
from upstream.tenants.models import Organization
from upstream.tenants.queries import active_members

NOW = "2026-03-09T15:00:00+00:00"
DONE = {"decided": 1, "notices": {"sent"}, "messages": 2}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice() -> Organization:
    """With one incident that has just opened, a manager and a channel that is paused; its rows are committed."""
    made = organization()
    with tenancy.bind(made.pk), transaction.atomic():
        member()
        endpoint(state="paused")
        findings.opening(findings.incident(payer("Summit Mutual"), findings.run()))
    return made


def work(practice: Organization, *expected: int, **changes: str) -> None:
    ended(begin("work", "--once", "--tenant", practice.slug, **{"UPSTREAM_NOW": NOW, **changes}), *expected)


def left(practice: Organization) -> dict[str, object]:
    """What there is of the incident; what is told of Upstream's own troubles stands beside it."""
    with tenancy.bind(practice.pk), transaction.atomic():
        return {
            "decided": Decision.objects.count(),
            "notices": set(Notice.objects.filter(kind=NoticeKind.OPENED).values_list("state", flat=True)),
            "messages": Outbox.objects.filter(about__startswith=str(Incident.objects.get().public_id)).count(),
        }


@pytest.mark.parametrize(
    ("point", "after"),
    [
        ("after_routing", {"decided": 0, "notices": set(), "messages": 0}),
        ("before_let_go_commit:1", {"decided": 1, "notices": {"queued"}, "messages": 0}),
        ("before_let_go_commit:2", {"decided": 1, "notices": {"queued", "sent"}, "messages": 1}),
    ],
)
def test_a_kill_loses_and_doubles_nothing(practice: Organization, point: str, after: dict[str, object]) -> None:
    work(practice, KILLED, UPSTREAM_CRASH_AT=point)
    assert left(practice) == after
    wait_until_gone()
    work(practice)
    assert left(practice) == DONE
    work(practice)
    assert left(practice) == DONE


def messages(practice: Organization, template: str) -> int:
    """Of the incident; what is told of Upstream's own troubles stands beside it."""
    with tenancy.bind(practice.pk), transaction.atomic():
        about = str(Incident.objects.get().public_id)
        return Outbox.objects.filter(about__startswith=about, template=template).count()


def killed_then_done(practice: Organization, point: str, now: str, template: str) -> None:
    """Nothing was said when the worker was killed there; the next one says it, and the one after that no more."""
    work(practice, KILLED, UPSTREAM_CRASH_AT=point, UPSTREAM_NOW=now)
    assert messages(practice, template) == 0
    wait_until_gone()
    for _worker in range(2):
        work(practice, UPSTREAM_NOW=now)
        assert messages(practice, template) == 1


def test_a_kill_while_a_closing_is_decided(practice: Organization) -> None:
    work(practice)
    with tenancy.bind(practice.pk), transaction.atomic():
        alerts.move(Incident.objects.get(), to_state="resolved", outcome="payer_change", actor="user:1")
    killed_then_done(practice, "after_routing", "2026-03-09T16:00:00+00:00", NoticeKind.CLOSED)


def test_a_kill_while_a_waking_is_decided(practice: Organization, settings: Settings) -> None:
    work(practice)
    settings.FIXED_NOW = datetime.fromisoformat(NOW)
    with tenancy.bind(practice.pk), transaction.atomic():
        owner = active_members().get()
        alerts.assign(Incident.objects.get(), member=owner, actor="user:1")
        alerts.snooze(Incident.objects.get(), asked=Snooze(until=date(2026, 3, 10)), actor="user:1")
    killed_then_done(practice, "after_routing", "2026-03-10T15:00:00+00:00", "notice")


def test_an_emptied_redis_between_deciding_and_telling_loses_nothing(practice: Organization) -> None:
    work(practice, KILLED, UPSTREAM_CRASH_AT="before_let_go_commit:1")
    redis.Redis.from_url(configured.REDIS_URL).flushall()
    wait_until_gone()
    for _worker in range(2):
        work(practice)
        assert left(practice) == DONE


def test_two_workers_at_once_tell_once(practice: Organization) -> None:
    both = [begin("work", "--once", "--tenant", practice.slug, UPSTREAM_NOW=NOW) for _ in range(2)]
    for worker in both:
        ended(worker)
    work(practice)
    assert left(practice) == DONE
