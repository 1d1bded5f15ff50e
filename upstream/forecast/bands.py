"""How far forecasts of this kind were off before, as bands around the next ones: 80 % of what comes lies inside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# First week ahead and how many: each of the next four, and the four together.
SPANS = ((1, 1), (2, 1), (3, 1), (4, 1), (1, 4))
WEEKS = 4
LOOKED_BACK, HALF_LIFE = 39, 26.0
# Ninth deciles of Student's t: the spread of a week comes from about 60 weeks and steps, that of four from ten fours.
DECILES = np.array([1.296, 1.296, 1.296, 1.296, 1.372])
DRAWN = 4.0
LEAST = 1e-6


@dataclass(frozen=True)
class Band:
    """[S, spans] for each series and span; four of five lie between `low` and `high`."""

    low: Floats
    mid: Floats
    high: Floats


def over_spans(weekly: Floats) -> Floats:
    """[S, K, 4] by origin and step -> [S, K, spans]."""
    return np.stack([weekly[:, :, first - 1 : first - 1 + many].sum(axis=2) for first, many in SPANS], axis=2)


def came(values: Floats, origins: int) -> Floats:
    """[S, K] by week -> [S, origins, spans] what followed each of the newest origins; not a number while unknown."""
    series, weeks = values.shape
    ahead = np.concatenate([values, np.full((series, WEEKS), np.nan)], axis=1)
    steps = [ahead[:, weeks - origins + step : weeks + step] for step in range(1, WEEKS + 1)]
    return over_spans(np.stack(steps, axis=2))


def band(means: Floats, values: Floats, use: Bools) -> Band:
    """Around the newest of the means [S, origins, spans], from how the others met `values` [S, K].

    The spread grows with the root of what is expected, as counts and sums of claims do; `use` [S, origins] are those
    that may count.
    """
    off = (came(values, means.shape[1]) - means) ** 2 / np.maximum(means, LEAST)
    age = np.arange(means.shape[1])[::-1]
    weight = np.where(age < LOOKED_BACK, 0.5 ** (age / HALF_LIFE), 0.0)[None, :, None] * use[:, :, None]
    weight = np.where(np.isfinite(off), weight, 0.0)
    total, spread = weight.sum(axis=1), (np.nan_to_num(off) * weight).sum(axis=1)
    own = _drawn(spread, total)
    now = means[:, -1]
    return Band(_decile(now, own * now, -DECILES), now, _decile(now, own * now, DECILES))


def whole(found: Band) -> Band:
    """The same band of things that come whole: claims, not parts of one.

    A range that begins at a third of a claim leaves out every week without one: few claims are held too rarely by it.
    """
    low, high = np.minimum(np.rint(found.low), found.mid), np.maximum(np.floor(found.high), found.mid)
    return Band(low, found.mid, high)


def _drawn(spread: Floats, total: Floats) -> Floats:
    """[S, spans] spread of one claim's worth: a series' own, by steps as all series have it."""
    pooled = spread.sum(axis=0) / np.maximum(total.sum(axis=0), LEAST)
    shape = pooled / max(pooled[:WEEKS].mean(), LEAST)
    own = (spread[:, :WEEKS] / np.maximum(shape[:WEEKS], LEAST)).sum(axis=1)
    level = (own + DRAWN * WEEKS * pooled[:WEEKS].mean()) / (total[:, :WEEKS].sum(axis=1) + DRAWN * WEEKS)
    return np.asarray(level[:, None] * shape, dtype=np.float64)


def _decile(mean: Floats, variance: Floats, at: Floats) -> Floats:
    """Of a gamma distribution, by Wilson and Hilferty's cube root."""
    shape = np.maximum(mean**2 / np.maximum(variance, LEAST), 1e-3)
    root = np.maximum(1 - 1 / (9 * shape) + at / (3 * np.sqrt(shape)), 0.0)
    return np.asarray(mean * root**3, dtype=np.float64)
