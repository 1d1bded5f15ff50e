import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.detection.detectors.dollars import Amounts, expected_amounts
from upstream.detection.nowcast import Nowcast

PENDING, PAID, DENIED = 0, 1, 2


def cast(paid: float, denied: float = 0.0, spread: float = 0.0, shape: tuple[int, int] = (1, 2)) -> Nowcast:
    """Of open claims these shares will be paid and denied."""
    none = np.zeros(shape)
    return Nowcast(none, none, none, none, none, none + paid, none + spread, none + denied, none)


def amounts(rows: list[tuple[int, int, int, float, float]]) -> Amounts:
    """(cohort, stratum, outcome, charge, cents)."""
    cohort, stratum, outcome, billed, cents = (np.array(column) for column in zip(*rows, strict=True))
    return Amounts(np.zeros(len(rows), dtype=np.int64), cohort, stratum, outcome, billed * 1.0, cents * 1.0)


FLAT = [(-1, 0, PAID, 200.0, 100.0)] * 50


def test_what_is_decided_is_what_it_is() -> None:
    found = expected_amounts(amounts([*FLAT, (0, 0, PAID, 200, 90), (0, 0, DENIED, 200, 0)]), cast(0.9))
    assert (found.low[0, 0], found.mid[0, 0], found.high[0, 0], found.known[0, 0]) == (90, 90, 90, 90)
    assert found.mid[0, 1] == 0


def test_open_claims_bring_their_price_as_often_as_they_will_be_paid() -> None:
    """90 known and 100 open claims at $1 of which 80 % will be paid: 90 + 80, give or take 1.28 x 4 claims."""
    found = expected_amounts(amounts([*FLAT, (0, 0, PAID, 200, 90), *[(0, 0, PENDING, 200, 0)] * 100]), cast(0.8, 0.2))
    assert found.mid[0, 0] == pytest.approx(90 + 8000, rel=0.003)
    assert found.low[0, 0] == pytest.approx(90 + 8000 - 1.28 * 400, abs=150)
    assert found.high[0, 0] == pytest.approx(90 + 8000 + 1.28 * 400, abs=150)


def test_prices_follow_charges_as_far_as_paid_claims_do() -> None:
    """Twice the charge brought half as much again: so does the open claim of twice the charge."""
    past = [(-1, 0, PAID, 100.0, 100.0), (-1, 0, PAID, 200.0, 150.0)] * 60
    found = expected_amounts(amounts([*past, (0, 0, PENDING, 100, 0), (1, 0, PENDING, 200, 0)]), cast(1.0))
    assert found.mid[0] == pytest.approx([100, 150], rel=0.02)


def test_a_denial_may_bring_a_part() -> None:
    """The payer's partial denials brought a quarter of the price."""
    past = [*FLAT, *[(-1, 0, DENIED, 200.0, 25.0)] * 20]
    found = expected_amounts(amounts([*past, *[(0, 0, PENDING, 200, 0)] * 10]), cast(0.0, 1.0))
    assert found.mid[0, 0] == pytest.approx(250, rel=0.01)


def test_a_procedure_never_paid_before_is_priced_as_the_payer_prices_charges() -> None:
    found = expected_amounts(amounts([*FLAT, (0, 1, PENDING, 600, 0)]), cast(1.0))
    assert found.mid[0, 0] == pytest.approx(300)


def test_where_nothing_may_come_the_interval_begins_with_nothing() -> None:
    found = expected_amounts(amounts([*FLAT, (0, 0, PENDING, 200, 0)]), cast(0.5))
    assert (found.low[0, 0], found.mid[0, 0]) == (0, 50)
    assert found.high[0, 0] > 90


def test_what_is_not_sure_widens_the_interval() -> None:
    rows = amounts([*FLAT, *[(0, 0, PENDING, 200, 0)] * 100])
    sure, unsure = (expected_amounts(rows, cast(0.8, 0.2, spread)) for spread in (0.0, 0.1))
    assert (unsure.high - unsure.low)[0, 0] > 2 * (sure.high - sure.low)[0, 0]


def test_the_interval_covers_what_comes_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    hit = []
    for _ in range(300):
        price = 100 * np.exp(0.3 * rng.standard_normal(90) - 0.045)
        past = [(-1, 0, PAID, 200.0, float(cents)) for cents in price[:50]]
        found = expected_amounts(amounts([*past, *[(0, 0, PENDING, 200, 0)] * 40]), cast(0.8, 0.2))
        truth = (price[50:] * (rng.random(40) < 0.8)).sum()
        hit.append(found.low[0, 0] <= truth <= found.high[0, 0])
    assert np.mean(hit) == pytest.approx(0.8, abs=0.05)


@given(st.permutations(range(12)))
def test_the_order_of_claims_changes_nothing(order: list[int]) -> None:
    rows = [(i % 2, i % 3, i % 3, 100.0 + i, 40.0 * (i % 3 == 1)) for i in range(12)]
    plain, turned = (expected_amounts(amounts(some), cast(0.7, 0.2, 0.05)) for some in (rows, [rows[i] for i in order]))
    assert turned.mid == pytest.approx(plain.mid)
    assert turned.low == pytest.approx(plain.low)
