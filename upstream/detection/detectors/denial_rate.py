"""Denial rate: which series of a tenant depart from their baseline on both clocks, as known at the end of a week."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import onset, windows
from upstream.detection.detectors.findings import ADVERSE, IMPROVE, Finding
from upstream.detection.detectors.levels import Level, judge_levels
from upstream.detection.detectors.masks import NO_MASKS, Masks, over
from upstream.detection.detectors.weekly import series_of
from upstream.detection.rules import DENIAL, Budget, Strength, correction
from upstream.detection.triangle import ONE_WEEK, Triangle

Floats = NDArray[np.float64]

METRIC = "denial_rate"
VISIBLE = 2.0


def judge(triangles: Sequence[Triangle], budget: Budget, calendar: Masks = NO_MASKS) -> list[Finding]:
    """Findings of all levels, strongest first; `calendar` holds the Mondays of masked weeks.

    Nothing while the payer triangle has fewer than 20 usable baseline weeks. Raises Invalid("level") without a payer
    triangle.
    """
    levels = judge_levels(triangles, over(calendar, triangles))
    found = [f for level in levels.values() for f in _findings(level, budget)]
    return sorted(found, key=lambda f: -f.evidence)


def effective_series(level: Level) -> float:
    """How many series of the level are busy enough to raise an alarm at all."""
    twelve = level.expected[:, windows.SIZES.index(12)]
    return float(np.minimum(1.0, twelve / VISIBLE).sum())


def _findings(level: Level, budget: Budget) -> list[Finding]:
    taken_off = correction(level.triangle.level, effective_series(level), DENIAL)
    out = []
    for direction, evidence in ((ADVERSE, level.adverse), (IMPROVE, level.improved)):
        for s in np.flatnonzero(evidence.max(axis=1) - taken_off >= budget.evidence_for(DENIAL) - 1.0):
            window = int(evidence[s].argmax())
            corrected = float(evidence[s, window]) - taken_off
            strength = budget.strength(corrected, DENIAL)
            if strength is not None:
                out.append(_finding(level, int(s), window, direction, corrected, strength))
    return out


def _finding(level: Level, s: int, window: int, direction: str, evidence: float, strength: Strength) -> Finding:
    clock, size = windows.WINDOWS[window]
    weekly = level.counted.on(clock)
    began = onset.onset_of(weekly.denied[s], weekly.of_decided[s], adverse=direction == ADVERSE)
    as_of = level.triangle.as_of
    payer, key = level.triangle.keys[s]
    observed, expected = float(level.seen.observed[s, window]), float(level.expected[s, window])
    usual = float(level.usual.rate[s])
    ratios = rate_ratio(observed, expected, float(level.variance[s, window]))
    low, mid, high = (min(1.0, usual * r) for r in ratios)
    raw = level.adverse if direction == ADVERSE else level.improved
    return Finding(
        level=level.triangle.level,
        payer=payer,
        key=key,
        metric=METRIC,
        direction=direction,
        as_of=as_of,
        clock=clock,
        weeks_back=size,
        onset=as_of - began.best * ONE_WEEK,
        onset_low=as_of - began.earliest * ONE_WEEK,
        onset_high=as_of - began.latest * ONE_WEEK,
        p_value=float(10 ** -raw[s, window]),
        evidence=evidence,
        strength=strength,
        baseline_rate=usual,
        current_rate=mid,
        current_low=low,
        current_high=high,
        observed=observed,
        expected=expected,
        chart=partial(series_of, level, s),
    )


def rate_ratio(observed: float, expected: float, variance: float) -> tuple[float, float, float]:
    """Observed over expected with a 95 % interval: a log-normal with the counting noise of the observed count."""
    mean = max(expected, 1e-9)
    ratio = observed / mean
    beyond = max(variance - expected, 0.0) / mean**2
    spread = 1.96 * (1.0 / max(observed, 0.5) + beyond) ** 0.5
    centre = max(ratio, 0.5 / mean)
    return float(centre * np.exp(-spread)), ratio, float(centre * np.exp(spread))
