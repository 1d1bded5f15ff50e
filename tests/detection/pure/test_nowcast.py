import numpy as np
import pytest

from upstream.detection.nowcast import nowcast

ONE = np.ones(1)


def test_a_mature_cohort_reads_its_own_rate():
    cast = nowcast(300 * ONE, 60 * ONE, 300 * ONE, ONE, ONE, usual=0.10)
    assert cast.mid[0] == pytest.approx(0.20, abs=0.01)
    assert cast.low[0] < 0.17
    assert cast.high[0] > 0.23


def test_a_young_cohort_with_slow_denials_is_not_read_naively():
    """300 claims of true rate 20 %; a fifth of denials and four fifths of payments have come: naive 5.9 %."""
    cast = nowcast(300 * ONE, 12 * ONE, 204 * ONE, 0.2 * ONE, 0.8 * ONE, usual=0.10)
    assert cast.mid[0] == pytest.approx(0.20, abs=0.03)
    assert cast.maturity[0] == pytest.approx(0.74)


def test_an_undecided_cohort_spans_what_is_possible():
    cast = nowcast(100 * ONE, 0 * ONE, 0 * ONE, 0 * ONE, 0 * ONE, usual=0.10)
    assert cast.high[0] - cast.low[0] > 0.3


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    denied = rng.binomial(200, 0.2, 2000).astype(np.float64)
    seen_denied = rng.binomial(denied.astype(int), 0.4).astype(np.float64)
    seen_paid = rng.binomial((200 - denied).astype(int), 0.7).astype(np.float64)
    n = np.ones(2000)
    cast = nowcast(200 * n, seen_denied, seen_denied + seen_paid, 0.4 * n, 0.7 * n, usual=0.2)
    assert 0.93 <= np.mean((cast.low <= 0.2) & (cast.high >= 0.2)) <= 0.99
