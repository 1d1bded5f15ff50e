import numpy as np
import pytest

from tests.detection.pure.worlds import World
from upstream.detection.detectors.payment_delay import judge
from upstream.detection.rules import Budget, Strength

BUDGET = Budget(0.2)


def alarms(world: World, week: int) -> list[tuple[str, int, str]]:
    found = judge(world.seen(week), BUDGET)
    return [(f.level, f.payer, f.direction) for f in found if f.strength is not Strength.WATCH]


def test_a_payer_that_decides_a_week_later_is_found_and_measured():
    world = World()
    world.lag = np.where((world.payer == 1) & (world.decided >= 60), world.lag + 1, world.lag)
    assert ("payer", 1, "adverse") in alarms(world, 61)
    found = next(f for f in judge(world.seen(64), BUDGET) if f.level == "payer")
    assert found.current_rate - found.baseline_rate == pytest.approx(7.0, abs=3.0)


def test_a_holiday_of_all_payers_is_nobodys_delay():
    world = World()
    closed = np.isin(world.decided, (60, 61)) & (world.rng.random(len(world.lag)) < 0.6)
    world.lag = np.where(closed, world.lag + 2, world.lag)
    for week in range(60, 66):
        assert alarms(world, week) == []


def test_more_denials_are_no_delay():
    world = World()
    world.deny_more((world.payer == 1) & (world.decided >= 60), 0.3)
    for week in range(60, 66):
        assert alarms(world, week) == []


def test_quiet_worlds_are_silent():
    assert [a for seed in range(30) for a in alarms(World(seed=seed, a_week=60), 60)] == []
