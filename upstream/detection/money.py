"""What a cause has cost so far, what it would cost in the next 30 days, and the share of each claim in it. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.bootstrap import DRAWS, generator, interval_around, resampled
from upstream.detection.claimrows import Claims
from upstream.detection.counterfactual import Usual, usual_cost
from upstream.detection.detectors.drafts import Interval
from upstream.detection.prices import Prices
from upstream.detection.triangle import ONE_WEEK, PARTIAL

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAYS_AHEAD, RECENT_WEEKS, DAYS_A_WEEK = 30, 12, 7
NOTHING = Interval(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Money:
    """Cents with their 80 % intervals: lost since the onset, in the 30 days ahead if it goes on, and both together.

    `shares` are whole cents a claim behind it and add up to the middle of what is lost, to nothing where that is a
    gain; `held` is cash that waits longer than usual and is not lost.
    """

    lost: Interval
    ahead: Interval
    together: Interval
    shares: Ints
    held: Interval = NOTHING
    seed: int = 0


def money_of(
    lost: tuple[float, Floats], ahead: tuple[float, Floats], weights: Floats, seed: int, held: Interval = NOTHING
) -> Money:
    """From a middle and its draws each, and what the claims behind it share by."""
    found = interval_around(*lost)
    total = max(round(found.mid), 0)
    return Money(
        lost=found,
        ahead=interval_around(*ahead),
        together=interval_around(lost[0] + ahead[0], lost[1] + ahead[1]),
        shares=shared_out(total, weights),
        held=held,
        seed=seed,
    )


def summed_money(values_cents: Ints, families: Ints, expected: float, ahead: float, seed: int) -> Money:
    """Money of a sum over claims beyond the `expected` cents; `ahead`: 30 days of it as a multiple of that so far."""
    rng = generator(seed)
    _, family = np.unique(families, return_inverse=True)
    sums = np.bincount(family, values_cents).astype(np.float64)
    middle, draws = float(values_cents.sum()) - expected, resampled(sums, rng) - expected
    return money_of((middle, draws), (ahead * middle, ahead * draws), values_cents.astype(np.float64), seed)


def shared_out(total: int, weights: Floats) -> Ints:
    """Whole cents in proportion to the weights that add up to the total exactly; nothing where nothing weighs.

    What rounding leaves over goes to the largest remainders, the first of equals first.
    """
    whole = float(weights.sum())
    if not weights.size or whole <= 0 or total <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    exact = weights * (total / whole)
    cents = np.floor(exact).astype(np.int64)
    left = total - int(cents.sum())
    order = np.argsort(cents - exact, kind="stable")
    cents[order[: max(left, 0)]] += 1
    if left < 0:
        cents[order[left:]] -= 1
    return cents


def cost_of(claims: Claims, prices: Prices) -> Ints:
    """Cents that a denial of each claim costs: a denial in part leaves what was allowed."""
    return np.where(claims.outcome == PARTIAL, np.maximum(prices.cents - claims.allowed, 0), prices.cents)


def denied_money(
    claims: Claims, usual: Usual, prices: Prices, behind: Bools, week: np.datetime64, rng: np.random.Generator
) -> tuple[tuple[float, Floats], tuple[float, Floats], Floats]:
    """Lost and ahead, each as a middle and its draws, and the weights of the claims behind it.

    Lost is what the denials since the onset cost beyond what usual ones would have cost among the same claims.
    """
    cost = cost_of(claims, prices)
    seen = (usual.inside & usual.bad).nonzero()[0]
    observed = cost[seen].astype(np.float64)
    usually, by_chance = usual_cost(usual, prices.cents, rng)
    expected = float((usual.chance * prices.cents)[usual.inside].sum())
    total = float(observed.sum())
    squares = float((observed**2).sum())
    excess = max(1.0 - expected / total, 0.0) if total > 0 else 0.0
    off_price = prices.spread * np.sqrt(excess * squares) * rng.standard_normal(DRAWS)
    lost = total - usually - by_chance + off_price
    share = ahead_share(claims, usual, prices, week)
    again = np.sqrt(usual.clustered * squares) * rng.standard_normal(DRAWS)
    to_come = np.sqrt(usual.clustered * share * excess * squares) * rng.standard_normal(DRAWS)
    ahead = share * (total + again - usually + off_price) + to_come
    weights = _weights(claims, usual, prices, cost)[behind]
    return (total - expected, lost), (share * (total - expected), ahead), weights


def ahead_share(claims: Claims, usual: Usual, prices: Prices, week: np.datetime64) -> float:
    """Dollars of the place that are decided in 30 days, at the volumes of 12 weeks, over those since the onset."""
    recent = usual.place & (claims.submitted_week > week - RECENT_WEEKS * ONE_WEEK)
    decided = float(prices.cents[usual.inside].sum())
    if decided <= 0:
        return 0.0
    a_day = float(prices.cents[recent].sum()) / (RECENT_WEEKS * DAYS_A_WEEK)
    return DAYS_AHEAD * a_day / decided


def _weights(claims: Claims, usual: Usual, prices: Prices, cost: Ints) -> Floats:
    """What each denied claim costs beyond the usual: its cost less the part that its procedure usually loses anyway."""
    size = len(claims.labels.procedures)
    seen = usual.inside & usual.bad
    observed = np.bincount(claims.procedure[seen], cost[seen], size)
    expected = np.bincount(claims.procedure[usual.inside], (usual.chance * prices.cents)[usual.inside], size)
    beyond = np.clip(1.0 - expected / np.maximum(observed, 1.0), 0.0, 1.0)
    weights = cost * beyond[claims.procedure]
    return np.asarray(weights if weights[seen].sum() > 0 else cost, dtype=np.float64)
