import numpy as np
import pytest

from tests.detection.pure.worlds import START, World
from upstream.detection import grouping
from upstream.detection.detectors import allowed
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.scope import Scope
from upstream.detection.detectors.underpayment import judge, log10_one_over_tail
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)


def alarms(world: World, week: int) -> list[Finding]:
    found = judge({p: world.facts(p) for p in range(3)}, START + week * ONE_WEEK, BUDGET)
    return [f for f in found if f.strength is not Strength.WATCH]


def cut(world: World, chosen: np.ndarray, share: float) -> World:
    world.allowed = np.where(chosen & (world.decided >= 60), world.allowed * (1 - share), world.allowed)
    return world


def test_a_payer_that_allows_three_percent_less_is_found_and_measured():
    world = World()
    found = alarms(cut(world, world.payer == 1, 0.03), 63)
    assert (found[0].level, found[0].payer, found[0].direction) == ("payer", 1, "adverse")
    assert found[0].current_low < 0.97 < found[0].current_high


def test_one_code_paid_at_an_older_schedule_is_described_and_priced():
    """36 claims a week of $100, a tenth denied, 8 % short: about $13,500 a year."""
    world = World()
    found = alarms(cut(world, (world.payer == 2) & (world.code == 1), 0.08), 64)
    (draft,) = grouping.group(found, {2: world.facts(2)})
    assert (draft.family, draft.scope) == ("underpayment", Scope(2, "72148"))
    assert draft.annual_cents.mid / 100 == pytest.approx(36 * 0.9 * 104 * 0.08 * 52, rel=0.3)


def test_dearer_claims_allowed_in_proportion_are_no_underpayment():
    world = World()
    small = (world.payer == 1) & (world.decided >= 60)
    world.billed, world.allowed = (np.where(small, x * 0.8, x) for x in (world.billed, world.allowed))
    assert alarms(world, 64) == []


def test_a_better_schedule_is_an_improvement():
    world = World()
    world.allowed = np.where((world.payer == 0) & (world.decided >= 60), world.allowed * 1.05, world.allowed)
    assert {(f.payer, f.direction) for f in alarms(world, 64)} == {(0, "improve")}


def test_quiet_worlds_are_silent():
    assert [f for seed in range(30) for f in alarms(World(seed=seed, a_week=60), 70)] == []


def test_a_short_past_is_silent():
    world = World(weeks=30)
    world.allowed = np.where(world.decided >= 20, world.allowed * 0.5, world.allowed)
    assert alarms(world, 28) == []


def test_facts_of_the_future_change_nothing():
    world = World()
    facts, as_of = world.facts(1), START + 50 * ONE_WEEK
    whole, known = allowed.prices_of(facts, as_of), allowed.prices_of(facts.known_by(as_of), as_of)
    np.testing.assert_array_equal(whole.residual, known.residual)


def test_medians_by_group():
    values, group = np.array([3.0, 1.0, 2.0, 10.0, 20.0]), np.array([0, 0, 0, 2, 2])
    assert allowed.medians(values, group, 4).tolist() == [2.0, 0.0, 15.0, 0.0]


@pytest.mark.parametrize(("deviate", "known"), [(1.6448536, 1.30103), (3.0902323, 3.0), (6.0, 9.00587)])
def test_normal_tail(deviate, known):
    assert log10_one_over_tail(deviate) == pytest.approx(known, abs=1e-4)
