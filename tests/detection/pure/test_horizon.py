"""The stated horizon against the detectors themselves."""

import numpy as np
import pytest

from tests.detection.pure.worlds import World
from upstream.detection.detectors import denial_rate, horizon, payment_delay
from upstream.detection.detectors.allowed import Prices
from upstream.detection.detectors.findings import ADVERSE
from upstream.detection.detectors.payers import PayerView, payer_views
from upstream.detection.rules import Budget, Strength

BUDGET = Budget(0.2)
SINCE, WITHIN = 60, 4


def view_of(world: World) -> PayerView:
    found = payer_views(world.seen(SINCE), BUDGET)
    assert found is not None
    return found.views[1]


def is_found(world: World, detector: object) -> bool:
    """Whether payer 1's change raises an alarm within four weeks."""
    for week in range(SINCE + 1, SINCE + 1 + WITHIN):
        for finding in detector.judge(world.seen(week), BUDGET):
            sure = finding.strength is not Strength.WATCH
            if sure and (finding.payer, finding.direction) == (1, ADVERSE):
                return True
    return False


def changed(world: World, clock: str) -> np.ndarray:
    """Payer 1's claims decided, or submitted, after the last quiet week."""
    return (world.payer == 1) & ((world.decided if clock == "decision" else world.submitted) > SINCE)


def rise_is_found(seed: int, clock: str) -> bool:
    world = World(a_week=60, weeks=SINCE + 6, seed=seed)
    view = view_of(world)
    size = view.rise.weeks[1]
    assert size is not None
    world.deny_more(changed(world, clock), size / (1 - view.usual_rate))
    return is_found(world, denial_rate)


def delay_is_found(seed: int, clock: str) -> bool:
    world = World(a_week=60, weeks=SINCE + 6, seed=seed)
    size = view_of(world).delay.weeks[1]
    assert size is not None
    whole, part = divmod(size / 7, 1)
    world.lag = world.lag + changed(world, clock) * (int(whole) + (world.rng.random(len(world.lag)) < part))
    return is_found(world, payment_delay)


@pytest.mark.parametrize("found", [rise_is_found, delay_is_found])
def test_of_changes_of_the_stated_size_about_half_are_found_by_then(found: object) -> None:
    seen = [found(seed, clock) for seed in range(200, 208) for clock in ("decision", "submission")]
    assert 0.3 <= np.mean(seen) <= 0.75


def prices(a_week: int, spread: float) -> Prices:
    """Paid claims of one procedure over 60 weeks, each decided two weeks after its submission."""
    back = np.repeat(np.arange(60), a_week)
    n = len(back)
    residual = np.random.default_rng(1).standard_normal(n)
    residual -= residual[back >= 12].mean()
    return Prices(
        np.zeros(n, dtype=np.int64), back, back + 2, residual, np.full(n, spread), np.full(n, 1 / n),
        np.full(n, 10_000.0), 1.0, 1.0,
    )  # fmt: skip


def test_a_cut_is_seen_the_sooner_the_more_claims_and_the_less_prices_scatter() -> None:
    few, many, wild, none = horizon.cuts([prices(10, 0.1), prices(90, 0.1), prices(90, 0.3), None], BUDGET)
    assert few.weeks[1] is not None
    assert many.weeks[1] is not None
    assert few.weeks[1] > 1.8 * many.weeks[1]
    assert wild.weeks[1] is not None
    assert wild.weeks[1] > 2 * many.weeks[1]
    assert none.weeks == (None, None, None)
    assert many.weeks[0] is not None
    assert many.weeks[0] > many.weeks[1] > (many.weeks[2] or 0) > 0


def test_a_larger_budget_sees_smaller_changes() -> None:
    world = World(a_week=60, weeks=SINCE + 6)
    strict, lax = (payer_views(world.seen(SINCE), Budget(budget)) for budget in (0.05, 5))
    assert strict is not None
    assert lax is not None
    assert strict.views[1].rise.weeks[1] > lax.views[1].rise.weeks[1]
    assert strict.views[1].delay.weeks[1] > lax.views[1].delay.weeks[1]
