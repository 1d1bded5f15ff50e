"""Cash that waits at the end of each week, beside what usually does."""

import numpy as np
import pytest

from upstream.detection.claimrows import Claims, Labels
from upstream.detection.late_cash import Waiting, late_cash, waiting_since
from upstream.detection.layout import NEVER
from upstream.detection.triangle import ONE_WEEK, PAID, PENDING

MONDAY = np.datetime64("2024-01-01", "D")
WEEKS, FORGOTTEN = 30, 5


def test_a_claim_waits_until_its_answer_and_sixteen_weeks_at_most() -> None:
    """A dollar a week, answered a week later; that of week 5 never is."""
    sent = (MONDAY + np.arange(WEEKS) * ONE_WEEK).astype(np.int64)
    never = np.arange(WEEKS) == FORGOTTEN
    claims = Claims.of(
        Labels(), payer=np.ones(WEEKS, dtype=np.int64), submitted_date=sent, known_week=sent,
        decision_week=np.where(never, NEVER, sent + 7), outcome=np.where(never, PENDING, PAID),
    )  # fmt: skip
    place, cents = np.ones(WEEKS, dtype=np.bool_), np.full(WEEKS, 100)
    found = waiting_since(claims, place, cents, MONDAY + 29 * ONE_WEEK, MONDAY + 20 * ONE_WEEK)
    assert found.seen.tolist() == [200.0] * 5 + [100.0] * 9
    assert found.expected.tolist() == [100.0] * 14
    assert (found.since, found.claims) == (10, 10)


def test_cash_that_is_late_costs_its_price_until_now_and_for_thirty_days_more() -> None:
    """$1,000 usually wait; for four weeks it is $3,650 more, at 8 % a year: 80 cents a day."""
    seen = np.concatenate([np.full(40, 100_000.0), np.full(4, 465_000.0)])
    found = Waiting(seen, np.full(44, 100_000.0), since=4, claims=400)
    late = late_cash(found, 1.0, 0.08, np.random.default_rng(1))
    assert late.held.mid == pytest.approx(365_000)
    assert late.lost[0] == pytest.approx(4 * 7 * 80)
    assert late.ahead[0] == pytest.approx(30 * 80)
