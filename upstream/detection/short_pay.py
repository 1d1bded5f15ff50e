"""By how much a payer allows less than it used to, and what is missing since then. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.bootstrap import DRAWS, resampled
from upstream.detection.claimrows import Claims
from upstream.detection.detectors.allowed import CLIP, LEAST_SCALE, TO_SIGMA, medians
from upstream.detection.detectors.drafts import Interval
from upstream.detection.prices import PAST_WEEKS, Prices
from upstream.detection.triangle import ONE_WEEK, PAID

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DRIFT = 0.004
RECENT_WEEKS, DAYS_A_WEEK, DAYS_AHEAD = 12, 7, 30


@dataclass(frozen=True)
class Level:
    """Allowed amounts as a share of the usual ones: the middle, and draws of it."""

    share: float
    draws: Floats

    @property
    def rate(self) -> Interval:
        """With its 95 % interval."""
        low, high = np.quantile(self.draws, (0.025, 0.975))
        return Interval(float(min(low, self.share)), self.share, float(max(high, self.share)))


def level_of(claims: Claims, prices: Prices, chosen: Bools, onset: np.datetime64, rng: np.random.Generator) -> Level:
    """The chosen paid claims of one payer against the prices of the year before the onset.

    Amounts far from the others of their code, which other units or modifiers explain, are clipped and weigh no more
    than the rest: one step of Huber's estimate of location from the median, which a payer that pays exact fees moves
    as far as it cuts them (Huber and Ronchetti, Robust Statistics, 2009, 6.7).
    """
    paid = (claims.outcome == PAID) & (claims.allowed > 0)
    usual = paid & (claims.decision_week < onset) & (claims.decision_week >= onset - PAST_WEEKS * ONE_WEEK)
    if not chosen.any() or not usual.any():
        return Level(1.0, np.ones(DRAWS))
    codes, code = len(claims.labels.procedures), claims.procedure
    off = np.log(np.maximum(claims.allowed, 1) / np.maximum(prices.cents, 1))
    off -= medians(off[usual], code[usual], codes)[code]
    scale = np.maximum(TO_SIGMA * medians(np.abs(off[usual]), code[usual], codes), LEAST_SCALE)[code]
    before = np.clip(off[usual] / scale[usual], -CLIP, CLIP)
    size = np.bincount(code[usual], minlength=codes)
    slack = max(float((np.abs(before) < CLIP).mean()), 0.5)
    skew = np.bincount(code[usual], before, codes) / np.maximum(size, 1)
    weight = 1.0 / scale[chosen] ** 2
    median = _median(off[chosen], weight)
    apart = np.clip((off[chosen] - median) / scale[chosen], -CLIP, CLIP) - skew[code[chosen]]
    step = float((apart / scale[chosen]).sum() / weight.sum())
    single = (apart / scale[chosen] - step * weight) / weight.sum()
    pull = np.bincount(code[chosen], 1.0 / scale[chosen], codes) / weight.sum()
    spread = float((before - skew[code[usual]]).std())
    centre = spread * np.sqrt(float((pull**2 / np.maximum(size, 1)).sum()))
    error = np.hypot(centre, DRIFT * slack)
    draws = step + resampled(single, rng) + error * rng.standard_normal(DRAWS)
    return Level(float(np.exp(median + step / slack)), np.exp(median + draws / slack))


def _median(values: Floats, weight: Floats) -> float:
    """The value with half of the weight on either side."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2)])


def missing(claims: Claims, level: Level, chosen: Bools) -> tuple[float, Floats]:
    """Cents that the chosen claims were allowed less than usual: the middle and its draws."""
    allowed = float(claims.allowed[chosen].sum())
    return allowed * (1.0 / level.share - 1.0), allowed * (1.0 / level.draws - 1.0)


def missing_ahead(claims: Claims, level: Level, place: Bools, week: np.datetime64) -> tuple[float, Floats]:
    """The same for 30 days at the volumes of the last 12 weeks."""
    recent = place & (claims.outcome == PAID) & (claims.decision_week > week - RECENT_WEEKS * ONE_WEEK)
    month = float(claims.allowed[recent].sum()) * DAYS_AHEAD / (RECENT_WEEKS * DAYS_A_WEEK)
    return month * (1.0 / level.share - 1.0), month * (1.0 / level.draws - 1.0)
