import numpy as np
import pytest

from tests.detection.pure.worlds import PAYERS, START, World
from upstream.detection.detectors.findings import Finding, Priced
from upstream.detection.detectors.masks import Masks
from upstream.detection.detectors.silence import judge
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
SINCE = 60


def found(world: World, week: int, masks: Masks | None = None) -> list[Finding]:
    facts = {payer: world.facts(payer) for payer in range(PAYERS)}
    return judge(world.seen(week), facts, BUDGET, masks or Masks())


def alarms(world: World, week: int) -> list[Finding]:
    return [f for f in found(world, week) if f.strength is not Strength.WATCH]


def silent(world: World, chosen: np.ndarray, share: float) -> None:
    """That share of the chosen claims is never answered."""
    never = chosen & (world.rng.random(len(chosen)) < share)
    world.lag = np.where(never, 10_000, world.lag)


def test_claims_that_get_no_answer_are_found_with_their_onset_and_price():
    world = World()
    silent(world, (world.payer == 1) & (world.submitted >= SINCE), 0.1)
    assert alarms(world, SINCE + 4) == []
    lead = alarms(world, SINCE + 7)[0]
    assert isinstance(lead, Priced)
    assert (lead.level, lead.payer, lead.direction, lead.scope.procedure_code) == ("payer", 1, "adverse", "")
    assert abs((lead.onset - START) // ONE_WEEK - SINCE) <= 1
    assert lead.onset_low <= lead.onset <= lead.onset_high
    assert int(lead.detail) == 5
    low, mid, high = lead.lost
    assert mid == pytest.approx(10_000 * (lead.observed - lead.expected), rel=0.2)
    assert 0 < low < mid < high


def test_one_silent_procedure_is_told_as_that():
    world = World(a_week=200)
    silent(world, (world.payer == 1) & (world.code == 1) & (world.submitted >= SINCE), 0.25)
    assert alarms(world, SINCE + 9)[0].key == "72148|5"


@pytest.mark.parametrize("later", [1, 2, 3, 5])
def test_a_slow_payer_is_not_silent(later: int):
    world = World()
    world.lag = np.where((world.payer == 1) & (world.decided >= SINCE), world.lag + later, world.lag)
    assert [alarms(world, week) for week in range(SINCE, 80)] == [[]] * (80 - SINCE)


def test_a_payer_that_holds_its_answers_for_a_month_is_not_silent():
    world = World()
    held = (world.payer == 1) & (world.decided >= SINCE) & (world.decided < SINCE + 4)
    world.lag = np.where(held, SINCE + 4 - world.submitted, world.lag)
    assert [alarms(world, week) for week in range(SINCE, 80)] == [[]] * (80 - SINCE)


def test_a_holiday_of_all_payers_is_not_silence():
    world = World()
    closed = np.isin(world.decided, (SINCE, SINCE + 1)) & (world.rng.random(len(world.lag)) < 0.6)
    world.lag = np.where(closed, world.lag + 2, world.lag)
    assert [alarms(world, week) for week in range(SINCE, 80)] == [[]] * (80 - SINCE)


def test_a_payer_that_always_leaves_some_unanswered_is_as_usual():
    world = World()
    silent(world, world.payer == 1, 0.05)
    assert [alarms(world, week) for week in range(50, 80, 5)] == [[]] * 6


def test_left_out_weeks_make_no_claim_older():
    world = World()
    held = (world.payer == 1) & (world.decided >= SINCE) & (world.decided < SINCE + 3)
    world.lag = np.where(held, SINCE + 3 - world.submitted, world.lag)
    weeks = frozenset(START + week * ONE_WEEK for week in (SINCE, SINCE + 1, SINCE + 2))
    assert found(world, SINCE + 3, Masks(weeks)) == []


def test_quiet_worlds_are_silent():
    assert [f for seed in range(30) for f in alarms(World(seed=seed, a_week=60), 70)] == []


def test_nothing_is_said_of_a_short_history():
    world = World(weeks=36)
    silent(world, (world.payer == 1) & (world.submitted >= 20), 0.5)
    assert found(world, 35) == []
