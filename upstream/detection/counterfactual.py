"""What would have been denied had the payer gone on as before: claim by claim, and how far that could be off. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.bootstrap import DRAWS
from upstream.detection.claimrows import FAR, Claims
from upstream.detection.detectors.scope import Scope
from upstream.detection.spans import BY_DECISION
from upstream.detection.triangle import DECIDED, LAGS, ONE_WEEK

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Weeks = NDArray[np.datetime64]

USUAL_WEEKS, SETTLING_WEEKS, LEAST_WEEKS = 52, 4, 8
PROCEDURE_WEIGHT, LOCATION_WEIGHT, BAND_WEIGHT, TERMS_WEIGHT, REASON_WEIGHT = 6.0, 40.0, 12.0, 20.0, 12.0
PRIOR_DENIALS = 2.0
MOST_CLUSTERED, LEAST_CLUSTERED = 6.0, 10
MOST_PICKED = 500.0
# Squared relative drift of a payer's usual rate from one quarter to the next.
DRIFT = 0.0005


@dataclass(frozen=True)
class Usual:
    """One payer's claims against their past, one entry a claim.

    `place`: in the scope's procedure and location. `past`: decided in the usual year. `bad`: denied for a reason of the
    scope. `inside`: decided in the place since the onset. `chance`: the probability that a decision at that age, of
    that procedure, location and price band was such a denial. `error` is the squared relative error of all chances
    together, `clustered` how many times more denials of one remittance day and one week of submission vary together
    than single ones would.
    """

    place: Bools
    past: Bools
    bad: Bools
    inside: Bools
    chance: Floats
    error: float
    clustered: float


def in_place(claims: Claims, scope: Scope) -> Bools:
    """Claims of the scope's procedure and location, whatever the reason."""
    found = np.ones(len(claims.claim), dtype=np.bool_)
    if scope.procedure_code:
        found &= np.array(claims.labels.procedures)[claims.procedure] == scope.procedure_code
    if scope.location:
        found &= np.array(claims.labels.locations)[claims.location] == scope.location
    return found


