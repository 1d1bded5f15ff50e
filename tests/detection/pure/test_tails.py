from math import exp, lgamma, log, log10

import numpy as np
import pytest

from upstream.detection.detectors import tails


def negative_binomial(k: int, mean: float, variance: float) -> float:
    """P(X = k), by the textbook."""
    size = mean * mean / (variance - mean)
    chance = size / (size + mean)
    return exp(lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * log(chance) + k * log(1 - chance))


def one(value: float) -> np.ndarray:
    return np.array([value])


@pytest.mark.parametrize(("observed", "mean", "variance"), [(5, 1.0, 1.5), (40, 20.0, 30.0), (3, 10.0, 14.0)])
def test_upper_tail_equals_the_exact_sum(observed, mean, variance):
    exact = 1 - sum(negative_binomial(k, mean, variance) for k in range(observed))
    found = tails.log10_at_least(one(observed), one(mean), one(variance))[0]
    assert found == pytest.approx(log10(exact), abs=1e-9)


@pytest.mark.parametrize(("observed", "mean", "variance"), [(0, 4.0, 6.0), (9, 20.0, 25.0), (30, 20.0, 25.0)])
def test_lower_tail_equals_the_exact_sum(observed, mean, variance):
    exact = sum(negative_binomial(k, mean, variance) for k in range(observed + 1))
    found = tails.log10_at_most(one(observed), one(mean), one(variance))[0]
    assert found == pytest.approx(log10(exact), abs=1e-8)


def test_without_extra_variance_it_is_poisson():
    exact = 1 - sum(exp(-2.0) * 2.0**k / exp(lgamma(k + 1)) for k in range(7))
    assert tails.log10_at_least(one(7), one(2.0), one(1.0))[0] == pytest.approx(log10(exact), abs=1e-5)


def test_far_tails_do_not_underflow():
    assert tails.log10_at_least(one(3000), one(10.0), one(10.0))[0] < -1000


def test_nothing_observed_is_certain():
    assert tails.log10_at_least(one(0), one(10.0), one(20.0))[0] == 0
