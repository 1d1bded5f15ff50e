"""Claim-level facts of one payer, and the cube of observed and expected denials that they give over one window."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upstream.detection.spans import BY_DECISION, GAP, SPAN
from upstream.detection.triangle import DECIDED, LAGS, ONE_WEEK, REFUSED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Weeks = NDArray[np.datetime64]

PROCEDURE_WEIGHT = 6.0
LOCATION_WEIGHT = 40.0
REASON_WEIGHT = 12.0
RECENT = 12


@dataclass(frozen=True)
class ClaimFacts:
    """One row a claim of `payer`, as arrays; indexes point into the label tuples.

    `reason` is -1 unless denied; `known_week` (Monday the first decision became known) is NaT while undecided;
    `outcome` as in triangle.py; cents are integers, allowed 0 unless paid; `dear` marks charges in the procedure's top
    fifth. Later-known rows are cut off by `known_by`.
    """

    payer: int
    procedures: tuple[str, ...]
    reasons: tuple[str, ...]
    locations: tuple[str, ...]
    procedure: Ints
    reason: Ints
    location: Ints
    submitted_week: Weeks
    known_week: Weeks
    outcome: Ints
    billed_cents: Ints
    allowed_cents: Ints
    dear: Bools

    def known_by(self, as_of: np.datetime64) -> "ClaimFacts":
        """The same facts with later submissions dropped and later decisions undone."""
        late = np.isnat(self.known_week) | (self.known_week > as_of)
        undone = replace(
            self,
            known_week=np.where(late, np.datetime64("NaT", "D"), self.known_week),
            outcome=np.where(late, 0, self.outcome),
            reason=np.where(late, -1, self.reason),
            allowed_cents=np.where(late, 0, self.allowed_cents),
        )
        return undone.only(np.asarray(self.submitted_week <= as_of, dtype=np.bool_))

    def only(self, kept: Bools) -> "ClaimFacts":
        """The chosen claims."""
        return replace(
            self,
            procedure=self.procedure[kept],
            reason=self.reason[kept],
            location=self.location[kept],
            submitted_week=self.submitted_week[kept],
            known_week=self.known_week[kept],
            outcome=self.outcome[kept],
            billed_cents=self.billed_cents[kept],
            allowed_cents=self.allowed_cents[kept],
            dear=self.dear[kept],
        )


@dataclass(frozen=True)
class Cube:
    """[procedure, reason, location] over one window: denials seen and expected, and what one denial costs in cents.

    `weekly` is the denials to expect in a usual week at the volumes of the last 12 weeks; `decided`
    [procedure, location] the decisions of the window.
    """

    observed: Floats
    expected: Floats
    decided: Floats
    weekly: Floats
    cost: Floats


def cube_of(facts: ClaimFacts, as_of: np.datetime64, clock: str, size: int) -> Cube:
    """The cube as known at the end of the week of `as_of`; baseline as in baseline.py."""
    known = facts.known_by(as_of)
    decided = np.isin(known.outcome, DECIDED)
    denied = np.isin(known.outcome, REFUSED)
    back = _weeks_back(np.where(decided, known.known_week, as_of + ONE_WEEK), as_of)
    since_submission = _weeks_back(known.submitted_week, as_of)
    age = np.clip(since_submission - back, 0, LAGS - 1)
    usual = decided & (back >= GAP) & (back < GAP + SPAN)
    since = back if clock == BY_DECISION else since_submission
    inside = decided & (since >= 0) & (since < size)
    shape = (len(facts.procedures), len(facts.locations))
    share = _claim_share(known, age, usual, denied, shape)
    reasons = _reasons_by_procedure(known, usual & denied)
    at = known.procedure * shape[1] + known.location
    expected = np.bincount(at[inside], share[inside], shape[0] * shape[1]).reshape(shape)
    recent = since_submission < RECENT
    rate = _cell_rate(known, usual, denied, shape)
    volume = np.bincount(at[recent], minlength=shape[0] * shape[1]).reshape(shape) / RECENT
    return Cube(
        observed=_count(known, inside & denied, (shape[0], len(facts.reasons), shape[1])),
        expected=expected[:, None, :] * reasons[:, :, None],
        decided=np.bincount(at[inside], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64),
        weekly=(volume * rate)[:, None, :] * reasons[:, :, None],
        cost=_cost(known),
    )


def _weeks_back(week: Weeks, as_of: np.datetime64) -> Ints:
    return np.asarray((as_of - week) // ONE_WEEK, dtype=np.int64)


def _count(facts: ClaimFacts, chosen: Bools, shape: tuple[int, int, int]) -> Floats:
    chosen = chosen & (facts.reason >= 0)
    at = (facts.procedure[chosen] * shape[1] + facts.reason[chosen]) * shape[2] + facts.location[chosen]
    return np.bincount(at, minlength=shape[0] * shape[1] * shape[2]).reshape(shape).astype(np.float64)


def _claim_share(facts: ClaimFacts, age: Ints, usual: Bools, denied: Bools, shape: tuple[int, int]) -> Floats:
    """Per claim: the usual denied share of a decision at that age, of that procedure and location."""
    every = np.bincount(age[usual], minlength=LAGS).astype(np.float64)
    lost = np.bincount(age[usual & denied], minlength=LAGS).astype(np.float64)
    overall = (lost.sum() + 1.0) / (every.sum() + 10.0)
    by_age = (lost + 10.0 * overall) / (every + 10.0)
    share = by_age[age]
    for index, number, weight in (
        (facts.procedure, shape[0], PROCEDURE_WEIGHT),
        (facts.location, shape[1], LOCATION_WEIGHT),
    ):
        seen = np.bincount(index[usual & denied], minlength=number)
        expected = np.bincount(index[usual], share[usual], number)
        share = np.minimum(share * ((seen + weight) / (expected + weight))[index], 0.95)
    return np.asarray(share, dtype=np.float64)


def _cell_rate(facts: ClaimFacts, usual: Bools, denied: Bools, shape: tuple[int, int]) -> Floats:
    """[procedure, location]: denied share of all decisions in the baseline."""
    overall = (float((usual & denied).sum()) + 1.0) / (float(usual.sum()) + 10.0)
    seen = np.bincount(facts.procedure[usual & denied], minlength=shape[0])
    every = np.bincount(facts.procedure[usual], minlength=shape[0])
    by_procedure = (seen + PROCEDURE_WEIGHT) / (every + PROCEDURE_WEIGHT / overall)
    return np.repeat(by_procedure[:, None], shape[1], axis=1)


def _reasons_by_procedure(facts: ClaimFacts, chosen: Bools) -> Floats:
    """[procedure, reason]: shares of the denials, thin procedures drawn to the payer's shares."""
    shape = (len(facts.procedures), len(facts.reasons))
    chosen = chosen & (facts.reason >= 0)
    at = facts.procedure[chosen] * shape[1] + facts.reason[chosen]
    counts = np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    payer = (counts.sum(0) + 0.5) / (counts.sum() + 0.5 * shape[1])
    return np.asarray(
        (counts + REASON_WEIGHT * payer) / (counts.sum(1, keepdims=True) + REASON_WEIGHT), dtype=np.float64
    )


def _cost(facts: ClaimFacts) -> Floats:
    """[procedure]: mean allowed cents of paid claims, the payer's mean where the procedure has none."""
    paid = facts.outcome == 1
    count = np.bincount(facts.procedure[paid], minlength=len(facts.procedures))
    total = np.bincount(facts.procedure[paid], facts.allowed_cents[paid], len(facts.procedures))
    mean = total.sum() / max(count.sum(), 1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), mean), dtype=np.float64)
