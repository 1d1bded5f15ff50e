"""When did it begin: profile likelihood of one change point in weekly observed and expected counts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LOOK_BACK = 26
WITHIN = 1.92


@dataclass(frozen=True)
class Onset:
    """Weeks back from the as-of week (0 = that week): best, earliest and latest within the 95 % profile interval."""

    best: int
    earliest: int
    latest: int


def onset_of(observed: Floats, expected: Floats, *, adverse: bool) -> Onset:
    """From weekly counts, newest first: the suffix whose multiplied rate explains the counts best."""
    o, e = np.cumsum(observed[:LOOK_BACK]), np.maximum(np.cumsum(expected[:LOOK_BACK]), 1e-9)
    ratio = np.maximum(o, 1e-9) / e
    gain = np.where((ratio > 1) == adverse, o * np.log(ratio) - (o - e), 0.0)
    inside = np.flatnonzero(gain >= gain.max() - WITHIN)
    return Onset(int(gain.argmax()), int(inside.max()), int(inside.min()))
