"""Cash that waits at the end of each week, beside what usually does."""

import numpy as np

from upstream.detection.claimrows import Claims, Labels
from upstream.detection.late_cash import waiting_since
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
