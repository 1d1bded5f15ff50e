import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.detection.detectors.clumps import design_effects
from upstream.detection.detectors.delays import Curves, curves_of
from upstream.detection.nowcast import Cohorts, Nowcast, nowcast
from upstream.detection.triangle import LAGS, Triangle, mondays

START = np.datetime64("2024-01-01", "D")


def one(
    submitted: float, denied: float, decided: float, age: int, usual: float = 0.1, curves: Curves | None = None,
    clumped: float = 1.0,
) -> Nowcast:  # fmt: skip
    """One cohort alone."""
    counts = (np.full((1, 1), float(x)) for x in (submitted, denied, decided))
    cohort = Cohorts(np.array([age]), *counts, np.array([usual]), np.full((1, 1), clumped))
    return nowcast(cohort, curves or exact(np.linspace(0.2, 1, LAGS), np.linspace(0.2, 1, LAGS)))


def exact(denied: np.ndarray, other: np.ndarray, error: float = 1e-3) -> Curves:
    """Curves that are known for sure."""
    errors = np.full((1, LAGS), error)
    return Curves(denied[None, :], other[None, :], errors, errors, np.zeros(1))


def by(share: dict[int, float]) -> np.ndarray:
    """Shares by lag, 1 from the last given lag on."""
    out = np.ones(LAGS)
    for lag, value in share.items():
        out[lag] = value
    return out


def test_a_decided_cohort_reads_as_its_own_binomial_interval() -> None:
    """60 of 300: Jeffreys' interval is 15.8 to 24.8 %; four claims at 10 % more draw it down by a tenth of a point."""
    cast = one(300, 60, 300, age=20)
    assert (cast.low[0, 0], cast.mid[0, 0], cast.high[0, 0]) == (
        pytest.approx(0.157, abs=0.003), pytest.approx(0.199, abs=0.002), pytest.approx(0.246, abs=0.003),
    )  # fmt: skip


def test_a_young_cohort_with_slow_denials_is_not_read_naively() -> None:
    """300 claims of true rate 20 %; a fifth of denials and four fifths of payments have come: naive 5.9 %."""
    slow = exact(by({0: 0.01, 1: 0.1, 2: 0.2, 3: 0.6}), by({0: 0.1, 1: 0.4, 2: 0.8, 3: 0.9}))
    cast = one(300, 12, 204, age=2, curves=slow)
    assert cast.mid[0, 0] == pytest.approx(0.20, abs=0.03)
    assert cast.low[0, 0] < 0.13
    assert cast.high[0, 0] > 0.27
    assert cast.maturity[0, 0] == pytest.approx(0.74)


def test_a_cohort_of_which_nothing_came_is_what_was_usual() -> None:
    none = exact(by({0: 0.0}), by({0: 0.0}))
    cast = one(100, 0, 0, age=0, curves=none)
    assert cast.mid[0, 0] == pytest.approx(0.10, abs=0.01)
    assert (cast.low[0, 0], cast.high[0, 0]) == (pytest.approx(0.0, abs=0.02), pytest.approx(0.57, abs=0.05))
    assert cast.later_paid[0, 0] == pytest.approx(0.90, abs=0.01)


def test_late_payments_are_seen_as_late_and_not_as_denials() -> None:
    """The last eight cohorts of a payer that pays 14 days late and denies as fast as ever: naive 100, 50, 25 %."""
    share = np.array([0.0, 0.3, 0.7, 0.9, 0.97, *[1.0] * (LAGS - 5)])
    late = np.concatenate([[0.0, 0.0], share[:-2]])
    age = np.arange(10)[::-1]
    denied, paid = 40 * share[age], 360 * late[age]
    cohorts = Cohorts(
        age, np.full((1, 10), 400.0), denied[None, :], (denied + paid)[None, :], np.array([0.1]), np.ones((1, 10))
    )
    cast = nowcast(cohorts, exact(share, share, error=0.05))
    assert (denied / np.maximum(denied + paid, 1))[-3] == 1.0
    settled = cast.mid[0, :-2]
    assert settled.max() < 0.16
    assert np.all((cast.low < 0.1) & (cast.high > 0.1))
    assert cast.behind[0, -5:-3] == pytest.approx([14, 14], abs=2.5)


def test_clumps_widen_the_interval_as_fewer_claims_would() -> None:
    plain, clumped, fewer = one(400, 40, 400, 20), one(400, 40, 400, 20, clumped=4), one(100, 10, 100, 20)
    assert plain.high - plain.low < 0.7 * (clumped.high - clumped.low)
    assert (clumped.low, clumped.high) == (fewer.low, fewer.high)


@given(st.integers(1, 400), st.floats(0, 1))
def test_what_is_all_decided_lies_in_its_interval_and_more_claims_narrow_it(claims: int, share: float) -> None:
    denied = round(claims * share)
    small, large = (one(n * claims, n * denied, n * claims, 20, usual=0.2) for n in (1, 9))
    assert small.low <= small.mid <= small.high
    assert large.high - large.low <= small.high - small.low
    assert abs(large.mid[0, 0] - denied / claims) <= 5 / (9 * claims)


