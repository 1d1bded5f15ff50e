"""What was put aside and comes back is told to its owner, once, as every other interruption and never as noise."""

from datetime import date, time, timedelta

import pytest
from pytest_django import Settings

from tests.factories import NOON, endpoint, findings, member
from tests.factories.telling import mails, tell_all
from tests.routing.conftest import opened
from tests.routing.test_mutes import mute
from upstream.alerts import services as alerts
from upstream.alerts.choices import IncidentState
from upstream.alerts.intake import NOT_RETURNED, _step
from upstream.alerts.life_rules import Snooze
from upstream.alerts.models import Incident
from upstream.alerts.stage import WAKING
from upstream.delivery.models import Outbox
from upstream.pipeline import ready, take
from upstream.routing.choices import Channel, NoticeKind, NoticeState, Verdict
from upstream.routing.models import Decision, Notice, Policy, Preference
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership

BACK = date(2026, 3, 20)
MORNING = NOON + timedelta(days=18, hours=3)


@pytest.fixture
def owner(manager: Membership) -> Membership:
    """Who is given incidents here; the manager is there besides."""
    return member(Role.BILLER)


def asleep(owner: Membership, **fields: object) -> Incident:
    """An incident of the owner's that the manager has snoozed to 20 March, after everybody was told that it opened."""
    made = opened(**fields)
    tell_all()
    Outbox.objects.all().delete()
    alerts.assign(made, member=owner, actor="user:1")
    alerts.snooze(made, asked=Snooze(until=BACK), actor="user:1")
    return made


def wake(settings: Settings, days: int = 0) -> int:
    """The day has come: how many were woken."""
    settings.FIXED_NOW = MORNING + timedelta(days=days)
    return sum(take(WAKING, row) for row in ready(WAKING))


def to_whom() -> list[int]:
    tell_all()
    return list(Outbox.objects.filter(recipient__isnull=False).values_list("recipient_id", flat=True))


def decided() -> tuple[str, str]:
    row = Decision.objects.filter(transition__isnull=False).latest("pk")
    return row.verdict, row.why


def test_its_owner_alone_is_told_with_the_reason_and_once(owner: Membership, settings: Settings) -> None:
    asleep(owner)
    endpoint("Desk")
    assert wake(settings) == 1
    assert to_whom() == [owner.pk]
    said = Outbox.objects.get().context
    assert said["headline"] == "A high incident that was put aside is back"
    assert said["lines"][0] == "Why: the day has come: 20 March 2026."
    assert "Summit" not in str(said)
    assert decided() == (Verdict.TOLD, "")
    assert (wake(settings), tell_all()) == (0, 0)


def test_a_mark_that_is_passed_wakes_and_tells_too(owner: Membership, settings: Settings) -> None:
    made = opened()
    tell_all()
    Outbox.objects.all().delete()
    alerts.assign(made, member=owner, actor="user:1")
    alerts.snooze(made, asked=Snooze(money_cents=1_200_000), actor="user:1")
    Incident.objects.filter(pk=made.pk).update(lost_cents=1_200_100)
    assert wake(settings) == 1
    assert to_whom() == [owner.pk]
    assert Outbox.objects.get().context["lines"][0] == "Why: the money has passed its mark of $12,000."


def test_a_watched_one_that_has_not_returned_is_told(owner: Membership, settings: Settings) -> None:
    made = opened()
    tell_all()
    Outbox.objects.all().delete()
    alerts.assign(made, member=owner, actor="user:1")
    alerts.move(made, to_state="monitoring", actor="user:1")
    _step(made, IncidentState.WORKING, NOT_RETURNED)
    assert to_whom() == [owner.pk]
    assert Outbox.objects.get().context["lines"][0] == "Why: the rate has not returned."


