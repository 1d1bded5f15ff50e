import numpy as np
import pytest

from tests.detection.pure.worlds import World
from upstream.detection.detectors import baseline, windows
from upstream.detection.detectors.levels import Level, judge_levels
from upstream.detection.spans import BY_SUBMISSION
from upstream.detection.triangle import LAGS


def levels_at(world: World, week: int) -> dict[str, Level]:
    seen = world.seen(week)
    return judge_levels(seen, np.zeros(len(seen[0].weeks), dtype=np.bool_))


@pytest.mark.parametrize("weeks", [8, 30, 90])
def test_cells_by_decision_week_are_those_of_the_cohorts(weeks):
    cells = np.random.default_rng(1).poisson(3.0, (2, weeks, LAGS)).astype(float)
    known = baseline.by_known(cells)
    assert known.shape == (2, min(weeks, baseline.REACH), LAGS)
    for back in (0, 1, known.shape[1] - 1):
        for lag in (0, 3, LAGS - 1):
            cohort = weeks - 1 - back - lag
            assert known[:, back, lag].tolist() == (cells[:, cohort, lag].tolist() if cohort >= 0 else [0.0, 0.0])


@pytest.mark.parametrize("slow", [False, True])
def test_the_newest_cohorts_are_expected_to_show_what_they_show(slow):
    """Denials come all in the first week, or twice as late as payments: young decisions are denied more, or less."""
    seen, expected = np.zeros(len(windows.WINDOWS)), np.zeros(len(windows.WINDOWS))
    world = World(a_week=200)
    world.lag = np.where(world.denied, world.lag * 2 if slow else 1, world.lag)
    for week in range(45, 80, 5):
        level = levels_at(world, week)["payer"]
        seen += level.seen.observed.sum(axis=0)
        expected += level.seen.of_decided.sum(axis=0)
    some = expected > 50
    assert some.sum() >= 12
    assert (np.abs(seen - expected) < 3 * np.sqrt(expected) + 0.02 * expected)[some].all()


def test_a_payer_that_decides_sooner_is_expected_to_show_more_denials():
    world = World(a_week=200)
    sooner = (world.payer == 1) & (world.submitted >= 66)
    usual = levels_at(world, 69)["payer"].seen.of_submitted
    world.lag = np.where(sooner, np.maximum(world.lag - 1, 1), world.lag)
    now = levels_at(world, 69)["payer"].seen.of_submitted
    by_submission = windows.WINDOWS.index((BY_SUBMISSION, 3))
    assert now[1, by_submission] > 1.3 * usual[1, by_submission]
    assert now[[0, 2], by_submission] == pytest.approx(usual[[0, 2], by_submission], rel=0.02)


def test_a_payer_says_nothing_before_it_has_ten_weeks_of_its_own():
    world = World(a_week=200)
    world.drop((world.payer == 2) & (world.submitted < 50))
    world.deny_more((world.payer == 2) & (world.decided >= 66), 0.5)
    assert levels_at(world, 70)["payer"].adverse[2].max() == 0.0
    assert levels_at(world, 79)["payer"].adverse[2].max() > 3.0
