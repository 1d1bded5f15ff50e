import numpy as np
import pytest

from tests.detection.pure.worlds import CODES, START, World, cut
from upstream.core.errors import Invalid
from upstream.detection import triangle
from upstream.detection.triangle import ONE_WEEK, Rows

PENDING, PAID, DENIED, PARTIAL = 0, 1, 2, 3


def rows_of(*lines: tuple[int, int, int, int, int]) -> Rows:
    """(key, submitted week, known week, outcome, claims) of payer 7."""
    key, submitted, known, outcome, claims = np.array(lines).T
    none = np.zeros(len(lines), dtype=np.int64)
    return Rows(
        none + 7, key, ("a", "b"), START + submitted * ONE_WEEK, START + known * ONE_WEEK, outcome, claims, none, none,
        none,
    )  # fmt: skip


def test_counts_by_cohort_and_lag():
    made = triangle.build(
        "procedure",
        rows_of((0, 0, 0, PENDING, 9), (0, 0, 2, PAID, 5), (0, 0, 2, DENIED, 2), (0, 1, 2, PARTIAL, 1)),
        START + 2 * ONE_WEEK,
    )
    assert made.keys == ((7, "a"),)
    assert made.submitted.tolist() == [[9, 0, 0]]
    assert made.decided[0, :, :3].tolist() == [[0, 0, 7], [0, 1, 0], [0, 0, 0]]
    assert made.denied[0, :, :3].tolist() == [[0, 0, 2], [0, 1, 0], [0, 0, 0]]


def test_a_decision_after_fifteen_weeks_counts_in_the_last_lag():
    made = triangle.build("procedure", rows_of((1, 0, 0, PENDING, 1), (1, 0, 30, DENIED, 1)), START + 30 * ONE_WEEK)
    assert made.denied[0, 0].tolist() == [0] * 15 + [1]


def test_reasons_stand_over_the_decisions_of_their_payer():
    payer = triangle.build("payer", rows_of((0, 0, 0, PENDING, 9), (0, 0, 1, PAID, 5)), START + ONE_WEEK)
    payer = triangle.Triangle("payer", ((7, ""),), payer.weeks, payer.submitted, payer.decided, payer.denied)
    made = triangle.build("reason", rows_of((1, 0, 1, DENIED, 2)), START + ONE_WEEK, base=payer)
    assert made.keys == ((7, "b"),)
    assert made.submitted.tolist() == [[9, 0]]
    assert made.decided[0, 0, 1] == 5
    assert made.denied[0, 0, 1] == 2


def test_what_became_known_later_changes_nothing():
    world = World(weeks=30)
    rows = world.rows(world.code, CODES)
    for week in (5, 12, 22):
        as_of = START + week * ONE_WEEK
        whole = triangle.build("procedure", rows, as_of)
        known = triangle.build("procedure", cut(rows, rows.known_week <= as_of), as_of)
        assert whole.keys == known.keys
        for name in ("weeks", "submitted", "decided", "denied"):
            np.testing.assert_array_equal(getattr(whole, name), getattr(known, name))


def test_the_as_of_week_is_given_by_its_monday():
    with pytest.raises(Invalid, match="Monday"):
        triangle.build("payer", rows_of((0, 0, 0, PENDING, 1)), np.datetime64("2024-01-02", "D"))


def test_series_that_began_later_are_aligned_with_empty_weeks():
    made = triangle.build("procedure", rows_of((0, 3, 3, PENDING, 2), (0, 3, 4, DENIED, 1)), START + 4 * ONE_WEEK)
    wide = triangle.aligned(made, triangle.mondays(START, START + 4 * ONE_WEEK))
    assert wide.submitted.tolist() == [[0, 0, 0, 2, 0]]
    assert wide.denied.sum() == wide.denied[0, 3, 1] == 1
    assert triangle.aligned(wide, made.weeks).submitted.tolist() == made.submitted.tolist()
