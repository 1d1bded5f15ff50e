"""What would have been denied anyway: by the mix of the claims, with room for chance and for batches."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from upstream.detection.bootstrap import generator
from upstream.detection.claimrows import Claims, Labels
from upstream.detection.counterfactual import usual_cost, usual_denials
from upstream.detection.detectors.scope import Scope
from upstream.detection.measure import Since, measure_denials
from upstream.detection.money import denied_money
from upstream.detection.prices import prices_of
from upstream.detection.spans import BY_DECISION

LABELS = Labels(("70553", "99213", ""), ("CO-197", ""), ("Main Street", ""))
MONDAY = np.datetime64("2026-03-02", "D")
WEEKS, SINCE = 70, 8
ONSET = MONDAY - np.timedelta64(7 * (SINCE - 1), "D")
PAYER, FEES = 5, np.array([36_000, 9_800])
RATES = np.array([0.30, 0.05])
DEAR, CHEAP = 0, 1


def practice(
    seed: int, *, per_week: int = 40, dear: float = 0.2, dear_since: float | None = None, times: float = 1.0,
    batches: bool = False,
) -> Claims:  # fmt: skip
    """Seventy weeks of two procedures, decided after two weeks.

    In the last eight the dear one's share is `dear_since` and denials are `times` as likely; with `batches` a payer's
    day denies nothing or four times the usual.
    """
    draw = np.random.default_rng(seed)
    back = np.repeat(np.arange(WEEKS), per_week)
    late = back < SINCE
    mix = np.where(late, dear if dear_since is None else dear_since, dear)
    code = (draw.random(len(back)) >= mix).astype(np.int64)
    chance = np.minimum(RATES[code] * np.where(late, times, 1.0), 0.95)
    if batches:
        chance = chance * 3 * (draw.random(WEEKS) < 1 / 3)[back]
    denied = draw.random(len(back)) < chance
    allowed = np.where(denied, 0, np.rint(FEES[code] * draw.lognormal(0, 0.1, len(back)))).astype(np.int64)
    decided = int(MONDAY.astype(np.int64)) - 7 * back
    return of_columns(code, np.where(denied, 0, -1), decided - 14, decided, np.where(denied, 2, 1), allowed)


def of_columns(
    code: NDArray[np.int64], reason: NDArray[np.int64], sent: NDArray[np.int64], decided: NDArray[np.int64],
    outcome: NDArray[np.int64], allowed: NDArray[np.int64],
) -> Claims:  # fmt: skip
    """Claims of one payer and place, by procedure, days and outcome."""
    none = np.zeros(len(code), dtype=np.int64)
    return Claims.of(
        LABELS, claim=np.arange(len(code)), payer=none + PAYER, procedure=code, reason=reason, location=none,
        submitted_date=sent, known_week=sent, decision_week=decided, decided_date=decided, outcome=outcome,
        billed=FEES[code] * 2, allowed=allowed, paid=allowed,
    )  # fmt: skip


def since(code: str = "") -> Since:
    return Since(Scope(PAYER, code), ONSET, BY_DECISION)


def test_more_of_what_is_always_denied_costs_nothing() -> None:
    inside = 0
    for seed in range(40):
        found = measure_denials(practice(seed, dear_since=0.6), MONDAY, since()).money.lost
        inside += found.low <= 0 <= found.high
    assert 28 <= inside <= 38


def test_twice_the_denials_cost_what_they_cost() -> None:
    inside = []
    for seed in range(40):
        made = practice(seed, times=2.0)
        found = measure_denials(made, MONDAY, since()).money.lost
        recent = made.decision_week >= ONSET
        true = float((RATES[made.procedure] * FEES[made.procedure])[recent].sum())
        inside.append(found.low <= true <= found.high)
        assert 0.4 * true < found.mid < 1.8 * true
    assert 26 <= sum(inside) <= 39


def test_denials_that_come_in_batches_widen_the_interval() -> None:
    plain = usual_denials(practice(3), Scope(PAYER), ONSET, BY_DECISION, ONSET)
    clumped = usual_denials(practice(3, batches=True), Scope(PAYER), ONSET, BY_DECISION, ONSET)
    assert plain.clustered < 2 < clumped.clustered
    prices = prices_of(practice(3), ONSET).cents
    spread = [np.subtract(*np.quantile(sum(usual_cost(u, prices, generator(1))), (0.9, 0.1))) for u in (plain, clumped)]
    assert spread[1] > 1.4 * spread[0]


@pytest.mark.parametrize("code", ["", "70553", "99213"])
def test_shares_of_the_claims_add_up_to_what_is_lost(code: str) -> None:
    found = measure_denials(practice(11, times=2.5), MONDAY, since(code))
    assert found.money.lost.mid > 0
    assert found.money.shares.sum() == found.money.lost.mid
    assert (found.money.shares <= found.cents).all()


def test_neither_ids_nor_the_order_of_rows_matter() -> None:
    made = practice(5, times=2.0)
    order = np.random.default_rng(1).permutation(len(made.claim))
    turned = replace(made.at(order), claim=np.arange(len(order)))
    one, other = (measure_denials(rows, MONDAY, since()).money for rows in (made, turned))
    assert (one.lost, one.ahead, one.together) == (other.lost, other.ahead, other.together)


def test_the_onset_itself_is_no_part_of_the_usual() -> None:
    made = practice(7, times=3.0)
    found = usual_denials(made, Scope(PAYER), ONSET, BY_DECISION, ONSET)
    assert made.decision_week[found.past].max() < ONSET
    assert made.decision_week[found.inside].min() == ONSET
    prices = prices_of(made, ONSET)
    (middle, _), _, weights = denied_money(made, found, prices, found.inside & found.bad, MONDAY, generator(1))
    assert middle > 0
    assert len(weights) == int((found.inside & found.bad).sum())
