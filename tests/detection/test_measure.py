"""What a cause amounts to, on claims that can be counted by hand."""

from dataclasses import replace

import numpy as np

from upstream.detection.claimrows import FAR, Claims, Labels
from upstream.detection.detectors.facts import Cube
from upstream.detection.detectors.scope import Scope
from upstream.detection.detectors.windows import BY_DECISION
from upstream.detection.grouping import Interval
from upstream.detection.layout import NEVER
from upstream.detection.measure import (
    FROM_CHARGES,
    FROM_FEES,
    Since,
    expected_allowed,
    measure_delay,
    measure_underpayment,
    monthly_cents,
    parts_of,
)

LABELS = Labels(("73721", "99213", ""), ("CO-197", ""), ("Main Street", ""))
COLUMNS = (
    "claim", "payer", "procedure", "reason", "location", "submitted_date", "known_week", "decision_week",
    "decided_date", "outcome", "billed", "allowed", "paid",
)  # fmt: skip
WEEK = np.datetime64("2026-03-02", "D")
PAYER = 5


def claims(*rows: tuple[int, int, int, int, int]) -> Claims:
    """Rows of (weeks back submitted, weeks back decided or -1, procedure, billed cents, allowed cents)."""
    today = int(WEEK.astype(np.int64))
    columns = []
    for number, (submitted, decided, procedure, billed, allowed) in enumerate(rows, start=1):
        sent, answered = today - 7 * submitted, NEVER if decided < 0 else today - 7 * decided
        outcome = 0 if decided < 0 else 1 if allowed else 2
        reason = 0 if outcome == 2 else -1
        columns.append(
            (
                number, PAYER, procedure, reason, 0, sent, sent, answered, answered, outcome, billed, allowed, allowed,
            )
        )  # fmt: skip
    return Claims.of(LABELS, **dict(zip(COLUMNS, np.array(columns, dtype=np.int64).T.copy(), strict=True)))


def test_a_claim_should_bring_what_its_procedure_brings() -> None:
    made = claims((9, 7, 0, 1_000, 400), (9, 7, 0, 1_000, 501), (3, 1, 0, 2_000, 0))
    cents, source = expected_allowed(made, made)
    assert (cents.tolist(), source) == ([450, 450, 450], FROM_FEES)


def test_without_a_paid_one_it_should_bring_a_share_of_its_charge() -> None:
    made = claims((9, 7, 0, 1_000, 400), (3, 1, 1, 500, 0))
    cents, source = expected_allowed(made, made)
    assert cents.tolist() == [400, 200]
    assert FROM_CHARGES in source


def test_a_payer_that_paid_nothing_owes_the_charge() -> None:
    made = claims((3, 1, 1, 500, 0))
    assert expected_allowed(made, made)[0].tolist() == [500]


def test_a_months_revenue_is_a_third_of_the_last_quarters() -> None:
    made = claims((20, 14, 0, 9, 9_000), (14, 12, 0, 9, 300), (3, 0, 0, 9, 300))
    assert monthly_cents(made, WEEK) == 200


def test_late_claims_are_those_that_half_of_the_usual_ones_did_not_wait_for() -> None:
    usual = [(submitted, submitted - 2, 0, 1_000, 400) for submitted in range(30, 60)]
    made = claims(*usual, (1, -1, 0, 1_000, 0), (2, -1, 0, 1_000, 0), (4, -1, 0, 1_000, 0), (4, 1, 0, 1_000, 400))
    days, late = Interval(14, 20, 26), Interval(1, 2, 3)
    found = measure_delay(made, WEEK, Since(Scope(PAYER), WEEK, BY_DECISION), days, late)
    assert (found.claim.tolist(), found.cents.tolist()) == ([32, 33], [400, 400])
    assert (found.observed, found.decided, found.expected, found.rate) == (2, 3, 0.0, days)


def test_underpaid_claims_should_have_brought_their_usual_amount() -> None:
    made = claims((9, 7, 0, 1_000, 500), (4, 2, 0, 1_000, 450), (4, 1, 0, 1_000, 0), (4, 1, 1, 1_000, 90))
    since = Since(Scope(PAYER, "73721"), WEEK - np.timedelta64(21, "D"), BY_DECISION)
    found = measure_underpayment(made, WEEK, since, Interval(0.85, 0.9, 0.95), Interval(1, 2, 3))
    assert (found.claim.tolist(), found.cents.tolist(), found.observed) == ([2], [500], 1)


def test_many_parts_end_in_one_row_that_holds_the_rest() -> None:
    codes = tuple(f"99{number:03}" for number in range(25))
    observed = np.arange(25, dtype=np.float64)[:, None, None]
    none = np.zeros((25, 1, 1))
    cube = Cube(observed, none + 0.5, none, none, none)
    made = replace(claims((4, 1, 0, 1_000, 0)), labels=Labels(codes, ("CO-16",), ("North",)))
    found = parts_of(cube, np.ones((25, 1, 1), dtype=np.bool_), made)
    assert (found["procedure"][0], len(found["procedure"])) == (("99024", 24.0, 0.5), 21)
    assert found["procedure"][-1] == ("all others", 10.0, 2.5)
    assert found["location"] == [("North", 300.0, 12.5)]


def test_what_was_decided_later_is_undone() -> None:
    made = claims((4, 1, 0, 1_000, 0)).known_by(WEEK - np.timedelta64(14, "D"))
    assert (made.outcome.tolist(), made.reason.tolist(), made.decision_week.tolist()) == (
        [0],
        [-1],
        [FAR.astype(object)],
    )


def test_facts_of_a_payer_hold_its_claims_alone() -> None:
    made = claims((4, 1, 0, 1_000, 400), (4, 1, 1, 1_000, 0))
    other = replace(made, payer=np.array([PAYER, 6]))
    facts = other.facts_of(6)
    assert (facts.procedure.tolist(), facts.reason.tolist(), facts.allowed_cents.tolist()) == ([1], [0], [0])