@given(st.permutations(range(4)))
def test_the_order_of_payers_changes_nothing(order: list[int]) -> None:
    age = np.array([5, 2])
    counts = np.array([[60, 6, 50], [90, 20, 80], [200, 5, 30], [40, 0, 40]], dtype=np.float64)
    submitted, denied, decided = (np.repeat(counts[:, i : i + 1], 2, axis=1) for i in range(3))
    curve = np.tile(np.linspace(0.1, 1, LAGS), (4, 1))
    usual, ones = np.array([0.1, 0.2, 0.05, 0.15]), np.ones((4, 2))
    curves = Curves(curve, curve, 0.1 * np.ones_like(curve), 0.1 * np.ones_like(curve), np.zeros(4))
    plain = nowcast(Cohorts(age, submitted, denied, decided, usual, ones), curves)
    turned = nowcast(
        Cohorts(age, submitted[order], denied[order], decided[order], usual[order], ones), curves.of(np.array(order))
    )
    assert np.array_equal(turned.mid, plain.mid[order])
    assert np.array_equal(turned.low, plain.low[order])


def triangle(denied: np.ndarray, decided: np.ndarray, submitted: np.ndarray) -> Triangle:
    weeks = mondays(START, START + 7 * (submitted.shape[1] - 1))
    return Triangle("payer", tuple((i, "") for i in range(len(submitted))), weeks, submitted, decided, denied)


def steady(weeks: int, share: list[float], each: float = 1000.0) -> Triangle:
    """Every week 10 % denied, all decisions in the same shares by lag, as far as known by now."""
    cells = np.zeros((1, weeks, LAGS))
    cells[0, :, : len(share)] = each * np.array(share)
    cells *= np.arange(weeks)[::-1][:, None] >= np.arange(LAGS)[None, :]
    return triangle(0.1 * cells, cells, np.full((1, weeks), each))


def test_curves_come_out_of_truncated_cohorts_as_they_went_in() -> None:
    curves = curves_of(steady(30, [0.1, 0.4, 0.3, 0.2]))
    assert curves.denied[0, :4] == pytest.approx([0.1, 0.5, 0.8, 1.0], abs=1e-3)
    assert curves.other[0, :4] == pytest.approx([0.1, 0.5, 0.8, 1.0], abs=1e-3)
    assert curves.never[0] == pytest.approx(0.0, abs=1e-6)
    assert curves.denied_error[0, 0] > curves.other_error[0, 0] > 0


def test_a_new_speed_moves_the_curve_within_ten_weeks() -> None:
    """From week 50 of 70 on, what came after one week comes after three."""
    slow = np.arange(70) >= 50
    cells = np.zeros((1, 70, LAGS))
    cells[0, ~slow, 1] = cells[0, slow, 3] = 100.0
    cells *= np.arange(70)[::-1][:, None] >= np.arange(LAGS)[None, :]
    curves = curves_of(triangle(0.1 * cells, cells, np.full((1, 70), 100.0)))
    assert curves.other[0, 1] < 0.5
    assert curves.other[0, 3] == pytest.approx(1.0)


def test_a_thin_payer_is_drawn_to_the_others() -> None:
    full = steady(40, [0.1, 0.4, 0.3, 0.2])
    thin = np.zeros((1, 40, LAGS))
    thin[0, 20, 2] = 3
    both = triangle(
        np.concatenate([full.denied, 0.1 * thin]), np.concatenate([full.decided, thin]),
        np.concatenate([full.submitted, thin.sum(2)]),
    )  # fmt: skip
    curves = curves_of(both)
    assert curves.other[1, 1] == pytest.approx(0.5, abs=0.06)
    assert curves.other_error[1, 1] > 3 * curves.other_error[0, 1]


def test_claims_never_decided_are_no_waiting_ones() -> None:
    made = steady(60, [0.5, 0.3])
    assert curves_of(made).never[0] == pytest.approx(0.2, abs=1e-6)


def test_clumps_by_week_of_decision_are_told_from_rates_that_differ_by_cohort() -> None:
    rng = np.random.default_rng(3)
    cells = np.zeros((6, 80, LAGS))
    cells[:, :, 1:5] = 60.0
    cells *= np.arange(80)[::-1][:, None] >= np.arange(LAGS)[None, :]
    week = np.minimum(np.arange(80)[:, None] + np.arange(LAGS)[None, :], 95)
    clump, cohort = rng.gamma(4, 1 / 4, (6, 96)), rng.gamma(4, 1 / 4, (6, 80))
    submitted = np.full((6, 80), 240.0)
    by_decision = rng.binomial(cells.astype(int), np.minimum(0.1 * clump[:, week], 1)).astype(float)
    by_cohort = rng.binomial(cells.astype(int), np.minimum(0.1 * cohort[:, :, None], 1)).astype(float)
    none = rng.binomial(cells.astype(int), 0.1).astype(float)
    found = [design_effects(triangle(d, cells, submitted))[:, 40].mean() for d in (by_decision, by_cohort, none)]
    assert found[0] == pytest.approx(1 + 0.25 * 24 / 4 / 0.9, rel=0.3)
    assert found[1] < 1.4
    assert found[2] < 1.1
