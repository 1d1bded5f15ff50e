from datetime import date

import pytest

from upstream.reports.render import words
from upstream.reports.shapes import MoneyRange


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 11, 9), date(2026, 11, 15), "9 to 15 November 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "30 November to 6 December 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 to 3 January 2027"),
    ],
)
def test_period(start, end, said):
    assert words.period(start, end) == said


@pytest.mark.parametrize(
    ("cents", "said"), [(None, ""), (0, "no change"), (120_000, "+$1,200"), (-30_000, "-$300"), (-49, "no change")]
)
def test_change(cents, said):
    assert words.change(cents) == said


@pytest.mark.parametrize(
    ("value", "said"), [(None, "–"), (4.25, "+4.3"), (-0.6, "-0.6"), (0.0, "0.0"), (0.04, "0.0"), (-0.04, "0.0")]
)
def test_points(value, said):
    assert words.points(value) == said


def test_ranges_and_counts():
    assert words.between(MoneyRange(920_000, 1_210_000, 1_480_000)) == "$9,200 to $14,800"
    assert words.rate_between(0.098, 0.153) == "9.8 to 15.3%"
    assert words.rate(0.1235) == "12.4%"
    assert words.count(1, "claim") == "1 claim"
    assert words.count(1204, "claim") == "1,204 claims"
