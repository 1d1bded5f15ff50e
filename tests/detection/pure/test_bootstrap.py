"""Intervals of sums over claims: the same for the same seed, whatever the order, and wide enough."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from upstream.detection.bootstrap import Ints, generator, interval_around, resampled, seed_of
from upstream.detection.detectors.drafts import Interval

CENTS = st.lists(st.integers(-10_000_000, 10_000_000), max_size=60)


def interval_of(values_cents: Ints, families: Ints, expected: float, seed: int) -> Interval:
    """What the claims come to beyond the `expected` cents, those of one family drawn together."""
    _, family = np.unique(families, return_inverse=True)
    sums = np.bincount(family, values_cents).astype(np.float64)
    return interval_around(float(values_cents.sum()) - expected, resampled(sums, generator(seed)) - expected)


@given(CENTS, st.integers(-10_000_000, 10_000_000), st.integers(0, 2**56))
def test_an_interval_holds_its_middle_and_does_not_know_the_order(cents: list[int], expected: int, seed: int) -> None:
    values = np.array(cents, dtype=np.int64)
    families = np.arange(len(cents)) // 2
    found = interval_of(values, families, expected, seed)
    assert found.mid == sum(cents) - expected
    assert found.low <= found.mid <= found.high
    assert interval_of(values[::-1], families[::-1], expected, seed) == found


def test_nothing_beyond_nothing_is_nothing() -> None:
    found = interval_of(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0.0, 1)
    assert (found.low, found.mid, found.high) == (0.0, 0.0, 0.0)


def test_claims_that_come_in_one_batch_widen_the_interval() -> None:
    values = np.full(40, 10_000, dtype=np.int64)
    alone = interval_of(values, np.arange(40), 200_000.0, 7)
    together = interval_of(values, np.arange(40) // 10, 200_000.0, 7)
    assert alone.mid == together.mid == 200_000
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_forty_equal_denials_spread_as_a_poisson_number_does() -> None:
    found = interval_of(np.full(40, 100, dtype=np.int64), np.arange(40), 0.0, 11)
    assert (found.low, found.high) == (3_200.0, 4_800.0)


def test_many_families_spread_as_few_do() -> None:
    many = resampled(np.full(2_001, 1.0), generator(3))
    few = resampled(np.full(1_999, 1.0), generator(3))
    assert abs(many.std() / few.std() - 1) < 0.05
    assert abs(many.mean() - 2_001) < 5


def test_a_seed_is_made_of_words() -> None:
    assert seed_of("denial", "73721", "2026-03-02") == seed_of("denial", "73721", "2026-03-02")
    assert seed_of("denial", "73721") != seed_of("delay", "73721")


def test_draws_that_miss_the_middle_are_stretched_to_it() -> None:
    assert interval_around(50.0, np.arange(100.0, 201.0)).low == 50.0
