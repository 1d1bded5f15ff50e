"""One week of turns in another's place: told, held to its week, taken back, and never over somebody else's edit."""

from datetime import date, time, timedelta

import pytest
from pytest_django import Settings

from tests.factories import NOON, member
from tests.factories.telling import mails
from upstream.core.errors import Conflict, Invalid
from upstream.delivery.models import Outbox
from upstream.routing import ruling, turns
from upstream.routing.audience import people
from upstream.routing.choices import Channel
from upstream.routing.models import Notice, Rota, Target
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership

THIS_WEEK, NEXT_WEEK = date(2026, 3, 2), date(2026, 3, 9)
ZONE = "America/Chicago"


@pytest.fixture
def other(manager: Membership) -> Membership:
    return member(Role.BILLER)


@pytest.fixture
def rota(manager: Membership, other: Membership) -> Rota:
    """The manager has this week, which has just begun, and the biller the next."""
    members = [id_of(one) for one in (manager, other)]
    return ruling.save_rota(None, name="Desk", members=members, weekday=0, at=time(6), since=THIS_WEEK)


def on_call(rota: Rota) -> list[int]:
    """Who would be told this week and in the two after it."""
    target = Target(kind="rota", rota=rota)
    return [people(ZONE).of(target, NOON + timedelta(weeks=week))[0].pk for week in range(3)]


def id_of(one: Membership) -> str:
    return str(one.user.public_id)


def test_who_stands_in_has_that_week_alone_and_is_told_without_being_disturbed(
    rota: Rota, manager: Membership, other: Membership, settings: Settings
) -> None:
    changed = turns.stand_in(rota, week=NEXT_WEEK, member=id_of(manager), version=1)
    assert on_call(changed) == [manager.pk, manager.pk, manager.pk]
    row = turns.coming(changed, ZONE, frozenset({manager.pk, other.pk}), weeks=2)[1]
    assert (row.week, row.has, row.instead_of) == (NEXT_WEEK, manager.pk, other.pk)
    assert mails() == 0
    settings.FIXED_NOW = NOON + timedelta(hours=2)
    assert mails() == 1
    assert Outbox.objects.get().context["items"][0]["headline"] == "You stand in for a week from 9 March 2026"
    assert set(Notice.objects.values_list("recipient", "channel")) == {
        (manager.pk, Channel.MAIL), (manager.pk, Channel.PORTAL),
    }  # fmt: skip


def test_it_is_taken_back_and_may_be_said_again(rota: Rota, manager: Membership, other: Membership) -> None:
    taken = turns.stand_in(rota, week=NEXT_WEEK, member=id_of(manager), version=1)
    back = turns.stand_down(taken, week=NEXT_WEEK, version=2)
    assert on_call(back) == [manager.pk, other.pk, manager.pk]
    with pytest.raises(Conflict, match="nobody stands in"):
        turns.stand_down(back, week=NEXT_WEEK, version=3)
    turns.stand_in(back, week=NEXT_WEEK, member=id_of(manager), version=3)
    assert Notice.objects.filter(recipient=manager, channel=Channel.PORTAL).count() == 2


def test_a_substitute_who_leaves_leaves_the_week_to_whose_turn_it_is(
    rota: Rota, manager: Membership, other: Membership
) -> None:
    third = member(Role.OWNER)
    taken = turns.stand_in(rota, week=THIS_WEEK, member=id_of(third), version=1)
    assert on_call(taken)[0] == third.pk
    Membership.objects.filter(pk=third.pk).update(active=False)
    assert on_call(taken)[0] == manager.pk


def test_the_second_is_told_and_nothing_is_overwritten(rota: Rota, manager: Membership, other: Membership) -> None:
    turns.stand_in(rota, week=NEXT_WEEK, member=id_of(manager), version=1)
    with pytest.raises(Conflict, match="look again"):
        turns.stand_in(rota, week=THIS_WEEK, member=id_of(other), version=1)


def test_the_day_of_handover_stays_while_somebody_stands_in(rota: Rota, manager: Membership) -> None:
    taken = turns.stand_in(rota, week=NEXT_WEEK, member=id_of(manager), version=1)
    given = {"name": "Desk", "members": [id_of(manager)], "at": time(6), "since": THIS_WEEK}
    with pytest.raises(Invalid, match="undo that first"):
        ruling.save_rota(taken, version=2, weekday=4, **given)
    assert ruling.save_rota(taken, version=2, weekday=0, **given).substitutes == {"2026-03-09": manager.pk}


@pytest.mark.parametrize("week", [date(2026, 2, 23), date(2026, 3, 10), date(2027, 3, 15)])
def test_a_day_on_which_no_week_of_turns_begins_is_refused(rota: Rota, manager: Membership, week: date) -> None:
    with pytest.raises(Invalid) as refused:
        turns.stand_in(rota, week=week, member=id_of(manager), version=1)
    assert refused.value.code == "week"


def test_nobody_from_elsewhere_stands_in(rota: Rota) -> None:
    with pytest.raises(Invalid, match="no such member"):
        turns.stand_in(rota, week=NEXT_WEEK, member="00000000-0000-4000-8000-00000000abcd", version=1)
