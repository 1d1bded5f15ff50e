"""Denials that come in clumps: how much one remit's or one week's denials depart together from chance.

A payer that denies a batch gives many denials and one decision. Residuals that go together within a week of decision
are clumps; those that go together within a cohort are a rate that really differs. Both are estimated at once.
"""

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.baseline import EVERY_CELL, by_known
from upstream.detection.triangle import LAGS, Triangle

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SKIP, SPAN = 4, 56
LARGEST = 7.0
LEVEL_WEIGHT = 40.0


def design_effects(triangle: Triangle, use: Bools = EVERY_CELL) -> Floats:
    """[S, W] by how much the variance of a cohort's denials exceeds that of independent claims; at least 1.

    `use` marks the cells of weeks that are not left out: only from these is it learned.
    """
    expected = _expected(triangle, use)
    share = expected.sum((1, 2)) / np.maximum(triangle.decided.sum((1, 2)), 1.0)
    plain = expected.sum(2) * (1.0 - share[:, None])
    learned = expected * use
    together = _together(triangle.denied * use, learned, by_known(learned), share)
    return np.asarray(1.0 + together[:, None] * (expected**2).sum(2) / np.maximum(plain, 1e-6), dtype=np.float64)


def _expected(triangle: Triangle, use: Bools) -> Floats:
    """[S, W, L] denials that decisions of that age would hold at the share of the last year."""
    seen = np.arange(triangle.decided.shape[1])[::-1][:, None] - np.arange(LAGS)[None, :] < SPAN
    denied, decided = (triangle.denied * (seen & use)).sum(1), (triangle.decided * (seen & use)).sum(1)
    whole = (denied.sum(1, keepdims=True) + 1.0) / (decided.sum(1, keepdims=True) + 10.0)
    share = np.asarray((denied + 10.0 * whole) / (decided + 10.0), dtype=np.float64)
    return triangle.decided * share[:, None, :]


def _together(denied: Floats, expected: Floats, known: Floats, share: Floats) -> Floats:
    """[S] relative variance of a week of decisions, drawn to the level's."""
    weeks = slice(SKIP, SKIP + SPAN)
    by_week = _sums(by_known(denied)[:, weeks], known[:, weeks], share)
    cohorts = slice(-(SKIP + SPAN), -SKIP)
    by_cohort = _sums(denied[:, cohorts], expected[:, cohorts], share)
    total = [np.concatenate([part, part.sum(0, keepdims=True)]) for part in (by_week, by_cohort)]
    extra, whole, crossed, trials = np.stack(total).transpose(2, 0, 1)
    det = whole[0] * whole[1] - crossed[0] * crossed[1]
    found = np.maximum((extra[0] * whole[1] - extra[1] * crossed[0]) / np.maximum(det, 1e-9), 0.0)
    weight = trials[0][:-1]
    return np.asarray((weight * found[:-1] + LEVEL_WEIGHT * found[-1]) / (weight + LEVEL_WEIGHT), dtype=np.float64)


def _sums(denied: Floats, expected: Floats, share: Floats) -> Floats:
    """[S, 4] over weeks: squares beyond chance, squared expectations of weeks, and of their cells; weeks counted.

    Departures beyond seven standard deviations count as seven, so that a change of the rate is not taken for clumps.
    """
    seen, usual = denied.sum(2), expected.sum(2)
    level = seen.sum(1, keepdims=True) / np.maximum(usual.sum(1, keepdims=True), 1e-9)
    mean = usual * level
    chance = mean * (1.0 - np.minimum(share[:, None] * level, 0.95))
    enough = mean > 1.0
    squares = np.minimum((seen - mean) ** 2, LARGEST**2 * chance)
    parts = (squares - chance, mean**2, (expected**2).sum(2), np.ones_like(mean))
    return np.stack([(part * enough).sum(1) for part in parts], axis=1)
