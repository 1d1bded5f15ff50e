"""What looks like a change and is none: week after week through all metrics and grouping, as live runs go."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.detection.pure.worlds import START, World
from upstream.detection import grouping
from upstream.detection.detectors import panel
from upstream.detection.grouping import Move, Tracked
from upstream.detection.rules import Budget
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
SINCE = 58
WEEKS = range(SINCE, 74, 2)


def opened(world: World, weeks: range = WEEKS) -> list[tuple[str, str, int]]:
    """Family, direction and payer of every incident opened in those weeks, in their order."""
    facts = {payer: world.facts(payer) for payer in range(3)}
    incidents: list[Tracked] = []
    found = []
    for week in weeks:
        as_of = START + week * ONE_WEEK
        drafts = grouping.group(panel.judge(world.seen(week), BUDGET, facts=facts), facts)
        for change in grouping.advance(incidents, drafts, as_of):
            number = change.incident.number or len(incidents) + 1
            incidents[number - 1 : number] = [replace(change.incident, number=number)]
            if change.move in (Move.OPEN, Move.REOPEN):
                found.append((change.incident.family, change.incident.direction, change.incident.scope.payer))
    return found


def mix_shift(world: World) -> None:
    """The payer denies colonoscopies four times as often as visits, always; one day it sees many more of them."""
    world.deny_more(world.code == 2, 0.3)
    moved = (world.payer == 1) & (world.submitted >= 60) & (world.code == 0) & (world.rng.random(world.code.size) < 0.6)
    world.code = np.where(moved, 2, world.code)
    world.denied = np.where(moved, world.rng.random(moved.size) < 0.37, world.denied)


def early_denials_while_growing(world: World) -> None:
    """Denials come at once and payments weeks later, while the practice grows by a tenth every week."""
    world.lag = np.where(world.denied, 1, world.lag + 4)
    world.drop(world.rng.random(world.code.size) > np.exp(0.1 * (np.clip(world.submitted, 52, 76) - 76)))


def fast_denials_while_volume_jumps(world: World) -> None:
    """Denials come at once, so weeks of twice the volume first show their denials."""
    world.lag = np.where(world.denied, 1, world.lag)
    world.drop((world.submitted < 62) & (world.rng.random(world.code.size) < 0.5))


def new_payer(world: World) -> None:
    """A payer that denies more than half from its first claim on: nobody knows what is usual for it."""
    world.drop((world.payer == 2) & (world.submitted < 52))
    world.deny_more(world.payer == 2, 0.5)


def retired_code(world: World) -> None:
    """A code of which most is denied is billed under another from one week on, which has no past."""
    world.deny_more(world.code == 1, 0.6)
    world.code = np.where((world.code == 1) & (world.submitted >= 60), 2, world.code)
    world.drop((world.code == 2) & (world.submitted < 60))


def seasons(world: World) -> None:
    """More denials in winter: an eighth above and below the mean over the year, of so many claims that it shows."""
    wave = 0.12 * np.cos(2 * np.pi * (world.submitted - 8) / 52)
    world.denied = world.rng.random(world.code.size) < 0.10 * np.exp(wave)


def restless_weeks(world: World) -> None:
    """Each payer's rate is another every week, by a fifth: at busy payers far more than chance."""
    factor = np.exp(world.rng.normal(0, 0.2, (3, world.weeks)))
    world.denied = world.rng.random(world.code.size) < 0.10 * factor[world.payer, world.submitted]


def holiday(world: World) -> None:
    """Nearly all of what would be decided in one week, at any payer, is decided in the next."""
    closed = (world.decided == 61) & (world.rng.random(world.code.size) < 0.9)
    world.lag = np.where(closed, world.lag + 1, world.lag)


def speed_up(world: World) -> None:
    """Denials come a week before payments, and one day all decisions come three weeks sooner."""
    world.lag = np.where(world.denied, world.lag, world.lag + 1)
    sooner = (world.payer == 1) & (world.submitted >= 60)
    world.lag = np.where(sooner, np.maximum(world.lag - 3, 0), world.lag)


def improvement(world: World) -> None:
    better = (world.payer == 1) & (world.submitted >= 60) & (world.rng.random(world.code.size) < 0.6)
    world.denied &= ~better


def better_fees(world: World) -> None:
    world.allowed = np.where(world.submitted >= 60, world.allowed * 1.04, world.allowed)


# With so many claims a week and payer each would open something adverse were the rule against it not there; what it
# opens instead.
DECOYS: dict[Callable[[World], None], tuple[int, list[tuple[str, str, int]]]] = {
    mix_shift: (150, []),
    early_denials_while_growing: (800, []),
    fast_denials_while_volume_jumps: (150, []),
    new_payer: (150, []),
    retired_code: (150, []),
    seasons: (600, []),
    restless_weeks: (400, []),
    holiday: (150, []),
    speed_up: (300, [("delay", "improve", 1), ("delay", "improve", 1)]),
    improvement: (150, [("denial", "improve", 1)]),
    better_fees: (150, [("underpayment", "improve", payer) for payer in (2, 0, 1)]),
}


@pytest.mark.parametrize("decoy", DECOYS, ids=lambda decoy: decoy.__name__)
def test_what_only_looks_like_a_change_opens_no_adverse_incident(decoy: Callable[[World], None]) -> None:
    a_week, instead = DECOYS[decoy]
    world = World(seed=6, a_week=a_week)
    decoy(world)
    assert opened(world) == instead


def test_a_payer_that_only_decides_two_weeks_later_is_one_delay_and_nothing_else() -> None:
    world = World(seed=6, a_week=150)
    world.lag = np.where((world.payer == 1) & (world.decided >= 60), world.lag + 2, world.lag)
    assert [one for one in opened(world, range(SINCE, 74)) if one[1] == "adverse"] == [("delay", "adverse", 1)]


def test_a_payer_that_only_pays_two_weeks_later_has_no_denial_incident() -> None:
    world = World(seed=6, a_week=150)
    world.lag = np.where((world.payer == 1) & (world.decided >= 60) & ~world.denied, world.lag + 2, world.lag)
    assert opened(world, range(SINCE, 74)) == [("delay", "adverse", 1)]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("only_denials", [False, True])
def test_what_was_held_and_then_came_all_at_once_is_no_denial_incident(only_denials: bool, seed: int) -> None:
    """It was late, which may be told; nothing more is denied."""
    world = World(seed=seed, a_week=150)
    held = (world.payer == 1) & (world.decided >= 60) & (world.decided < 63) & (world.denied | (not only_denials))
    world.lag = np.where(held, 63 - world.submitted, world.lag)
    assert ("denial", "adverse", 1) not in opened(world, range(60, 68))


def test_one_change_is_one_incident() -> None:
    world = World(seed=6, a_week=150)
    world.deny_more((world.payer == 1) & (world.submitted >= 60), 0.2)
    assert opened(world, range(SINCE, 74)) == [("denial", "adverse", 1)]