def usual_denials(claims: Claims, scope: Scope, onset: np.datetime64, clock: str, changed: np.datetime64) -> Usual:
    """One payer's claims, as known, against what it decided in the year that ended four weeks before `changed`."""
    decided = np.isin(claims.outcome, DECIDED) & (claims.decision_week < FAR)
    bad = claims.denied.copy()
    if scope.denial_reason:
        reasons = np.array((*claims.labels.reasons, ""))
        bad &= reasons[claims.reason] == scope.denial_reason
    place = in_place(claims, scope)
    usual = decided & _usual_weeks(claims.decision_week, decided, changed)
    began = claims.decision_week if clock == BY_DECISION else claims.submitted_week
    inside = decided & place & (began >= onset)
    age = np.clip((claims.decision_week - claims.submitted_week) // ONE_WEEK, 0, LAGS - 1).astype(np.int64)
    chance = _chances(claims, age, usual, bad)
    there = usual & place
    seen = float((there & bad).sum())
    level = (seen + PRIOR_DENIALS) / (float(chance[there].sum()) + PRIOR_DENIALS)
    chance = np.minimum(chance * level, 0.95)
    clustered = _clustered(claims, chance, bad, there)
    return Usual(place, usual, bad, inside, chance, clustered / (seen + PRIOR_DENIALS) + DRIFT, clustered)


def reason_shares(claims: Claims, usual: Usual) -> Floats:
    """[procedure, reason] of the usual denials that the scope counts, thin procedures drawn to the payer's shares."""
    codes, reasons = len(claims.labels.procedures), len(claims.labels.reasons)
    found = usual.past & usual.bad & (claims.reason >= 0)
    at = claims.procedure[found] * reasons + claims.reason[found]
    counts = np.bincount(at, minlength=codes * reasons).reshape(codes, reasons).astype(np.float64)
    whole = counts.sum(0)
    if not whole.any():
        whole = np.bincount(claims.reason[usual.bad & (claims.reason >= 0)], minlength=reasons).astype(np.float64)
    share = whole / max(float(whole.sum()), 1.0)
    return np.asarray(
        (counts + REASON_WEIGHT * share) / (counts.sum(1, keepdims=True) + REASON_WEIGHT), dtype=np.float64
    )


def _usual_weeks(week: Weeks, decided: Bools, onset: np.datetime64) -> Bools:
    """The year up to four weeks before the onset; up to the onset, or to the end, where that is too short."""
    for end in (onset - SETTLING_WEEKS * ONE_WEEK, onset):
        found = (week < end) & (week >= end - USUAL_WEEKS * ONE_WEEK)
        if len(np.unique(week[found & decided])) >= LEAST_WEEKS:
            return np.asarray(found, dtype=np.bool_)
    return np.asarray(week < onset if (decided & (week < onset)).any() else decided, dtype=np.bool_)


def _chances(claims: Claims, age: Ints, usual: Bools, bad: Bools) -> Floats:
    """By the age of the decision over the whole payer, moved to what is usual for procedure, place and price band."""
    every = np.bincount(age[usual], minlength=LAGS).astype(np.float64)
    lost = np.bincount(age[usual & bad], minlength=LAGS).astype(np.float64)
    overall = (lost.sum() + 1.0) / (every.sum() + 10.0)
    chance = ((lost + 10.0 * overall) / (every + 10.0))[age]
    band = claims.procedure * 2 + claims.dear
    for index, weight in (
        (claims.procedure, PROCEDURE_WEIGHT),
        (claims.location, LOCATION_WEIGHT),
        (band, BAND_WEIGHT),
        (np.unique(claims.terms, return_inverse=True)[1], TERMS_WEIGHT),
    ):
        size = int(index.max()) + 1 if index.size else 0
        seen = np.bincount(index[usual & bad], minlength=size)
        expected = np.bincount(index[usual], chance[usual], size)
        chance = np.minimum(chance * ((seen + weight) / (expected + weight))[index], 0.95)
    return np.asarray(chance, dtype=np.float64)


def _clustered(claims: Claims, chance: Floats, bad: Bools, usual: Bools) -> float:
    """Variance of the usual year's denials, counted with what remittance days and weeks have in common, over that of
    single claims (Cameron, Gelbach and Miller 2011: two-way clustering); 1 where that is less or denials are few."""
    seen, expected = int(bad[usual].sum()), float(chance[usual].sum())
    if seen < LEAST_CLUSTERED:
        return 1.0
    off = bad[usual] - chance[usual] * (seen / expected)
    alone = float((off**2).sum())
    together = sum(
        float((np.bincount(np.unique(key[usual], return_inverse=True)[1], off) ** 2).sum())
        for key in (claims.decided_date, claims.submitted_week)
    )
    return float(np.clip((together - alone) / alone, 1.0, MOST_CLUSTERED))


def usual_cost(usual: Usual, cents: Ints, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """[DRAWS] cents that usual denials among the claims inside cost on average, and by how much they happen to be off.

    The average is one that the usual year could have come from; by chance, claim families are drawn by their own
    chances, and those of one remittance day or week of submission have something in common.
    """
    chance, cost = usual.chance[usual.inside], cents[usual.inside].astype(np.float64)
    expected, number = float((chance * cost).sum()), float(chance.sum())
    if expected <= 0:
        return np.zeros(DRAWS), np.zeros(DRAWS)
    level = rng.gamma(1.0 / usual.error, usual.error, DRAWS)
    narrower = 1.0 - float((chance**2 * cost**2).sum()) / float((chance * cost**2).sum())
    off = _drawn(chance, cost, number, rng) - expected
    return expected * level, off * np.sqrt(usual.clustered * narrower)


def _drawn(chance: Floats, cost: Floats, number: float, rng: np.random.Generator) -> Floats:
    """[DRAWS] totals of a Poisson number of claims, each as likely as its chance."""
    if number > MOST_PICKED:
        spread = np.sqrt(float((chance * cost**2).sum()))
        return np.asarray(float((chance * cost).sum()) + spread * rng.standard_normal(DRAWS), dtype=np.float64)
    order = np.lexsort((cost, chance))
    up_to = np.cumsum(chance[order])
    times = rng.poisson(number, DRAWS)
    at = np.searchsorted(up_to, rng.random(int(times.sum())) * up_to[-1], side="right")
    sums = cost[order][np.minimum(at, len(cost) - 1)]
    return np.bincount(np.repeat(np.arange(DRAWS), times), sums, DRAWS).astype(np.float64)
