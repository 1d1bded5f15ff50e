"""Shares that add up to the cent, and the middle of an interval that lies inside."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from upstream.detection.claimrows import Claims, Labels
from upstream.detection.money import cost_of, money_of, shared_out, summed_money
from upstream.detection.prices import Prices
from upstream.detection.triangle import DENIED, PAID, PARTIAL

WEIGHTS = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=80)


@given(st.integers(0, 10**11), WEIGHTS)
def test_shares_are_whole_cents_that_add_up_exactly(total: int, weights: list[int]) -> None:
    found = shared_out(total, np.array(weights, dtype=np.float64))
    assert (found >= 0).all()
    assert found.sum() == (total if sum(weights) else 0)
    near = np.array(weights) * (total / sum(weights)) if sum(weights) else np.zeros(len(weights))
    assert np.abs(found - near).max() <= 1 + 1e-9 * total


@given(st.lists(st.integers(-(10**8), 10**8), max_size=40), st.integers(-(10**8), 10**8), st.floats(0, 3))
def test_what_is_lost_stands_on_the_claims_unless_it_is_a_gain(cents: list[int], expected: int, ahead: float) -> None:
    values = np.array(cents, dtype=np.int64)
    found = summed_money(np.abs(values), np.arange(len(values)), expected, ahead, 5)
    assert found.lost.low <= found.lost.mid <= found.lost.high
    assert found.ahead.low <= found.ahead.mid <= found.ahead.high
    assert found.together.low <= found.together.mid <= found.together.high
    lost = max(int(np.abs(values).sum()) - expected, 0)
    assert found.shares.sum() == (lost if np.abs(values).sum() else 0)


def test_three_equal_claims_share_a_dollar_as_34_33_33() -> None:
    assert shared_out(100, np.ones(3)).tolist() == [34, 33, 33]


def test_lost_and_ahead_move_together() -> None:
    draws = np.linspace(0.0, 200.0, 2001)
    found = money_of((100.0, draws), (50.0, draws / 2), np.ones(1), 1)
    assert (found.lost.low, found.lost.high, found.ahead.low, found.together.low) == (20.0, 180.0, 10.0, 30.0)


def test_a_denial_in_part_leaves_what_was_allowed() -> None:
    claims = Claims.of(
        Labels(), payer=np.ones(4, dtype=np.int64), outcome=np.array([DENIED, PARTIAL, PARTIAL, PAID]),
        allowed=np.array([0, 4_000, 12_000, 9_000]),
    )  # fmt: skip
    prices = Prices(np.full(4, 10_000), np.zeros(4, dtype=np.int64), 0.0)
    assert cost_of(claims, prices).tolist() == [10_000, 6_000, 0, 10_000]