def test_without_an_owner_who_put_it_aside_is_told(manager: Membership, settings: Settings) -> None:
    member(Role.OWNER)
    made = opened()
    tell_all()
    Outbox.objects.all().delete()
    alerts.snooze(made, asked=Snooze(until=BACK), actor=f"user:{manager.user.public_id}")
    wake(settings)
    assert to_whom() == [manager.pk]


def test_whose_people_are_gone_those_are_told_whom_rules_name(
    owner: Membership, manager: Membership, settings: Settings
) -> None:
    asleep(owner)
    Membership.objects.filter(pk=owner.pk).update(active=False)
    wake(settings)
    assert to_whom() == [manager.pk]


def test_quiet_hours_hold(owner: Membership, settings: Settings) -> None:
    asleep(owner)
    Preference.objects.create(member=owner, quiet_from=time(9), quiet_until=time(11))
    wake(settings)
    assert to_whom() == []
    held = Notice.objects.get(kind=NoticeKind.WOKEN, channel=Channel.MAIL)
    # 20 March, 15:00 in UTC is 10:00 in Chicago.
    assert (held.state, held.due_at, held.why) == (NoticeState.HELD, MORNING + timedelta(hours=1), "quiet hours")


def test_the_weeks_budget_sends_it_with_the_digest(owner: Membership, settings: Settings) -> None:
    Policy.objects.create(weekly_budget=0)
    asleep(owner)
    wake(settings)
    tell_all()
    assert decided() == (Verdict.DIGEST, "this week's 0 interruptions are used")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"strength": "watch"}, "weak evidence sends nothing, it waits for the weekly report"),
        ({"severity": "low"}, "Low severity waits for the weekly report"),
    ],
)
def test_what_sends_no_mail_when_it_opens_sends_none_when_it_wakes(
    owner: Membership, settings: Settings, fields: dict[str, str], why: str
) -> None:
    asleep(owner, **fields)
    wake(settings)
    assert to_whom() == []
    assert decided() == (Verdict.KEPT, why)
    assert Notice.objects.get(kind=NoticeKind.WOKEN).channel == Channel.PORTAL


def test_one_that_wakes_again_and_again_joins_the_digest(owner: Membership, settings: Settings) -> None:
    made = asleep(owner)
    wake(settings)
    assert mails() == 1
    made.refresh_from_db()
    alerts.snooze(made, asked=Snooze(until=BACK + timedelta(days=3)), actor="user:1")
    wake(settings, days=3)
    tell_all()
    assert decided() == (Verdict.DIGEST, "told of 3 days ago already, and no more severe now")


def test_a_mute_keeps_it_quiet(owner: Membership, settings: Settings) -> None:
    asleep(owner)
    mute()
    wake(settings)
    assert to_whom() == []
    assert decided()[0] == Verdict.SUPPRESSED
    assert not Notice.objects.filter(kind=NoticeKind.WOKEN).exists()


def test_nothing_is_said_of_what_somebody_has_seen_to_or_what_opened_again(
    owner: Membership, settings: Settings
) -> None:
    taken, again, old = asleep(owner), asleep(owner), asleep(owner)
    settings.FIXED_NOW = MORNING
    for row in ready(WAKING):
        take(WAKING, row)
    alerts.move(Incident.objects.get(pk=taken.pk), to_state="working", actor="user:1")
    again.last_run = findings.run(as_of=BACK)
    findings.opening(again, again=True)
    alerts.move(Incident.objects.get(pk=old.pk), to_state="resolved", outcome="noise", actor="user:1")
    settings.FIXED_NOW = MORNING + timedelta(minutes=1)
    tell_all()
    assert not Notice.objects.filter(kind=NoticeKind.WOKEN).exists()


def test_a_waking_of_long_ago_is_no_news(owner: Membership, settings: Settings) -> None:
    asleep(owner)
    wake(settings)
    settings.FIXED_NOW = MORNING + timedelta(days=8)
    assert to_whom() == []
    assert decided()[0] == Verdict.KEPT
