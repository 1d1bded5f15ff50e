"""When checks fail, what a file scores, and what a rhythm says. Numbers worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.ingestion.quality.checks import BY_NAME, CHECKS
from upstream.ingestion.quality.choices import Level, Severity
from upstream.ingestion.quality.predicates import PREDICATES
from upstream.ingestion.quality.rhythm import bank_holidays, days_between, learned, volume_of
from upstream.ingestion.quality.rules import Limit, Measured, judged, lower_bound, mean_score, score_of, usual_of
from upstream.ingestion.quality.wording import caveat, counted, limit

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("count", "of", "failed"),
    [(0, 100, False), (2, 100, False), (3, 100, True), (1, 19, None), (0, 0, None)],
)
def test_a_share_fails_above_its_limit_and_not_on_few_rows(count: int, of: int, failed: bool | None) -> None:
    assert judged(Measured(count, of), Limit(0.02, least=20)).failed is failed


def test_a_thinner_field_is_compared_with_earlier_files_of_the_kind() -> None:
    limit = Limit(over_usual=0.25, least=10)
    usual = (0.1, 0.9, 0.1, 0.1)
    assert judged(Measured(40, 100, usual_of(usual[:2])), limit).failed is None
    assert judged(Measured(35, 100, usual_of(usual)), limit).failed is False
    assert judged(Measured(36, 100, usual_of(usual)), limit).failed is True


def test_few_lines_do_not_cry_wolf_about_denials() -> None:
    heavy = BY_NAME["heavy_denials"].limit
    assert [judged(Measured(denied, 40), heavy).failed for denied in (16, 20, 24)] == [False, False, True]
    assert round(lower_bound(24, 40), 4) == 0.4702


def test_heavy_denials_are_news_only_above_what_the_files_usually_hold() -> None:
    heavy = BY_NAME["heavy_denials"].limit
    for usual, failed in ((0.1, True), (0.36, True), (0.38, False), (0.6, False)):
        assert judged(Measured(24, 40, usual), heavy).failed is failed
    assert judged(Measured(24, 40, None), heavy).failed is True


def test_one_cause_explains_heavy_denials_where_a_fifth_is_left_that_is_as_always() -> None:
    heavy = BY_NAME["heavy_denials"].limit
    for one_cause, failed in ((24, False), (17, False), (16, True), (0, True)):
        assert judged(Measured(24, 40, one_cause=one_cause), heavy).failed is failed
    for usual, failed in ((0.1, True), (0.3, False)):
        assert judged(Measured(24, 40, usual, one_cause=18), heavy).failed is failed
    for one_cause, of, failed in ((160, 200, False), (161, 200, True), (200, 200, True)):
        assert judged(Measured(one_cause, of, one_cause=one_cause), heavy).failed is failed


def test_score_is_what_the_formula_says() -> None:
    assert score_of([]) == 100
    assert score_of([Severity.FAULT, Severity.WARNING, Severity.NOTE]) == 65
    assert score_of([Severity.FAULT] * 5) == 0
    assert mean_score([(100, 30), (40, 10)]) == 85.0
    assert mean_score([(100, 0), (50, 0)]) == 75.0
    assert mean_score([]) is None


def test_every_check_says_everything_and_rows_are_counted_by_known_ones() -> None:
    assert len(BY_NAME) == len(CHECKS)
    assert {check.name for check in CHECKS if not all((check.title, check.rows, check.caveat, check.reason))} == set()
    assert set(PREDICATES) <= {check.name for check in CHECKS if check.level == Level.FILE}


def test_words_agree_in_number() -> None:
    assert caveat("unbalanced_payments", "Summit Mutual", 2) == (
        "2 files of Summit Mutual are out of balance: look at the data first"
    )
    assert caveat("heavy_denials", "", 1) == ("1 file has more than 40% of lines denied: look at the data first")
    assert caveat("payer_silent", "Civic Care", 0) == (
        "Civic Care has sent no remittance for longer than its rhythm explains: look at the data first"
    )
    assert counted("no_procedure", 12, 300, {}) == "12 of 300: claims without a procedure code"
    assert counted("new_layout", 3, 9, {"new_columns": ["units", "0a1b2c3d4e5f"], "gone_columns": ["allowed"]}) == (
        "2 new columns (units), 1 columns that are gone (allowed)"
    )
    assert limit("payer_silent", 0.0001, 0.001) == "chance one in 10,000, limit one in 1,000"


def test_a_weekly_payer_surprises_after_three_silent_weeks() -> None:
    """Every Thursday of 26 weeks: a Thursday without anything has a chance of 0.5 in 27."""
    thursdays = {MONDAY + timedelta(days=3 - 7 * week) for week in range(1, 27)}
    rhythm = learned(thursdays, MONDAY)
    assert rhythm is not None
    assert (rhythm.weeks, round(rhythm.chances[3], 5), round(rhythm.chances[0], 5)) == (26, 0.98148, 0.01852)
    one = rhythm.surprise(days_between(MONDAY, MONDAY + timedelta(days=6)))
    assert round(one, 5) == round((0.5 / 27) * (1 - 0.5 / 27) ** 6, 5)
    assert one > 0.001 > one * one


def test_every_other_week_is_treated_with_caution() -> None:
    fridays = {MONDAY + timedelta(days=4 - 14 * fortnight) for fortnight in range(1, 14)}
    rhythm = learned(fridays, MONDAY)
    assert rhythm is not None
    assert rhythm.surprise(days_between(MONDAY, MONDAY + timedelta(days=27))) > 0.001


def test_too_short_a_history_says_nothing() -> None:
    assert learned({MONDAY - timedelta(days=7 * week) for week in range(1, 6)}, MONDAY) is None
    assert learned(set(), MONDAY) is None
    assert volume_of([100] * 8) is None
    assert volume_of([9] * 20 + [0]) is None


def test_volume_counts_the_weeks_own_variance() -> None:
    steady = volume_of([100] * 26 + [40])
    assert steady is not None
    assert (steady.usual, steady.times, round(steady.deviations, 2)) == (100, 0.4, -5.89)
    wild = volume_of([20, 180] * 13 + [40])
    assert wild is not None
    assert round(wild.deviations, 2) == -0.72


def test_bank_holidays_of_a_year() -> None:
    assert sorted(bank_holidays(2027)) == [
        date(2027, 1, 1), date(2027, 1, 18), date(2027, 2, 15), date(2027, 5, 31), date(2027, 6, 19), date(2027, 7, 5),
        date(2027, 9, 6), date(2027, 10, 11), date(2027, 11, 11), date(2027, 11, 25), date(2027, 12, 25),
    ]  # fmt: skip


@given(st.sets(st.dates(date(2025, 6, 1), date(2026, 3, 1))))
def test_a_chance_is_never_certain(days: set[date]) -> None:
    rhythm = learned(days, MONDAY)
    assert rhythm is None or all(0 < chance < 1 for chance in rhythm.chances)
