"""The pure part: what a history holds, what follows from it, and how ranges follow earlier errors."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from upstream.core.charts import AheadChart, AheadWeek, ahead_chart
from upstream.detection.triangle import DENIED, PAID, PENDING, Rows
from upstream.forecast.bands import Band, band, came, whole
from upstream.forecast.history import history_of
from upstream.forecast.holidays import kinds_of
from upstream.forecast.model import Outlook, outlook
from upstream.forecast.rules import Range, Rightness, Told, rightness

FIRST = np.datetime64("2025-05-05", "D")
WEEKS = 44
Cells = list[tuple[int, int, int, int, int, int]]


def rows_of(cells: Cells) -> Rows:
    """Cells are (payer, week sent, week known, outcome, claims, cents paid)."""
    payer, sent, known, outcome, claims, cents = np.array(cells, dtype=np.int64).T
    none = np.zeros(len(payer), dtype=np.int64)
    weeks = FIRST + 7 * sent, FIRST + 7 * known
    return Rows(payer, none, ("",), *weeks, outcome, claims, none, none, cents)


def alike(weeks: int = WEEKS, each: int = 40, lag: int = 2, payers: int = 2) -> Cells:
    """Every week as the others: of 40 claims 34 are paid $100 and six refused two weeks later."""
    found: Cells = []
    for payer in range(payers):
        for week in range(weeks):
            found.append((payer, week, week, PENDING, each, 0))
            if week + lag < weeks:
                found += [(payer, week, week + lag, PAID, 34, 340_000), (payer, week, week + lag, DENIED, 6, 0)]
    return found


def expected(cells: Cells, kinds: NDArray[np.int64] | None = None, weeks: int = WEEKS) -> Outlook:
    history = history_of(rows_of(cells), FIRST + 7 * (weeks - 1))
    none = np.zeros(weeks + 4, dtype=np.int64)
    left_out = np.zeros((len(history.payers), weeks), dtype=np.bool_)
    found = outlook(history, none if kinds is None else kinds, left_out)
    assert found is not None
    return found


def test_a_history_knows_each_claim_by_its_age() -> None:
    history = history_of(rows_of(alike(weeks=6)), FIRST + 35)
    assert history.left[0, -1, :3].tolist() == [40, 40, 0]
    assert history.at_risk[0, -1, :4].tolist() == [40, 40, 40, 0]
    assert (history.other[0, -1, 2], history.refused[0, -1, 2], history.cash[0, -1]) == (34, 6, 340_000)


def test_weeks_that_were_alike_stay_so() -> None:
    found = expected(alike())
    assert found.cash.mid[0] == pytest.approx([340_000] * 4 + [1_360_000])
    assert found.denials.mid[-1] == pytest.approx([12, 12, 12, 12, 48])


def test_what_is_open_comes_though_nothing_more_is_sent() -> None:
    """The last two weeks brought nothing new: the two after the next ones bring little."""
    cells = [cell for cell in alike() if cell[1] < WEEKS - 2 or cell[3] != PENDING]
    mid = expected([cell for cell in cells if cell[1] < WEEKS - 2]).cash.mid[-1]
    assert mid[0] < 0.1 * 680_000
    assert mid[2] < 0.9 * 680_000


def test_a_payer_that_pays_later_for_half_a_year_is_followed() -> None:
    slow = [(p, s, k + (2 if k > s and s >= 20 else 0), o, n, c) for p, s, k, o, n, c in alike()]
    mid = expected([cell for cell in slow if cell[2] < WEEKS]).cash.mid[0, :4]
    assert mid == pytest.approx([340_000] * 4, rel=0.15)


def test_a_holiday_week_brings_less_and_the_weeks_after_it_more() -> None:
    kinds = np.zeros(WEEKS + 4, dtype=np.int64)
    kinds[WEEKS] = 2
    mid = expected(alike(), kinds).cash.mid[-1]
    assert mid[0] == pytest.approx(0.75 * 680_000, rel=0.02)


def test_too_little_past_is_no_forecast() -> None:
    history = history_of(rows_of(alike(weeks=19)), FIRST + 7 * 18)
    assert outlook(history, np.zeros(23, dtype=np.int64), np.zeros((2, 19), dtype=np.bool_)) is None


def test_the_greater_holiday_names_its_week() -> None:
    days = [
        ("Columbus Day", date(2025, 12, 22)),
        ("Christmas Day", date(2025, 12, 25)),
        ("Labor Day", date(2030, 1, 1)),
    ]
    assert kinds_of(date(2025, 12, 15), 3, days).tolist() == [0, 2, 0]


def test_what_came_is_known_only_when_it_is_over() -> None:
    found = came(np.array([[1.0, 2, 3, 4, 5, 6]]), 3)
    assert found[0, 0].tolist()[:2] == [5, 6]
    assert np.isnan(found[0, 0, 2])
    assert np.isnan(found[0, :, 4]).all()


def test_four_of_five_lie_in_the_band() -> None:
    rng = np.random.default_rng(5)
    values = rng.gamma(100, 1.0, (400, 60))
    means = np.full((400, 47, 5), 100.0)
    means[:, :, 4] = 400.0
    found = band(means, values, np.ones((400, 47), dtype=np.bool_))
    fresh = rng.gamma(100, 1.0, 400)
    inside = ((found.low[:, 0] <= fresh) & (fresh <= found.high[:, 0])).mean()
    assert 0.75 < inside < 0.87


def test_rightness_counts_bands_that_held_and_what_they_were_off() -> None:
    told = [Told(step, Range(8, 10, 12), came, 20.0) for step in (1, 2, 3, 4) for came in (9.0, 10.0, 11.0, 15.0)]
    assert rightness(told) == Rightness(16, 0.75, 7 / 45, (11 + 10 + 9 + 5) / 45)
    assert rightness(told[:3]) is None
    assert rightness([Told(4, Range(0, 1, 2), 1.0, None)] * 4) == Rightness(4, 1.0, 0.0, None)


def test_the_chart_has_its_weeks_as_a_table() -> None:
    weeks = (AheadWeek(date(2026, 3, 2), 110_000, (80_000, 100_000, 125_000)), AheadWeek(date(2026, 3, 9), None))
    chart = AheadChart("Cash by week", weeks)
    assert chart.rows() == [
        ("2 Mar 2026", "$1,100", "$1,000", "$800 to $1,250"),
        ("9 Mar 2026", "not yet", "", ""),
    ]
    said = str(ahead_chart(chart))
    assert said.count("<rect") == 3
    assert "<desc>1 weeks that are over; expected from the week of none.</desc>" in said


def test_a_range_of_claims_is_one_of_whole_claims() -> None:
    """A week without a denial lies in the range of one that expects hardly any; the middle never leaves it."""
    ends = ([0.2, 0.6, 46.4, 0.0], [0.9, 1.4, 53.0, 0.3], [2.7, 2.2, 60.9, 0.8])
    found = whole(Band(*(np.array([end]) for end in ends)))
    assert found.low.tolist() == [[0.0, 1.0, 46.0, 0.0]]
    assert found.mid.tolist() == [[0.9, 1.4, 53.0, 0.3]]
    assert found.high.tolist() == [[2.0, 2.0, 60.0, 0.3]]
