"""The result types of the detectors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.scope import Scope
from upstream.detection.rules import Strength

Floats = NDArray[np.float64]
Weeks = NDArray[np.datetime64]

ADVERSE, IMPROVE = "adverse", "improve"


@dataclass(frozen=True)
class Series:
    """Weekly chart: one entry per submission week, oldest first; rates are shares of claims.

    `immature` marks cohorts of which fewer than four in five decisions are expected by now.
    """

    weeks: Weeks
    submitted: Floats
    decided: Floats
    denied: Floats
    low: Floats
    mid: Floats
    high: Floats
    baseline: Floats
    maturity: Floats
    immature: NDArray[np.bool_]


@dataclass(frozen=True)
class Finding:
    """One series that does not behave as usual.

    `evidence` is log10 of one over the tail probability after the correction for all series looked at; `p_value` the
    uncorrected one. Weeks are Mondays; the window is `weeks_back` weeks by `clock` (decision or submission) and ends
    with the as-of week. Rates are shares of decided claims. `chart` draws its weeks: few findings are ever shown.
    """

    level: str
    payer: int
    key: str
    metric: str
    direction: str
    as_of: np.datetime64
    clock: str
    weeks_back: int
    onset: np.datetime64
    onset_low: np.datetime64
    onset_high: np.datetime64
    p_value: float
    evidence: float
    strength: Strength
    baseline_rate: float
    current_rate: float
    current_low: float
    current_high: float
    observed: float
    expected: float
    chart: Callable[[], Series]


@dataclass(frozen=True)
class Priced(Finding):
    """A finding that says by itself which part of the payer it is about and what it costs, in cents (low, mid, high).

    `lost` is what the window's excess amounts to, `annual` a year of the same; `detail` is the code that was answered
    instead of the scope's.
    """

    scope: Scope
    lost: tuple[float, float, float]
    annual: tuple[float, float, float]
    detail: str = ""
