"""Weeks left out: nothing that happens in them reaches a baseline or a test, and everything else stays as it was."""

import numpy as np
import pytest

from tests.detection.pure.worlds import START, World
from upstream.detection.detectors import panel, payers
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.masks import NO_MASKS, Masks, over
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
OUTAGE = range(46, 52)
SEEN_AT = 66


def mondays(weeks: range) -> frozenset[np.datetime64]:
    return frozenset(START + week * ONE_WEEK for week in weeks)


def outage(world: World, payers: tuple[int, ...] = (0, 1, 2)) -> None:
    """In these weeks nearly everything that is decided is denied."""
    inside = np.isin(world.decided, OUTAGE) & np.isin(world.payer, payers)
    world.deny_more(inside, 0.9)


def judged(world: World, masks: Masks = NO_MASKS) -> list[Finding]:
    return [f for f in panel.judge(world.seen(SEEN_AT), BUDGET, masks) if f.strength is not Strength.WATCH]


def usual_rate(world: World, payer: int, masks: Masks = NO_MASKS) -> float:
    found = payers.payer_views(world.seen(SEEN_AT), BUDGET, masks)
    assert found is not None
    return found.views[payer].usual_rate


@pytest.mark.parametrize("single", [False, True])
def test_a_masked_outage_leaves_the_baseline_as_it_was(single: bool) -> None:
    quiet, hit = World(), World()
    outage(hit, (1,) if single else (0, 1, 2))
    masks = Masks(single={1: mondays(OUTAGE)}) if single else Masks(mondays(OUTAGE))
    assert usual_rate(hit, 1) > 1.5 * usual_rate(quiet, 1)
    assert usual_rate(hit, 1, masks) == pytest.approx(usual_rate(quiet, 1, masks), rel=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_in_masked_weeks_changes_no_finding(seed: int) -> None:
    """A property: with the weeks left out, a world with an outage is judged to the last bit as the one without."""
    quiet, hit = World(seed=seed), World(seed=seed)
    for world in (quiet, hit):
        world.denied |= (world.payer == 2) & (world.code == 1) & (world.decided >= 60) & (world.lag > 1)
    outage(hit)
    masks = Masks(mondays(OUTAGE))
    told = [(f.level, f.payer, f.key, f.evidence, f.observed, f.expected) for f in judged(hit, masks)]
    assert told == [(f.level, f.payer, f.key, f.evidence, f.observed, f.expected) for f in judged(quiet, masks)]
    assert told


def test_an_unmasked_outage_hides_a_change_that_a_masked_one_does_not() -> None:
    world = World()
    outage(world)
    world.deny_more((world.payer == 0) & (world.decided >= 62), 0.12)
    assert not [f for f in judged(world) if f.payer == 0 and f.direction == "adverse"]
    assert [f for f in judged(world, Masks(mondays(OUTAGE))) if f.payer == 0 and f.direction == "adverse"]


def test_masks_of_one_payer_leave_the_others_alone() -> None:
    world = World()
    masks = Masks(single={1: mondays(range(62, 67))})
    world.deny_more((world.decided >= 62) & (world.payer < 2), 0.3)
    assert {f.payer for f in judged(world)} == {0, 1}
    assert {f.payer for f in judged(world, masks)} == {0}


def test_a_payer_without_enough_weeks_left_is_silent() -> None:
    world = World()
    world.deny_more((world.decided >= 62) & (world.payer < 2), 0.4)
    masks = Masks(single={1: mondays(range(0, 50))})
    assert {f.payer for f in judged(world, masks)} == {0}
    assert over(masks, world.seen(SEEN_AT))[1].all()


def weeks_since(world: World, payer: int, masks: Masks) -> list[tuple[float, ...]]:
    """What the chart says of the weeks submitted after the outage, as shares."""
    found = payers.payer_views(world.seen(OUTAGE.stop + 2), BUDGET, masks)
    assert found is not None
    series = found.views[payer].series
    rows = zip(series.low, series.mid, series.high, series.maturity, strict=True)
    return [row for week, row in zip(series.weeks, rows, strict=True) if week > max(mondays(OUTAGE))]


@pytest.mark.parametrize("single", [False, True])
def test_how_soon_a_payer_decided_in_masked_weeks_tells_nothing_of_the_weeks_after(single: bool) -> None:
    """All that the outage held back came in its last week, denied or not: nobody else waits so."""
    quiet, hit = World(), World()
    held = np.isin(hit.decided, OUTAGE) & ((hit.payer == 1) | (not single))
    hit.lag = np.where(held, OUTAGE.stop - 1 - hit.submitted, hit.lag)
    masks = Masks(single={1: mondays(OUTAGE)}) if single else Masks(mondays(OUTAGE))
    assert weeks_since(hit, 1, NO_MASKS) != weeks_since(quiet, 1, NO_MASKS)
    assert len(weeks_since(hit, 1, masks)) == 3
    assert weeks_since(hit, 1, masks) == weeks_since(quiet, 1, masks)


def test_masks_that_nobody_has_change_nothing() -> None:
    world = World()
    world.deny_more((world.decided >= 62) & (world.payer < 2), 0.3)
    elsewhere = Masks(single={7: mondays(range(62, 67))})
    key = [(f.level, f.payer, f.key, f.evidence) for f in judged(world)]
    assert key == [(f.level, f.payer, f.key, f.evidence) for f in judged(world, elsewhere)]


def test_rows_of_masked_weeks_are_found_on_either_clock() -> None:
    masks = Masks(mondays(range(3, 4)), {2: mondays(range(5, 6))})
    payer = np.array([1, 2, 2, 1])
    submitted = START + np.array([3, 1, 5, 5]) * ONE_WEEK
    decided = START + np.array([4, 3, 6, 6]) * ONE_WEEK
    assert masks.hold(payer, submitted, decided).tolist() == [True, True, True, False]
    assert masks.until(START + 4 * ONE_WEEK) == Masks(mondays(range(3, 4)))
