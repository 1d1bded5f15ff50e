"""What a cause amounts to, on claims that can be counted by hand."""

from dataclasses import replace

import numpy as np

from upstream.detection.claimrows import FAR, Claims, Labels
from upstream.detection.counterfactual import usual_denials
from upstream.detection.detectors.scope import Scope
from upstream.detection.grouping import Interval
from upstream.detection.layout import NEVER
from upstream.detection.measure import (
    Since,
    measure_delay,
    measure_denials,
    measure_underpayment,
    monthly_cents,
    parts_of,
)
from upstream.detection.prices import FROM_CHARGES, FROM_FEES, prices_of
from upstream.detection.spans import BY_DECISION

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


def test_a_claim_should_bring_the_median_of_its_procedure_raised_to_what_was_really_allowed() -> None:
    made = claims((9, 7, 0, 1_000, 400), (9, 7, 0, 1_000, 400), (9, 7, 0, 1_000, 460), (3, 1, 0, 1_000, 0))
    found = prices_of(made, WEEK)
    assert (found.cents.tolist(), found.source) == ([420] * 4, FROM_FEES)


def test_twice_the_charge_brings_twice_the_amount_where_it_always_did() -> None:
    usual = [(9, 7, 0, charge, charge * 4 // 10) for charge in (1_000, 2_000, 1_000, 2_000)] * 10
    made = claims(*usual, (3, 1, 0, 1_000, 0), (3, 1, 0, 2_000, 0))
    assert prices_of(made, WEEK).cents[-2:].tolist() == [400, 800]


def test_a_claim_of_other_terms_brings_what_those_bring() -> None:
    made = claims(*[(9, 7, 0, 1_000, 400)] * 12, *[(9, 7, 0, 1_000, 200)] * 12, (3, 1, 0, 1_000, 0))
    other = replace(made, terms=np.array([0] * 12 + [5] * 13))
    found = prices_of(other, WEEK)
    assert found.cents[-1] == 200
    assert found.counts(np.arange(25) == 24) == {"terms": 1, "procedure": 0, "charge": 0}


def test_without_a_paid_one_it_should_bring_a_share_of_its_charge() -> None:
    made = claims((9, 7, 0, 1_000, 400), (3, 1, 1, 500, 0))
    found = prices_of(made, WEEK)
    assert found.cents.tolist() == [400, 200]
    assert FROM_CHARGES in found.source


def test_a_payer_that_paid_nothing_owes_the_charge() -> None:
    made = claims((3, 1, 1, 500, 0))
    assert prices_of(made, WEEK).cents.tolist() == [500]


def test_a_months_revenue_is_a_third_of_the_last_quarters() -> None:
    made = claims((20, 14, 0, 9, 9_000), (14, 12, 0, 9, 300), (3, 0, 0, 9, 300))
    assert monthly_cents(made, WEEK) == 200


def test_late_claims_are_those_that_half_of_the_usual_ones_did_not_wait_for() -> None:
    usual = [(submitted, submitted - 2, 0, 1_000, 400) for submitted in range(30, 60)]
    made = claims(*usual, (1, -1, 0, 1_000, 0), (2, -1, 0, 1_000, 0), (4, -1, 0, 1_000, 0), (4, 1, 0, 1_000, 400))
    days = Interval(14, 20, 26)
    found = measure_delay(made, WEEK, Since(Scope(PAYER), WEEK, BY_DECISION), (9.0, days))
    assert (found.claim.tolist(), found.cents.tolist()) == ([32, 33], [400, 400])
    assert (found.observed, found.decided, found.expected) == (2, 3, 0.0)
    assert (found.usual_rate, found.rate) == (9.0, days)
    assert found.money.held.mid == 800
    assert found.money.shares.tolist() == [0, 1]
    assert found.money.lost.mid == round(800 * 7 * 0.08 / 365)


def test_underpaid_claims_should_have_brought_their_usual_amount() -> None:
    usual = [(20 + back, 18 + back, 0, 1_000, 500) for back in range(40)]
    made = claims(*usual, (4, 2, 0, 1_000, 450), (4, 1, 0, 1_000, 0), (4, 1, 1, 1_000, 90))
    since = Since(Scope(PAYER, "73721"), WEEK - np.timedelta64(21, "D"), BY_DECISION)
    found = measure_underpayment(made, WEEK, since)
    assert (found.claim.tolist(), found.observed) == ([41], 1)
    assert found.money.shares.tolist() == [round(found.money.lost.mid)]
    assert found.cents.tolist() == [450 + found.money.shares[0]]


def test_a_cut_of_exact_fees_is_measured_whole_and_one_odd_amount_does_not_move_it() -> None:
    usual = [(20 + back, 18 + back, 0, 1_000, 50_000) for back in range(40)]
    made = claims(*usual, *[(4, 2, 0, 1_000, 42_500)] * 12, (4, 2, 0, 1_000, 100_000))
    found = measure_underpayment(made, WEEK, Since(Scope(PAYER), WEEK - np.timedelta64(21, "D"), BY_DECISION))
    assert abs(found.rate.mid - 0.85) < 0.005
    assert found.rate.low < 0.85 < found.rate.high
    allowed = 12 * 42_500 + 100_000
    assert abs(found.money.lost.mid - allowed * (1 / 0.85 - 1)) < 0.01 * allowed


def test_what_is_lost_is_denied_beyond_the_usual_and_stands_on_the_denied_claims_to_the_cent() -> None:
    usual = [(10 + i % 40, 8 + i % 40, 0, 1_000, 0 if i // 40 == 3 else 400) for i in range(400)]
    since = [(3, 1, 0, 1_000, 0 if i % 2 == 0 else 400) for i in range(40)]
    found = measure_denials(
        claims(*usual, *since), WEEK, Since(Scope(PAYER), WEEK - np.timedelta64(21, "D"), BY_DECISION)
    )
    assert (found.observed, found.decided, round(found.expected)) == (20, 40, 4)
    assert found.cents.sum() == 20 * 400
    assert abs(found.money.lost.mid - 16 * 400) < 200
    assert found.money.shares.sum() == found.money.lost.mid
    assert 0 < found.money.lost.low < found.money.lost.mid < found.money.lost.high
    assert found.money.ahead.low < found.money.ahead.mid < found.money.ahead.high


def test_no_more_denials_than_usual_have_cost_nothing() -> None:
    usual = [(3 + i % 50, 1 + i % 50, 0, 1_000, 0 if i // 50 == 3 else 400) for i in range(500)]
    since = Since(Scope(PAYER), WEEK - np.timedelta64(21, "D"), BY_DECISION)
    found = measure_denials(claims(*usual), WEEK, since)
    assert found.money.lost.low < 0 < found.money.lost.high


def test_many_parts_end_in_one_row_that_holds_the_rest() -> None:
    rows = [(4, 1, 0, 1_000, 0 if i < code else 400) for code in range(25) for i in range(30)]
    made = replace(
        claims(*rows),
        labels=Labels((*(f"99{number:03}" for number in range(25)), ""), ("CO-16", ""), ("North", "")),
        procedure=np.repeat(np.arange(25), 30),
    )
    usual = usual_denials(made, Scope(PAYER), WEEK - np.timedelta64(28, "D"), BY_DECISION, WEEK)
    found = parts_of(made, usual, usual.inside)
    assert (found["procedure"][0][:2], len(found["procedure"])) == (("99024", 24.0), 21)
    assert found["procedure"][-1][0] == "all others"
    for rows_of_axis in found.values():
        assert sum(seen for _, seen, _ in rows_of_axis) == 300
        assert abs(sum(expected for _, _, expected in rows_of_axis) - usual.chance.sum()) < 1e-6


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
