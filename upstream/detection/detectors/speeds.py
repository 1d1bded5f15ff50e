"""How many days later than usual a payer may decide now, denials, other decisions or both, and how likely that is."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHIFTS = np.concatenate([np.arange(-14.0, 0.0, 2.0), np.arange(0.0, 15.0), np.arange(16.0, 43.0, 2.0)])
NONE = np.zeros(len(SHIFTS))
DENIED_LATE = np.concatenate([SHIFTS, NONE, SHIFTS])
OTHERS_LATE = np.concatenate([SHIFTS, SHIFTS, NONE])
LATE_SHARES = np.repeat(np.array([0.68, 0.3, 0.02]), len(SHIFTS))
USUAL_SHIFT, ANY_SHIFT = 3.0, 0.1
REACH, HEED, JITTER, UNLIKE = 2.0, 0.7, 2.5, -4.0


def prior_of(said: Floats) -> Floats:
    """[S, C, K] log weight of each node before a cohort's own counts: near 0 days, and what its neighbours say.

    A neighbour may have had another speed, so none rules a node out.
    """
    moved = np.where(DENIED_LATE != 0, DENIED_LATE, OTHERS_LATE)
    room = np.tile(np.gradient(SHIFTS), 3)
    usual = np.log(LATE_SHARES * room) - 1.5 * np.log1p((moved / USUAL_SHIFT) ** 2)
    apart = np.abs(np.arange(said.shape[1])[:, None] - np.arange(said.shape[1])[None, :])
    heed = np.where(apart > 0, HEED * np.exp(-(apart - 1.0) / REACH), 0.0)
    told = np.logaddexp(said - said.max(axis=2, keepdims=True), UNLIKE)
    told = np.einsum("cd,sdk->sck", heed, told) + usual
    near = np.exp(told - log_sum(told, axis=2)[:, :, None])
    blur = np.exp(-0.5 * ((moved[:, None] - moved[None, :]) / JITTER) ** 2) * room[None, :]
    kind = np.repeat(np.arange(3), len(SHIFTS))
    blur = blur * (kind[:, None] == kind[None, :])
    near = near @ (blur / blur.sum(axis=1, keepdims=True))
    alone = np.exp(usual - log_sum(usual[None, :], axis=1)[0])
    return np.asarray(np.log((1.0 - ANY_SHIFT) * near + ANY_SHIFT * alone), dtype=np.float64)


def log_sum(x: Floats, axis: int) -> Floats:
    """log of the sum of exp(x) along one axis."""
    top = x.max(axis=axis, keepdims=True)
    return np.asarray(np.squeeze(top, axis) + np.log(np.exp(x - top).sum(axis=axis)), dtype=np.float64)
