from dataclasses import replace

import numpy as np
import pytest

from tests.detection.pure.worlds import START, World
from upstream.detection import grouping
from upstream.detection.detectors import panel
from upstream.detection.detectors.scope import Scope
from upstream.detection.grouping import Move, Tracked, advance
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)


def drafts_of(world: World, week: int) -> list[grouping.IncidentDraft]:
    findings = panel.judge(world.seen(week), BUDGET)
    return grouping.group(findings, {p: world.facts(p) for p in range(3)})


def changed(share: float, week: int, **scope: int) -> list[grouping.IncidentDraft]:
    world = World(a_week=200)
    chosen = (world.payer == 1) & (world.decided >= 60)
    for name in ("code", "place"):
        if name in scope:
            chosen &= getattr(world, name) == scope[name]
    world.deny_more(chosen, share, reason=scope.get("reason"))
    return [d for d in drafts_of(world, week) if d.strength is not Strength.WATCH]


@pytest.mark.parametrize(
    ("scope", "share", "described"),
    [
        ({}, 0.15, Scope(1)),
        ({"code": 1}, 0.3, Scope(1, "72148")),
        ({"reason": 2}, 0.1, Scope(1, "", "CO-50")),
        ({"code": 2, "reason": 1}, 0.3, Scope(1, "45378", "CO-197")),
        ({"place": 1}, 0.25, Scope(1, "", "", "North")),
    ],
)
def test_one_draft_with_the_smallest_description(scope, share, described):
    (draft,) = changed(share, 64, **scope)
    assert draft.scope == described
    assert draft.explained > 0.7


def test_a_year_of_the_same_is_priced_in_expected_allowed():
    """200 claims a week, 13.5 % more denied, $100 each: about $140,000 a year."""
    (draft,) = changed(0.15, 66)
    assert draft.annual_cents.mid / 100 == pytest.approx(200 * 0.135 * 100 * 52, rel=0.25)
    assert draft.annual_cents.low < draft.annual_cents.mid < draft.annual_cents.high
    assert draft.excess.mid == pytest.approx(draft.observed - draft.expected)


def test_facts_of_the_future_change_nothing():
    world = World()
    world.deny_more((world.payer == 1) & (world.decided >= 60), 0.2)
    facts = world.facts(1)
    findings = [f for f in panel.judge(world.seen(63), BUDGET) if f.payer == 1]
    whole = grouping.group(findings, {1: facts})
    known = grouping.group(findings, {1: facts.known_by(START + 63 * ONE_WEEK)})
    assert [replace(d, series=whole[0].series, findings=()) for d in known] == [
        replace(d, series=whole[0].series, findings=()) for d in whole
    ]


def test_payment_delay_is_its_own_incident_with_the_cost_of_the_cash():
    world = World()
    world.lag = np.where((world.payer == 1) & (world.decided >= 60), world.lag + 1, world.lag)
    (draft,) = [d for d in drafts_of(world, 62) if d.strength is not Strength.WATCH]
    assert (draft.family, draft.scope) == ("delay", Scope(1))
    assert draft.annual_cents.mid > 0


def test_a_handful_of_denials_is_not_told_however_odd_it_is():
    world = World(a_week=60)
    findings = panel.judge(world.seen(70), Budget(20))
    odd = {(f.payer, f.direction) for f in findings if f.metric == "denial_rate"}
    told = [d for d in grouping.group(findings, {p: world.facts(p) for p in range(3)}) if d.family == "denial"]
    assert (len(odd), len(told)) == (6, 3)
    assert min(abs(d.observed - d.expected) for d in told) > 4


def monday(week: int) -> np.datetime64:
    return START + week * ONE_WEEK


def opened(draft: grouping.IncidentDraft, week: int, **changes: object) -> Tracked:
    first = Tracked(
        5, draft.family, draft.direction, draft.scope, monday(60), monday(week), monday(week), draft.evidence
    )
    return replace(first, **changes)


@pytest.fixture
def draft() -> grouping.IncidentDraft:
    (found,) = changed(0.15, 64)
    return found


def test_a_new_cause_opens_an_incident(draft):
    (change,) = advance([], [draft], monday(64))
    assert (change.move, change.incident.number, change.incident.scope) == (Move.OPEN, 0, Scope(1))


def test_watch_opens_nothing(draft):
    assert advance([], [replace(draft, strength=Strength.WATCH)], monday(64)) == []


def test_the_same_cause_is_updated_and_not_raised_again(draft):
    (change,) = advance([opened(draft, 62)], [draft], monday(64))
    assert (change.move, change.incident.number, change.incident.last_seen) == (Move.UPDATE, 5, monday(64))


def test_a_wandering_description_stays_one_incident(draft):
    other = replace(draft, scope=Scope(1, "99213"))
    (change,) = advance([opened(draft, 62, scope=Scope(1, "72148"))], [other], monday(64))
    assert change.move is Move.UPDATE


def test_six_quiet_weeks_close_it_and_a_return_opens_it_again(draft):
    incident = opened(draft, 50)
    assert advance([incident], [], monday(55)) == []
    (close,) = advance([incident], [], monday(56))
    assert (close.move, close.incident.closed, close.draft) == (Move.CLOSE, True, None)
    (again,) = advance([close.incident], [draft], monday(64))
    assert (again.move, again.incident.number, again.incident.closed) == (Move.REOPEN, 5, False)


def test_another_payer_is_another_incident(draft):
    changes = advance([opened(draft, 62, scope=Scope(0))], [draft], monday(64))
    assert [c.move for c in changes] == [Move.OPEN]


def test_a_far_stronger_change_that_began_since_is_raised_again(draft):
    weak = opened(draft, 40, peak=draft.evidence - 5, last_seen=monday(63))
    (change,) = advance([weak], [draft], monday(64))
    assert (change.move, change.incident.raised) == (Move.REOPEN, monday(64))
