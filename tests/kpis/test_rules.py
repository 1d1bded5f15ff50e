"""Spans, shares, survival: literal numbers."""

from datetime import date

import pytest

from upstream.core.errors import Invalid
from upstream.kpis.definitions import DENIAL_RATE
from upstream.kpis.rules import Cohort, Span, days_to, endings, middle, nowcast, ratio, reached, share

MONDAY = date(2026, 1, 5)


def test_survival_is_kaplan_and_meiers() -> None:
    """Five watched: two end on day 3, one leaves on day 4, one ends on day 7, one is watched to day 9."""
    curve = reached({3: 2, 7: 1}, {4: 1, 9: 1})
    assert curve == {3: 0.4, 7: 0.7}
    assert (days_to(curve, 0.5), days_to(curve, 0.9)) == (7, None)


def test_ends_compete() -> None:
    """Of four, one is paid on day 2 and one is the patient's on day 4 while one was watched to day 3 only."""
    assert endings(({2: 1}, {4: 1}), {3: 1, 9: 1}, 5) == [0.25, 0.375]
    assert endings(({2: 1}, {}), {3: 1}, 5) is None


def test_middle_of_counts() -> None:
    assert middle({2: 1, 5: 1, 9: 1}, 0.5) == 5
    assert middle({}, 0.5) is None


def test_spans_are_whole_weeks() -> None:
    span = Span.of_days(date(2026, 1, 7), date(2026, 1, 18))
    assert (span.first, span.last, span.end, span.weeks) == (MONDAY, date(2026, 1, 12), date(2026, 1, 18), 2)
    assert span.back(26).first == date(2025, 7, 7)
    for first, last in ((date(2026, 1, 12), MONDAY), (date(2020, 1, 6), MONDAY), (MONDAY, date(2026, 1, 13))):
        with pytest.raises(Invalid):
            Span(first, last)


def test_shares_carry_an_interval_and_nothing_is_unknown() -> None:
    found = share(DENIAL_RATE, 10, 100)
    assert (found.value, found.n) == (0.1, 100)
    assert (found.low, found.high) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert share(DENIAL_RATE, 0, 0).unknown == ratio(DENIAL_RATE, 0, 0).unknown == "nothing of the kind in this period"


def test_young_weeks_of_one_payer_err_together_and_others_apart() -> None:
    """Rooms of 3 and 4 claims: together 7 of one payer's young weeks, apart 5 of two payers'."""
    young = [Cohort(1, MONDAY, 100, 0.07, 0.1, 0.13, 0.5, True), Cohort(1, MONDAY, 100, 0.06, 0.1, 0.14, 0.5, True)]
    apart = [young[0], Cohort(2, MONDAY, 100, 0.06, 0.1, 0.14, 0.5, True)]
    found = nowcast(DENIAL_RATE, young)
    assert (found.low, found.high) == pytest.approx((0.1 - 7 / 200, 0.1 + 7 / 200))
    assert (found.value, found.n, found.maturity) == (pytest.approx(0.1), 200, 0.5)
    assert nowcast(DENIAL_RATE, apart).high == pytest.approx(0.1 + 5 / 200)
