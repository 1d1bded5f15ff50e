"""Notices wait for the hours in which people may be disturbed."""

from datetime import UTC, datetime, time, timedelta

import pytest
from pytest_django import Settings

from tests.factories import NOON, endpoint, member
from tests.factories.telling import mails, tell_all
from tests.routing.conftest import opened
from upstream.core.errors import Conflict, Invalid
from upstream.delivery.models import Outbox
from upstream.routing import mutes, policies, queries
from upstream.routing.choices import NoticeState
from upstream.routing.models import Notice, Policy, Preference
from upstream.tenants.models import Membership

QUIET = {"quiet_from": time(22), "quiet_until": time(7)}


def mail_due() -> tuple[str, datetime]:
    row = Notice.objects.get(channel="mail")
    return row.state, row.due_at


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # The night before the clocks go forward in Chicago, and the one before they go back.
        (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC)),
        (datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 11, 1, 13, tzinfo=UTC)),
    ],
)
def test_quiet_hours_hold_across_the_changes(
    now: datetime, due: datetime, manager: Membership, settings: Settings
) -> None:
    Policy.objects.create(**QUIET)
    settings.FIXED_NOW = now
    opened()
    assert mails() == 0
    assert mail_due() == (NoticeState.HELD, due)
    settings.FIXED_NOW = due - timedelta(seconds=1)
    assert mails() == 0
    settings.FIXED_NOW = due
    assert mails() == 1


def test_machines_hear_at_night_and_people_in_chat_do_not(manager: Membership, settings: Settings) -> None:
    Policy.objects.create(**QUIET)
    settings.FIXED_NOW = datetime(2026, 3, 3, 6, tzinfo=UTC)
    machine, chat = endpoint("Machine"), endpoint("Chat", kind="slack")
    opened()
    tell_all()
    assert list(Outbox.objects.values_list("endpoint_id", flat=True)) == [machine.pk]
    assert Notice.objects.get(endpoint=chat).due_at == datetime(2026, 3, 3, 13, tzinfo=UTC)


def test_critical_ones_break_quiet_hours_where_that_is_said(manager: Membership, settings: Settings) -> None:
    Policy.objects.create(**QUIET, critical_any_time=True)
    settings.FIXED_NOW = datetime(2026, 3, 3, 6, tzinfo=UTC)
    opened(severity="critical")
    assert mails() == 1


def test_a_persons_own_hours_are_on_their_own_clocks(manager: Membership, settings: Settings) -> None:
    Preference.objects.create(member=manager, zone="Europe/Berlin", quiet_from=time(18), quiet_until=time(8))
    settings.FIXED_NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
    opened()
    assert mails() == 0
    assert mail_due() == (NoticeState.HELD, datetime(2026, 3, 3, 7, tzinfo=UTC))


def test_who_wants_the_digest_alone_hears_of_critical_ones_at_once(manager: Membership) -> None:
    Preference.objects.create(member=manager, digest_only=True)
    opened()
    assert mails() == 0
    assert mail_due()[0] == NoticeState.DIGEST
    opened(severity="critical")
    assert mails() == 1


def test_what_is_held_is_not_told_when_it_is_closed_meanwhile_or_its_reader_has_left(
    manager: Membership, settings: Settings
) -> None:
    Policy.objects.create(**QUIET)
    left = member()
    settings.FIXED_NOW = datetime(2026, 3, 3, 6, tzinfo=UTC)
    first, second = opened(), opened()
    tell_all()
    left.active = False
    left.save()
    second.state = "resolved"
    second.save()
    settings.FIXED_NOW = datetime(2026, 3, 3, 13, tzinfo=UTC)
    assert mails() == 1
    assert Outbox.objects.get().about.startswith(str(first.public_id))
    why = set(Notice.objects.filter(state=NoticeState.DROPPED).values_list("why", flat=True))
    assert why == {"closed meanwhile", "may not see it any more"}


def test_planned_work_holds_telling_and_says_afterwards_what_was_held(manager: Membership, settings: Settings) -> None:
    machine = endpoint("Machine")
    over = NOON + timedelta(hours=5)
    mutes.plan_work(name="System change", reason="", starts_at=NOON, ends_at=over, actor="user:1")
    for severity in ("high", "critical"):
        opened(severity=severity)
    tell_all()
    assert not Outbox.objects.exists()
    settings.FIXED_NOW = over
    assert mails() == 1
    said = Outbox.objects.get(template="digest").context
    assert said["headline"] == "2 things to know, held during System change"
    assert [item["severity"] for item in said["items"]] == ["Critical", "High"]
    assert Outbox.objects.filter(endpoint=machine).count() == 2
    assert tell_all() == 0


def test_work_that_ends_early_lets_go_what_it_held(manager: Membership) -> None:
    over = NOON + timedelta(hours=5)
    window = mutes.plan_work(name="Move", reason="", starts_at=NOON, ends_at=over, actor="user:1")
    opened()
    tell_all()
    mutes.end_work(window, version=1, actor="user:1")
    assert mails() == 1
    with pytest.raises(Conflict):
        mutes.end_work(queries.windows()[0], version=2, actor="user:1")


def test_a_quiet_month_gives_no_mail(manager: Membership, settings: Settings) -> None:
    for day in range(31):
        settings.FIXED_NOW = NOON + timedelta(days=day)
        assert mails() == 0


def policy_values(**changes: object) -> dict[str, object]:
    names = [
        "weekly_budget", "at_once_from", "digest_from", "digest_at", "coalesce_days", "quiet_from", "quiet_until",
        "quiet_days", "critical_any_time", "office_from", "office_until", "learns",
    ]  # fmt: skip
    return {**{name: getattr(Policy(), name) for name in names}, "office_days": [0, 1], **changes}


def test_the_second_editor_is_told_what_stands_there_now(manager: Membership) -> None:
    policies.save_policy(version=1, values=policy_values(weekly_budget=5))
    with pytest.raises(Conflict) as refused:
        policies.save_policy(version=1, values=policy_values(weekly_budget=9))
    assert "interruptions a week is 5 now" in refused.value.message
    assert queries.policy().weekly_budget == 5
    assert policies.save_policy(version=2, values=policy_values(weekly_budget=9)).version == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quiet_from": time(22)}, "quiet_until"),
        ({"quiet_from": time(7), "quiet_until": time(7)}, "quiet_until"),
        ({"quiet_days": list(range(7))}, "quiet_days"),
        ({"weekly_budget": -1}, "weekly_budget"),
        ({"at_once_from": "x"}, "at_once_from"),
        ({"digest_from": "x"}, "digest_from"),
        ({"coalesce_days": 91}, "coalesce_days"),
        ({"office_until": time(8)}, "office_until"),
        ({"office_days": []}, "office_days"),
    ],
)
def test_what_would_never_tell_anybody_is_refused(changes: dict[str, object], code: str, manager: Membership) -> None:
    with pytest.raises(Invalid) as refused:
        policies.save_policy(version=1, values=policy_values(**changes))
    assert refused.value.code == code


def test_a_zone_that_is_none_is_refused(manager: Membership) -> None:
    values = {**QUIET, "quiet_days": [], "zone": "Mars/Base", "digest_only": False}
    with pytest.raises(Invalid) as refused:
        policies.save_preference(manager, version=1, values=values)
    assert refused.value.code == "zone"
