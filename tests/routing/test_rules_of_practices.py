"""Rules tell those whom they name, at once, later or never; without one everybody is told."""

from datetime import date, time, timedelta

import pytest
from pytest_django import Settings

from tests.factories import NOON, endpoint, member, payer
from tests.factories.telling import mails, tell_all
from tests.routing.conftest import opened
from upstream.alerts import services as alerts
from upstream.core.errors import Conflict, Invalid
from upstream.delivery.models import Outbox
from upstream.routing import queries, ruling
from upstream.routing.choices import NoticeState
from upstream.routing.models import Decision, Notice, Rule
from upstream.routing.ruling import TargetSaid
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership


def to(one: Membership, hours: int = 0) -> TargetSaid:
    return TargetSaid("member", str(one.user.public_id), hours)


def rule(*targets: TargetSaid, how: str = "severity", name: str = "Imaging", **scope: object) -> Rule:
    return ruling.save_rule(None, name=name, how=how, scope=scope, targets=targets, actor="user:1")


def told() -> set[int]:
    """Members who got mail."""
    tell_all()
    return set(Outbox.objects.filter(recipient__isnull=False).values_list("recipient_id", flat=True))


def test_who_is_named_is_told_and_nobody_else(manager: Membership) -> None:
    biller, owner = member(Role.BILLER), member(Role.OWNER)
    rule(to(biller), codes=["73721"])
    rule(TargetSaid("role", Role.OWNER), name="Large", least_cents=1_000_000)
    opened()
    assert told() == {biller.pk, owner.pk}
    assert Decision.objects.get().rules == ["Imaging", "Large"]


def test_where_no_rule_fits_everybody_is_told(manager: Membership) -> None:
    biller = member(Role.BILLER)
    rule(to(biller), payers=[payer("Civic Care").pk])
    rule(to(biller), name="Dear", condition="lost > 1000000.0")
    opened()
    assert told() == {manager.pk, biller.pk}


def test_a_rule_whose_people_have_left_loses_nothing(manager: Membership) -> None:
    biller = member(Role.BILLER)
    rule(to(biller))
    biller.active = False
    biller.save()
    opened()
    assert told() == {manager.pk}


def test_a_rule_for_the_digest_disturbs_nobody(manager: Membership) -> None:
    rule(to(manager), how="digest")
    opened()
    assert mails() == 0
    assert Notice.objects.get(channel="mail").state == NoticeState.DIGEST


def test_a_channel_that_a_rule_names_hears_only_what_rules_say(manager: Membership) -> None:
    named, open_to_all = endpoint("Imaging desk"), endpoint("Everything")
    rule(to(manager), TargetSaid("endpoint", str(named.public_id)), codes=["72148"])
    opened()
    tell_all()
    assert [row.endpoint_id for row in Outbox.objects.filter(endpoint__isnull=False)] == [open_to_all.pk]
    opened(procedure_code="72148")
    tell_all()
    assert Outbox.objects.filter(endpoint=named).count() == 1


def test_whoever_is_on_call_is_told(manager: Membership, settings: Settings) -> None:
    other = member(Role.BILLER)
    people = [str(one.user.public_id) for one in (other, manager)]
    rota = ruling.save_rota(None, name="Desk", members=people, weekday=0, at=time(8), since=date(2026, 2, 23))
    rule(TargetSaid("rota", str(rota.public_id)))
    opened()
    assert told() == {other.pk}
    settings.FIXED_NOW = NOON + timedelta(hours=2)
    opened()
    assert told() == {other.pk, manager.pk}
    with pytest.raises(Conflict, match="a rule still tells"):
        ruling.end_rota(rota, version=1)


def test_when_nobody_takes_it_up_others_are_told_in_working_hours(manager: Membership, settings: Settings) -> None:
    owner = member(Role.OWNER)
    rule(to(manager), to(owner, hours=4))
    opened()
    assert told() == {manager.pk}
    waiting = Notice.objects.get(recipient=owner, channel="mail")
    # Monday noon in UTC is 6:00 in Chicago: work begins at 8:00, four hours end at 12:00.
    assert waiting.due_at == NOON + timedelta(hours=6)
    settings.FIXED_NOW = waiting.due_at
    assert told() == {manager.pk, owner.pk}
    said = Outbox.objects.get(recipient=owner).context
    assert said["headline"] == "Nobody has taken up a high incident"
    assert tell_all() == 0


def test_what_is_taken_up_in_time_is_not_escalated(manager: Membership, settings: Settings) -> None:
    owner = member(Role.OWNER)
    rule(to(manager), to(owner, hours=4))
    made = opened()
    tell_all()
    alerts.move(made, to_state="acknowledged", actor="user:1")
    settings.FIXED_NOW = NOON + timedelta(days=1)
    assert told() == {manager.pk}
    assert set(Notice.objects.filter(recipient=owner).values_list("why", flat=True)) == {"taken up in time"}


def test_a_test_reaches_those_who_would_be_told_first(manager: Membership) -> None:
    owner, channel = member(Role.OWNER), endpoint("Desk")
    made = rule(to(manager), to(owner, hours=4), TargetSaid("endpoint", str(channel.public_id)))
    assert ruling.try_rule(queries.rules().get(pk=made.pk)) == 2
    assert told() == {manager.pk}
    assert Outbox.objects.get(endpoint=channel).template == "endpoint.test"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name"),
        ({"how": "loudly"}, "how"),
        ({"targets": []}, "targets"),
        ({"targets": [TargetSaid("member", "nobody")]}, "targets"),
        ({"targets": [TargetSaid("role", "king")]}, "targets"),
        ({"targets": [TargetSaid("role", "owner", 3)]}, "targets"),
        ({"scope": {"metrics": ["noise"]}}, "metrics"),
        ({"scope": {"payers": [0]}}, "payers"),
        ({"scope": {"least_cents": 2, "most_cents": 1}}, "most_cents"),
        ({"scope": {"condition": "payer =="}}, "condition"),
    ],
)
def test_what_cannot_be_is_refused_with_its_part(changes: dict[str, object], code: str, manager: Membership) -> None:
    given = {"name": "Imaging", "how": "severity", "scope": {}, "targets": [to(manager)], "actor": "user:1"}
    with pytest.raises(Invalid) as refused:
        ruling.save_rule(None, **{**given, **changes})  # type: ignore[arg-type]  # the test chooses
    assert refused.value.code == code
    assert not Rule.objects.exists()


def test_a_rule_is_changed_ended_and_put_back_by_one_at_a_time(manager: Membership) -> None:
    made = rule(to(manager))
    changed = ruling.save_rule(
        made, version=1, name="MRI", how="severity", scope={}, targets=[to(manager)], actor="user:1"
    )
    with pytest.raises(Conflict, match="name is MRI now"):
        ruling.save_rule(made, version=1, name="CT", how="severity", scope={}, targets=[to(manager)], actor="user:2")
    ended = ruling.end_rule(changed, version=2)
    assert not queries.rules().exists()
    back = ruling.put_rule_back(ended, version=3)
    assert (back.version, queries.rules().get().name) == (4, "MRI")
