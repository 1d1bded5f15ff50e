import numpy as np
import pytest

from tests.detection.pure.worlds import START, World
from upstream.detection.detectors.mix import Mix, mix_of
from upstream.detection.triangle import ONE_WEEK

ONSET = 64
AS_OF = 72


def mix(world: World) -> Mix:
    found = mix_of(world.facts(1), START + AS_OF * ONE_WEEK, START + ONSET * ONE_WEEK)
    assert found is not None
    return found


def test_a_quiet_payer_has_the_same_mix():
    found = mix(World(a_week=200))
    assert found.weekly_before == pytest.approx(200, rel=0.05)
    assert found.weekly_since == pytest.approx(200, rel=0.05)
    assert abs(found.explained) < 0.01
    assert all(axis.moved < 0.06 for axis in found.axes)


def test_a_shift_to_a_procedure_that_is_denied_more_explains_the_rise():
    world = World(a_week=300)
    dear = world.code == 2
    world.deny_more((world.payer == 1) & dear, 0.4)
    gone = (world.payer == 1) & ~dear & (world.decided >= ONSET) & (world.rng.random(len(world.code)) < 0.7)
    world.drop(gone)
    found = mix(world)
    assert found.change > 0.08
    assert found.explained / found.change == pytest.approx(1.0, abs=0.25)
    assert (found.axes[0].axis, found.axes[0].parts[0].key) == ("procedure", "45378")
    assert found.weekly_since < 0.7 * found.weekly_before


def test_a_payer_that_denies_more_of_everything_is_not_explained_by_mix():
    world = World(a_week=300)
    world.deny_more((world.payer == 1) & (world.decided >= ONSET), 0.2)
    found = mix(world)
    assert found.change == pytest.approx(0.18, abs=0.04)
    assert found.explained / found.change < 0.1


def test_slow_denials_that_come_together_are_a_mix_of_ages():
    world = World(a_week=300)
    mine = world.payer == 1
    world.lag = np.where(mine & world.denied, world.lag + 3, world.lag)
    fast = mine & ~world.denied & (world.decided >= ONSET) & (world.rng.random(len(world.code)) < 0.6)
    world.drop(fast)
    found = mix(world)
    assert found.axes[0].axis == "age"
    assert found.explained / found.change > 0.3


def test_nothing_is_said_without_decisions_on_both_sides():
    world = World(weeks=30)
    assert mix_of(world.facts(1), START + 20 * ONE_WEEK, START + 40 * ONE_WEEK) is None
