"""Observed and expected denials in the last 1 to 12 weeks, by week of decision and by week of submission.

Two expectations for the same denials: per decided claim (blind to slow payments) and per submitted claim (blind to
decisions that come early, held or dumped).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.baseline import GAP, SPAN, Usual, by_known
from upstream.detection.triangle import Triangle

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIZES = (1, 2, 3, 4, 6, 8, 12)
GUARD = 4
MOST = 0.97
BY_DECISION, BY_SUBMISSION = "decision", "submission"
WINDOWS = tuple((clock, size) for clock in (BY_DECISION, BY_SUBMISSION) for size in SIZES)


@dataclass(frozen=True)
class Cells:
    """[S, W, L]: denials seen, expected of the decisions (with the binomial variance), expected of the submissions."""

    denied: Floats
    of_decided: Floats
    of_submitted: Floats
    binomial: Floats


@dataclass(frozen=True)
class Seen:
    """[S, windows]: observed denials, both expectations, weekly sums of squares and the deficit just before."""

    observed: Floats
    of_decided: Floats
    of_submitted: Floats
    binomial: Floats
    squares_decided: Floats
    squares_submitted: Floats
    deficit_decided: Floats
    deficit_submitted: Floats


def cells_of(triangle: Triangle, usual: Usual, mix: Floats, use: Bools) -> Cells:
    """Cells of one level; `mix` [S, W] is how much dearer in denials the cohort's procedures are than usual."""
    factor = mix[:, :, None]
    share = np.minimum(usual.share[:, None, :] * factor, MOST)
    of_decided = triangle.decided * use * share
    return Cells(
        denied=triangle.denied * use,
        of_decided=of_decided,
        binomial=of_decided * (1.0 - share),
        of_submitted=triangle.submitted[:, :, None] * use * usual.hazard[:, None, :] * factor,
    )


def weekly_by_decision(cells: Floats) -> Floats:
    """[S, J] sums by decision week, newest first."""
    return np.asarray(by_known(cells).sum(axis=2), dtype=np.float64)


def weekly_by_submission(cells: Floats) -> Floats:
    """[S, J] sums by submission week, newest first."""
    return np.asarray(cells.sum(axis=2)[:, ::-1], dtype=np.float64)


def look(cells: Cells) -> Seen:
    """All windows of all series."""
    parts: dict[str, list[Floats]] = {name: [] for name in Seen.__dataclass_fields__}
    for clock in (BY_DECISION, BY_SUBMISSION):
        by = weekly_by_decision if clock == BY_DECISION else weekly_by_submission
        denied, decided, submitted = by(cells.denied), by(cells.of_decided), by(cells.of_submitted)
        binomial = by(cells.binomial)
        for size in SIZES:
            parts["observed"].append(denied[:, :size].sum(1))
            parts["of_decided"].append(decided[:, :size].sum(1))
            parts["of_submitted"].append(submitted[:, :size].sum(1))
            parts["binomial"].append(binomial[:, :size].sum(1))
            parts["squares_decided"].append((decided[:, :size] ** 2).sum(1))
            parts["squares_submitted"].append((submitted[:, :size] ** 2).sum(1))
            before = slice(size, size + GUARD)
            guard = 1.0 if clock == BY_DECISION else 0.0
            parts["deficit_decided"].append(guard * _deficit(denied[:, before].sum(1), decided[:, before].sum(1)))
            parts["deficit_submitted"].append(guard * _deficit(denied[:, before].sum(1), submitted[:, before].sum(1)))
    return Seen(**{name: np.stack(columns, axis=1) for name, columns in parts.items()})


def _deficit(observed: Floats, expected: Floats) -> Floats:
    """Denials missing beyond one standard deviation: they may only be late and arrive in the window."""
    return np.asarray(np.maximum(expected - observed - np.sqrt(expected + 1.0), 0.0), dtype=np.float64)


@dataclass(frozen=True)
class Wobble:
    """Relative variance from week to week beyond counting noise, on each clock and for each expectation."""

    decided: tuple[float, float]
    submitted: tuple[float, float]


def wobble_of(cells: Cells, *, prior: float, prior_sd: float) -> Wobble:
    """Method of moments over the baseline weeks of one level, drawn to the prior where the data say little."""
    found: dict[str, list[float]] = {"decided": [], "submitted": []}
    for by in (weekly_by_decision, weekly_by_submission):
        span = slice(GAP, GAP + SPAN)
        denied = by(cells.denied)[:, span]
        for name, expected in (("decided", by(cells.of_decided)), ("submitted", by(cells.of_submitted))):
            found[name].append(moments(denied, expected[:, span], prior, prior_sd))
    return Wobble((found["decided"][0], found["decided"][1]), (found["submitted"][0], found["submitted"][1]))


def moments(observed: Floats, expected: Floats, prior: float, prior_sd: float) -> float:
    """Relative variance of weekly counts [S, weeks] beyond counting noise, outliers capped at three deviations."""
    enough = expected > 0.5
    e, o = expected[enough], observed[enough]
    if e.size < 10:
        return prior
    noise = e * (1.0 + prior * e)
    squared = np.minimum((o - e) ** 2, 9.0 * noise)
    weight = (e * e) / noise**2
    information = float((weight * e * e).sum())
    estimate = float((weight * (squared - e)).sum()) / max(information, 1e-12)
    spread = 2.0 * float((weight**2 * noise**2).sum()) / max(information, 1e-12) ** 2
    trust = prior_sd**2 / (prior_sd**2 + spread)
    return float(max(prior * 0.25, trust * estimate + (1 - trust) * prior))


def mature_share(hazard: Floats) -> Floats:
    """[S, L] share of the denials of a cohort that is expected to have shown by that age."""
    total = np.maximum(hazard.sum(axis=1, keepdims=True), 1e-12)
    return np.asarray(np.cumsum(hazard, axis=1) / total, dtype=np.float64)
