import numpy as np
import pytest

from tests.detection.pure.worlds import START, World
from upstream.core.errors import Invalid
from upstream.detection.detectors.denial_rate import judge
from upstream.detection.detectors.masks import Masks
from upstream.detection.rules import WEEKS_PER_QUARTER, Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
ALARMS = (Strength.STRONG, Strength.MODERATE)


def alarms(world: World, week: int) -> list[tuple[str, int, str]]:
    found = judge(world.seen(week), BUDGET)
    return [(f.level, f.payer, f.key) for f in found if f.strength in ALARMS and f.direction == "adverse"]


def test_a_doubled_rate_is_found_within_three_weeks_with_its_onset():
    world = World()
    world.deny_more((world.payer == 1) & (world.decided >= 60), 0.12)
    found = judge(world.seen(62), BUDGET)
    first = next(f for f in found if f.level == "payer")
    assert {f.payer for f in found if f.strength in ALARMS} == {1}
    assert first.onset_low <= START + 60 * ONE_WEEK <= first.onset_high
    assert first.baseline_rate == pytest.approx(0.10, abs=0.015)
    assert first.current_low < 0.208 < first.current_high
    assert not alarms(world, 59)


def test_a_new_rule_on_one_code_and_reason_is_found_though_the_payer_hardly_moves():
    world = World()
    world.deny_more((world.payer == 0) & (world.code == 1) & (world.decided >= 60), 0.20, reason=1)
    assert ("procedure_reason", 0, "72148|CO-197") in alarms(world, 62)


def test_a_rule_on_submission_is_found_once_its_claims_are_decided():
    world = World()
    world.deny_more((world.payer == 2) & (world.submitted >= 60), 0.20)
    assert not alarms(world, 60)
    assert ("payer", 2, "") in alarms(world, 63)


def test_a_payer_that_only_pays_later_has_no_more_denials():
    world = World()
    slow = (world.payer == 1) & (world.decided >= 60) & ~world.denied
    world.lag = np.where(slow, world.lag + 2, world.lag)
    for week in range(60, 70):
        assert alarms(world, week) == []


def test_denials_held_and_released_together_are_no_change():
    world = World()
    held = (world.payer == 1) & world.denied & (world.decided >= 60) & (world.decided < 63)
    world.lag = np.where(held, 63 - world.submitted, world.lag)
    for week in range(60, 70):
        assert alarms(world, week) == []


def test_slow_denials_do_not_make_the_newest_weeks_look_better():
    world = World()
    world.lag = np.where(world.denied, world.lag + 3, world.lag)
    for week in range(60, 70):
        assert not [f for f in judge(world.seen(week), BUDGET) if f.strength in ALARMS]


def test_a_holiday_dip_is_no_change():
    world = World()
    closed = np.isin(world.decided, (61, 62)) & (world.rng.random(len(world.lag)) < 0.7)
    world.lag = np.where(closed, world.lag + 2, world.lag)
    for week in range(60, 70):
        assert alarms(world, week) == []


def test_a_mix_shift_to_a_code_that_is_always_denied_more_is_no_change():
    world = World()
    world.deny_more(world.code == 2, 0.25)
    gone = (world.submitted >= 60) & (world.code == 0) & (world.rng.random(len(world.code)) < 0.7)
    world.code = np.where(gone, 2, world.code)
    world.denied = np.where(gone, world.rng.random(len(gone)) < 0.325, world.denied)
    for week in range(60, 72, 2):
        assert alarms(world, week) == []


def test_a_new_payer_that_denies_more_than_the_others_is_no_change():
    world = World()
    world.drop((world.payer == 2) & (world.submitted < 50))
    world.deny_more(world.payer == 2, 0.10)
    for week in range(52, 72, 4):
        assert alarms(world, week) == []


def test_a_code_replaced_by_another_is_no_change():
    world = World()
    world.deny_more(world.code == 1, 0.10)
    world.code = np.where((world.code == 1) & (world.submitted >= 60), 2, world.code)
    world.drop((world.code == 2) & (world.submitted < 60))
    for week in range(60, 72, 4):
        assert alarms(world, week) == []


def test_a_masked_week_raises_nothing():
    world = World()
    world.deny_more((world.payer == 1) & (world.decided == 60), 0.5)
    assert ("payer", 1, "") in alarms(world, 60)
    masked = Masks(frozenset({START + 60 * ONE_WEEK}))
    assert not [f for f in judge(world.seen(60), BUDGET, masked) if f.strength in ALARMS]


def test_an_improvement_is_told_apart():
    world = World(a_week=300)
    better = (world.payer == 1) & (world.decided >= 60) & (world.rng.random(len(world.payer)) < 0.7)
    world.denied = world.denied & ~better
    found = [f for f in judge(world.seen(64), BUDGET) if f.strength in ALARMS]
    assert {(f.payer, f.direction) for f in found} == {(1, "improve")}


def test_too_short_a_history_is_silent():
    assert judge(World(weeks=30).seen(29), BUDGET) == []


def test_a_payer_triangle_is_needed():
    with pytest.raises(Invalid, match="payer"):
        judge([], BUDGET)


def test_hundred_quiet_worlds_stay_within_their_budget():
    weeks = (45, 71)
    raised = sum(bool(alarms(World(seed=seed, a_week=60), week)) for seed in range(100) for week in weeks)
    expected = 100 * len(weeks) * BUDGET.false_incidents_per_quarter / WEEKS_PER_QUARTER
    assert raised <= expected + 2 * expected**0.5


@pytest.mark.parametrize("wrong", [0.0, 50.0])
def test_the_dial_has_ends(wrong):
    with pytest.raises(Invalid, match="between"):
        Budget(wrong)


def test_a_tighter_budget_asks_for_more_evidence():
    assert Budget(0.1).evidence_for("denial") > Budget(0.5).evidence_for("denial")
