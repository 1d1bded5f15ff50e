"""What the newest cohorts will read once decided: a two-lag likelihood with a 95 % interval (Lawless 1994)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = (np.arange(400) + 0.5) / 400
PRIOR_CLAIMS = 4.0


@dataclass(frozen=True)
class Nowcast:
    """Denial rate of each cohort when all is decided: 95 % interval, median, and share expected decided by now."""

    low: Floats
    mid: Floats
    high: Floats
    maturity: Floats


def nowcast(
    submitted: Floats, denied: Floats, decided: Floats, denied_by_age: Floats, others_by_age: Floats, usual: float
) -> Nowcast:
    """Per cohort [n]: claims submitted, denied and decided so far, and the two shares [n] expected decided at its age.

    `denied_by_age` is the share of a cohort's denials, `others_by_age` of its other decisions, that show by that age
    in the baseline; undecided claims count through both. The prior is worth four claims at the usual rate.
    """
    pi = GRID[None, :]
    paid = np.maximum(decided - denied, 0.0)[:, None]
    waiting = np.maximum(submitted - decided, 0.0)[:, None]
    open_share = 1.0 - pi * denied_by_age[:, None] - (1.0 - pi) * others_by_age[:, None]
    log_posterior = (
        (denied[:, None] + PRIOR_CLAIMS * usual) * np.log(pi)
        + (paid + PRIOR_CLAIMS * (1 - usual)) * np.log1p(-pi)
        + waiting * np.log(np.maximum(open_share, 1e-9))
    )
    weight = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    cumulative = np.cumsum(weight, axis=1)
    cumulative /= cumulative[:, -1:]
    low, mid, high = (GRID[(cumulative < q).sum(axis=1).clip(max=len(GRID) - 1)] for q in (0.025, 0.5, 0.975))
    return Nowcast(low, mid, high, usual * denied_by_age + (1 - usual) * others_by_age)
