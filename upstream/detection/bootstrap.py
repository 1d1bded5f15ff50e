"""Sums over claims with an interval: claim families drawn again and again, always the same way for the same seed. Pure.

Draws come from PCG64; families are put in the order of their amounts first, so that neither row order nor ids matter.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.drafts import Interval

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DRAWS = 2000
INSIDE = 0.8
# Beyond so many families their sum is as good as normal.
MOST_FAMILIES = 2000


def seed_of(*parts: object) -> int:
    """The seed that goes with these words, the same everywhere."""
    said = "|".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:7])


def generator(seed: int) -> np.random.Generator:
    """Draws that start at the seed."""
    return np.random.Generator(np.random.PCG64(seed))


def resampled(sums: Floats, rng: np.random.Generator, times: float = 1.0) -> Floats:
    """[DRAWS] totals of families that are each drawn a Poisson number of times, `times` on average."""
    ranked = np.sort(sums)
    if not ranked.size or times <= 0:
        return np.zeros(DRAWS)
    if ranked.size * times > MOST_FAMILIES:
        spread = float(np.sqrt(times * (ranked**2).sum()))
        return times * float(ranked.sum()) + spread * rng.standard_normal(DRAWS)
    return picked(ranked, rng.poisson(ranked.size * times, DRAWS), rng)


def picked(sums: Floats, number: Ints, rng: np.random.Generator) -> Floats:
    """Per draw the total of as many families as `number` says, each any of them."""
    chosen = sums[rng.integers(0, sums.size, int(number.sum()))]
    return np.bincount(np.repeat(np.arange(number.size), number), chosen, number.size).astype(np.float64)


def interval_around(middle: float, draws: Floats) -> Interval:
    """The middle with the central 80 % of the draws, widened where it would not hold the middle; whole cents."""
    low, high = np.quantile(draws, ((1 - INSIDE) / 2, (1 + INSIDE) / 2))
    return Interval(float(np.rint(min(low, middle))), float(np.rint(middle)), float(np.rint(max(high, middle))))
