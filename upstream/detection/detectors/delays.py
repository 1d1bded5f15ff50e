"""How long denials and other decisions take to come: one curve each per series, from cohorts that are still filling.

Right truncation: of a young cohort only early decisions are seen. So curves are products of hazards in reverse time
(of what came within l weeks, how much came in week l), which need no knowledge of what is still to come (Lawless 1994).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.baseline import EVERY_CELL
from upstream.detection.triangle import LAGS, Triangle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HALF_LIFE = 10.0
TENANT_WEIGHT = 25.0
PAST_WEIGHT = 40.0
OPEN_WEIGHT = 200.0
RIPE = LAGS
RIPE_WEEKS = 40
SURE = 1e-4


@dataclass(frozen=True)
class Curves:
    """Per series and lag: share of denials, and of other decisions, that come within that many weeks.

    `denied_error` and `other_error` are standard errors on the logit scale; `never` is the share of claims that are
    never decided.
    """

    denied: Floats
    other: Floats
    denied_error: Floats
    other_error: Floats
    never: Floats

    def of(self, rows: Ints) -> "Curves":
        """Those series."""
        return Curves(
            self.denied[rows], self.other[rows], self.denied_error[rows], self.other_error[rows], self.never[rows]
        )


def curves_of(triangle: Triangle, use: Bools = EVERY_CELL) -> Curves:
    """Curves as known in the triangle's as-of week; decisions count half for every ten weeks that they lie back.

    A thin series is drawn to its own longer past, and that to all series of the level. `use` marks the cells of weeks
    that are not left out: a cohort tells of a lag when nothing that came by then came in a week left out.
    """
    other = np.maximum(triangle.decided - triangle.denied, 0.0)
    told = np.logical_and.accumulate(use, axis=-1)
    denied, denied_error = _curve(triangle.denied, told)
    others, other_error = _curve(other, told)
    return Curves(denied, others, denied_error, other_error, _never(triangle, use))


def _curve(cells: Floats, told: Bools) -> tuple[Floats, Floats]:
    """[S, W, L] decisions -> [S, L] share that comes by each lag, and its error on the logit scale."""
    weeks = cells.shape[1]
    since = np.arange(weeks)[::-1][:, None] - np.arange(LAGS)[None, :]
    seen = since >= 0
    came, within = cells * (seen & told), np.cumsum(cells, axis=2) * (seen & told)
    recent = np.where(seen, 0.5 ** (np.maximum(since, 0) / HALF_LIFE), 0.0)
    all_came, all_within = came.sum(1), within.sum(1)
    pooled = _ratio(all_came.sum(0), all_within.sum(0))[None, :]
    past = (all_came + TENANT_WEIGHT * pooled) / (all_within + TENANT_WEIGHT)
    now_came, now_within = (came * recent).sum(1), (within * recent).sum(1)
    hazard = (now_came + PAST_WEIGHT * past) / (now_within + PAST_WEIGHT)
    hazard[:, 0] = 1.0
    known = now_within**2 / np.maximum((within * recent**2).sum(1), 1e-9) + np.minimum(PAST_WEIGHT, all_within)
    return _backwards(np.clip(hazard, 0.0, 1.0 - SURE), np.maximum(known, 1.0))


def _backwards(hazard: Floats, known: Floats) -> tuple[Floats, Floats]:
    """Products from the last lag back: P(T <= l) = the product over k > l of 1 - hazard(k)."""
    stays = np.cumsum(np.log1p(-hazard)[:, :0:-1], axis=1)[:, ::-1]
    by = np.concatenate([np.exp(stays), np.ones((len(hazard), 1))], axis=1)
    added = (hazard / ((1.0 - hazard) * known))[:, 1:]
    relative = np.concatenate([np.cumsum(added[:, ::-1], axis=1)[:, ::-1], np.zeros((len(hazard), 1))], axis=1)
    return by, np.sqrt(relative) / np.maximum(1.0 - by, 0.02)


def _never(triangle: Triangle, use: Bools) -> Floats:
    """[S] share of claims that stay undecided, from cohorts of 16 to 55 weeks, drawn to the level's share."""
    ripe = slice(-(RIPE + RIPE_WEEKS), -RIPE)
    submitted = (triangle.submitted * use[..., 0])[:, ripe].sum(1)
    undecided = np.maximum(submitted - (triangle.decided * use[..., :1])[:, ripe].sum((1, 2)), 0.0)
    level = _ratio(undecided.sum(), submitted.sum())
    return np.asarray((undecided + OPEN_WEIGHT * level) / (submitted + OPEN_WEIGHT), dtype=np.float64)


def _ratio(a: Floats, b: Floats) -> Floats:
    return np.asarray(a / np.maximum(b, 1e-9), dtype=np.float64)
