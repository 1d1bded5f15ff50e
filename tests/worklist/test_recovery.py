"""What usually comes back: thin histories lean on wider ones, and what is told comes true."""

from datetime import date

import numpy as np
import pytest

from upstream.worklist.models import Recovery
from upstream.worklist.pricing import Paid, Prices, Usual
from upstream.worklist.recovery import recoveries_of

DAY = date(2026, 3, 2)


def by_key(rows: list[Recovery]) -> dict[tuple[int | None, str], Recovery]:
    return {(row.payer_id, row.category): row for row in rows}


def test_each_circle_leans_on_the_next_wider_one() -> None:
    found = by_key(recoveries_of({(1, "AUTH"): (180, 90), (2, "AUTH"): (0, 0), (1, "DATA"): (110, 11)}, DAY))
    shares = {key: (row.claims, row.won, row.share, row.from_share) for key, row in found.items()}
    assert shares == {
        (None, ""): (290, 101, 0.34, 0.1),  # 102 of 300
        (None, "AUTH"): (180, 90, 0.4957, 0.34),  # 91.7 of 185
        (None, "DATA"): (110, 11, 0.1104, 0.34),  # 12.7 of 115
        (1, "AUTH"): (180, 90, 0.4996, 0.4957),  # 99.9 of 200
        (2, "AUTH"): (0, 0, 0.4957, 0.4957),  # nothing of its own
        (1, "DATA"): (110, 11, 0.1016, 0.1104),  # 13.2 of 130
    }
    assert found[2, "AUTH"].high - found[2, "AUTH"].low > 2 * (found[None, "AUTH"].high - found[None, "AUTH"].low)


def test_without_any_history_one_in_ten_and_it_is_said_from_how_many() -> None:
    (row,) = recoveries_of({}, DAY)
    assert (row.payer_id, row.category, row.claims, row.won, row.share, row.from_share) == (None, "", 0, 0, 0.1, 0.1)
    assert row.low < 0.02 < 0.2 < row.high
    assert Usual({}).share(1, "AUTH") == 0.1
    assert Usual({}).of(1, "AUTH") is None


def test_the_narrowest_circle_with_a_row_is_asked() -> None:
    usual = Usual(by_key(recoveries_of({(1, "AUTH"): (50, 25), (2, "DATA"): (50, 5)}, DAY)))
    assert [
        (row.payer_id, row.category)
        for row in (usual.of(1, "AUTH"), usual.of(3, "AUTH"), usual.of(1, "COB"))
        if row
    ] == [(1, "AUTH"), (None, "AUTH"), (None, "")]  # fmt: skip


@pytest.mark.parametrize("claims", [3, 15, 60, 300])
def test_told_shares_come_true_on_simulated_practices(claims: int) -> None:
    """400 practices of 4 payers and 5 categories: 80 % intervals hold about 80 % of true shares, and dollars add up.

    Categories differ much and payers within a category some, as they do in published overturn rates.
    """
    rng = np.random.default_rng(20_260_302 + claims)
    inside, told_cents, came_cents, cells = 0, 0.0, 0.0, 0
    for _ in range(400):
        category = rng.beta(2.0, 3.0, 5)
        true = rng.beta(20 * category, 20 * (1 - category), (4, 5))
        won = rng.binomial(claims, true)
        tallies = {(p, f"C{c}"): (claims, int(won[p, c])) for p in range(4) for c in range(5)}
        found = by_key(recoveries_of(tallies, DAY))
        for (payer, name), _ in tallies.items():
            row, truth = found[payer, name], float(true[payer, int(name[1])])
            inside += row.low <= truth <= row.high
            cells += 1
            told_cents += 10_000 * row.share
            came_cents += 10_000 * rng.binomial(1, truth)
    assert 0.70 <= inside / cells <= 0.90
    assert told_cents == pytest.approx(came_cents, rel=0.05)


def test_a_charge_is_worth_what_the_payer_allows_of_such_charges() -> None:
    prices = Prices(
        {(1, "73721"): Paid(20, 100_000, 40_000), (1, "99213"): Paid(2, 100, 90)},
        {1: Paid(22, 100_100, 40_090), 2: Paid(3, 100, 100)},
        Paid(25, 100_200, 40_190),
    )
    assert prices.expected(1, "73721", 98_000) == 39_200
    assert prices.expected(1, "99213", 10_000) == 4_005  # too few of its own: the payer's
    assert prices.expected(2, "73721", 10_000) == 4_011  # too few of the payer's: everybody's
    assert Prices({}, {}, Paid()).expected(1, "73721", 98_000) == 98_000


def test_nothing_is_worth_more_than_its_charge() -> None:
    assert Prices({}, {1: Paid(10, 1_000, 1_500)}, Paid()).expected(1, "73721", 1_000) == 1_000
