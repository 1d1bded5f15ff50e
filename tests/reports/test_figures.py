from upstream.kpis.rules import days_to
from upstream.reports.figures import Waits, curve_points, decided_by


def test_share_decided_without_waiting_claims_is_a_plain_count():
    assert decided_by(Waits({10: 5, 20: 5}, {})) == {10: 0.5, 20: 1.0}


def test_claims_that_still_wait_count_only_as_long_as_they_waited():
    reached = decided_by(Waits({10: 4, 30: 4}, {15: 2}))
    assert reached == {10: 0.4, 30: 1.0}
    assert decided_by(Waits({10: 4}, {15: 6})) == {10: 0.4}


def test_days_to_a_share_that_was_not_reached_are_not_known():
    reached = {10: 0.4, 30: 0.8}
    assert (days_to(reached, 0.4), days_to(reached, 0.5), days_to(reached, 0.9)) == (10, 30, None)


def test_the_curve_has_every_day_up_to_its_last_decision():
    assert curve_points({1: 0.25, 3: 1.0}) == ((0, 0.0), (1, 0.25), (2, 0.25), (3, 1.0))
    assert curve_points({}) == ((0, 0.0),)
    assert curve_points({400: 1.0})[-1][0] == 120
