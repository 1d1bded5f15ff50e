"""Observed and expected denials in the last 1 to 12 weeks, by week of decision and by week of submission.

Two expectations for the same denials: per decided claim (blind to slow payments) and per submitted claim (blind to
decisions that come early, held or dumped).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.baseline import REACH, Usual, at_risk_by_known, by_known, usable_by_known
from upstream.detection.spans import BY_DECISION, BY_SUBMISSION, GAP, SPAN
from upstream.detection.triangle import Triangle

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SIZES = (1, 2, 3, 4, 6, 8, 12)
GUARDS = (3, 4)
LONGEST = max(SIZES) + max(GUARDS)
MOST = 0.97
WINDOWS = tuple((clock, size) for clock in (BY_DECISION, BY_SUBMISSION) for size in SIZES)


@dataclass(frozen=True)
class Weekly:
    """[S, J] on one clock, newest week first: denials seen, expected of the decisions and of the submissions.

    `binomial` is the variance of the denials given the decisions.
    """

    denied: Floats
    of_decided: Floats
    of_submitted: Floats
    binomial: Floats


@dataclass(frozen=True)
class Counted:
    """The same denials by the week of their decision and by the week of their submission."""

    decision: Weekly
    submission: Weekly

    def on(self, clock: str) -> Weekly:
        """The sums on that clock."""
        return self.decision if clock == BY_DECISION else self.submission


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


@dataclass(frozen=True)
class Weights:
    """[S, W] by cohort: how much dearer in denials its procedures are than usual (None: as usual), and how many more
    of its denials show because the payer decides sooner."""

    mix: Floats | None
    sooner: Floats


def counted_of(triangle: Triangle, usual: Usual, weights: Weights, use: Bools) -> Counted:
    """Weekly sums of a triangle whose unusable cells are empty."""
    share, mix = np.minimum(usual.share, MOST), weights.mix
    decided, submitted, squared = triangle.decided, triangle.submitted * weights.sooner, None
    if mix is not None:
        decided, submitted = decided * mix[:, :, None], submitted * mix
        squared = decided * mix[:, :, None]
    return Counted(
        _by_decision(triangle, (decided, submitted, squared), share, usual.hazard, use),
        _by_submission(triangle, (decided, submitted, squared), share, usual.hazard, use),
    )


Weighted = tuple[Floats, Floats, Floats | None]


def _by_decision(triangle: Triangle, weighted: Weighted, share: Floats, hazard: Floats, use: Bools) -> Weekly:
    decided, submitted, squared = weighted
    known = by_known(decided)
    of_decided = np.einsum("sjl,sl->sj", known, share)
    more = known if squared is None else by_known(squared)
    return Weekly(
        denied=by_known(triangle.denied).sum(axis=2),
        of_decided=of_decided,
        of_submitted=np.einsum("sjl,sjl,sl->sj", at_risk_by_known(submitted), usable_by_known(use), hazard),
        binomial=np.maximum(of_decided - np.einsum("sjl,sl->sj", more, share**2), (1 - MOST) * of_decided),
    )


def _by_submission(triangle: Triangle, weighted: Weighted, share: Floats, hazard: Floats, use: Bools) -> Weekly:
    decided, submitted, squared = weighted
    newest = slice(None, -REACH - 1, -1)
    of_decided = np.einsum("swl,sl->sw", decided[:, newest], share)
    more = decided if squared is None else squared
    return Weekly(
        denied=triangle.denied[:, newest].sum(axis=2),
        of_decided=of_decided,
        of_submitted=(submitted * np.einsum("sl,swl->sw", hazard, use if use.ndim == 3 else use[None]))[:, newest],
        binomial=np.maximum(of_decided - np.einsum("swl,sl->sw", more[:, newest], share**2), (1 - MOST) * of_decided),
    )


def weekly_by_decision(cells: Floats) -> Floats:
    """[S, J] sums of all cells by decision week, newest first."""
    return np.asarray(by_known(cells, cells.shape[1]).sum(axis=2), dtype=np.float64)


def weekly_by_submission(cells: Floats) -> Floats:
    """[S, J] sums by submission week, newest first."""
    return np.asarray(cells.sum(axis=2)[:, ::-1], dtype=np.float64)


def look(counted: Counted) -> Seen:
    """All windows of all series."""
    parts: dict[str, list[Floats]] = {name: [] for name in Seen.__dataclass_fields__}
    for clock in (BY_DECISION, BY_SUBMISSION):
        weekly = counted.on(clock)
        sums = {name: _running(getattr(weekly, name)) for name in Weekly.__dataclass_fields__}
        for name, total in (("observed", "denied"), *((n, n) for n in ("of_decided", "of_submitted", "binomial"))):
            parts[name].append(sums[total][:, SIZES])
        parts["squares_decided"].append(_running(weekly.of_decided**2)[:, SIZES])
        parts["squares_submitted"].append(_running(weekly.of_submitted**2)[:, SIZES])
        late = 1.0 if clock == BY_DECISION else 0.0
        parts["deficit_decided"].append(late * _deficit(sums["denied"], sums["of_decided"]))
        parts["deficit_submitted"].append(late * _deficit(sums["denied"], sums["of_submitted"]))
    return Seen(**{name: np.concatenate(columns, axis=1) for name, columns in parts.items()})


def age_error(payers: Triangle, usual: Usual, errors: Floats) -> Floats:
    """[payers, windows]: relative variance of what a window expects, from the ages of its decisions.

    A window of young cohorts rests on the few baseline decisions that were as young.
    """
    longest = max(SIZES)
    expected = payers.decided[:, : -longest - 1 : -1] * usual.share[:, None, :]
    known = by_known(payers.decided)[:, :longest] * usual.share[:, None, :]
    out = []
    for weekly in (known, expected):
        sums = np.cumsum(weekly, axis=1)[:, [min(size, weekly.shape[1]) - 1 for size in SIZES]]
        total = np.maximum(sums.sum(axis=2), 1e-9)
        out.append(np.einsum("swl,sl->sw", sums**2, errors) / total**2)
    return np.concatenate(out, axis=1)


def _running(weekly: Floats) -> Floats:
    """[S, LONGEST + 1]: sums of the newest 0, 1, 2, ... weeks; weeks before the first count nothing."""
    newest = weekly[:, :LONGEST]
    out = np.zeros((len(weekly), LONGEST + 1))
    np.cumsum(newest, axis=1, out=out[:, 1 : newest.shape[1] + 1])
    out[:, newest.shape[1] + 1 :] = out[:, newest.shape[1]][:, None]
    return out


def _deficit(denied: Floats, expected: Floats) -> Floats:
    """[S, windows] denials missing just before, by more than what came may vary: they may be late and arrive inside.

    From running sums; of the 3 or the 4 weeks before, whichever miss more.
    """
    missing = np.zeros((len(denied), len(SIZES)))
    for guard in GUARDS:
        before = [size + guard for size in SIZES]
        came, due = (sums[:, before] - sums[:, SIZES] for sums in (denied, expected))
        missing = np.maximum(missing, due - came - np.sqrt(came + 1.0))
    return missing


@dataclass(frozen=True)
class Wobble:
    """Relative variance from week to week beyond counting noise, on each clock and for each expectation."""

    decided: tuple[float, float]
    submitted: tuple[float, float]


def wobble_of(counted: Counted, *, prior: float, prior_sd: float) -> Wobble:
    """Method of moments over the baseline weeks of one level, drawn to the prior where the data say little."""
    span = slice(GAP, GAP + SPAN)
    clocks = (counted.decision, counted.submission)

    def each(expected: str) -> tuple[float, float]:
        first, second = (moments(w.denied[:, span], getattr(w, expected)[:, span], prior, prior_sd) for w in clocks)
        return first, second

    return Wobble(each("of_decided"), each("of_submitted"))


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
