"""Payment delay: decisions that stay away, against the series' own hazards by age (a log-rank test by calendar week).

Other payers' decisions of the same weeks give a calendar factor, so holidays and posting gaps are not a payer's delay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from upstream.detection import spans
from upstream.detection.detectors import baseline, onset, tails, windows
from upstream.detection.detectors.findings import ADVERSE, IMPROVE, Finding, Series
from upstream.detection.detectors.masks import NO_MASKS, Masks, over
from upstream.detection.rules import DELAY, Budget, Strength, correction
from upstream.detection.triangle import LAGS, ONE_WEEK, Triangle, aligned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

METRIC = "payment_delay"
LEVELS = ("payer", "procedure", "location")
HAZARD_WEIGHT = 30.0
CALENDAR_WEIGHT = 10.0
CALENDAR_REACH = 0.15
DRIFT = 0.04
WOBBLE_PRIOR = 0.004
VISIBLE = 4.0
CHART_WEEKS = 52
DAYS = 7.0


@dataclass(frozen=True)
class Flow:
    """[S, W, L] decisions seen and expected of the claims still open at that age, and [S] facts in days.

    `late_days` is how many days of submissions are open beyond the usual (Little's law), `late_error` its standard
    error; `error` the relative variance of the hazards.
    """

    triangle: Triangle
    seen: Floats
    expected: Floats
    usual_days: Floats
    late_days: Floats
    late_error: Floats
    error: Floats


def judge(triangles: Sequence[Triangle], budget: Budget, calendar: Masks = NO_MASKS) -> list[Finding]:
    """Delays (adverse) and accelerations (improve) of payers and their parts, strongest first."""
    by_name = {t.level: t for t in triangles if t.level in LEVELS}
    payers = by_name["payer"]
    by_name = {name: aligned(t, payers.weeks) for name, t in by_name.items()}
    masked = over(calendar, triangles)
    if baseline.baseline_weeks(masked) < spans.MIN_WEEKS or not payers.keys:
        return []
    use = baseline.usable(len(payers.weeks), masked)
    use[..., LAGS - 1] = False
    row = {payer: i for i, (payer, _) in enumerate(payers.keys)}
    top = _hazard(payers, use, None)
    whole = _flow(payers, use, top, np.ones_like(payers.submitted))
    factor = _calendar(whole)
    found = []
    for triangle in by_name.values():
        parent = np.array([row[p] for p, _ in triangle.keys], dtype=np.int64)
        own = baseline.of_series(use, parent)
        hazard = top if triangle.level == "payer" else _hazard(triangle, own, top[parent])
        found += _findings(_flow(triangle, own, hazard, factor[parent]), budget)
    return sorted(found, key=lambda f: -f.evidence)


def slower(triangle: Triangle, masked: Bools) -> Floats:
    """[S] strongest evidence that each payer of a payer triangle decides later, as if no other payer told the time."""
    return np.asarray(-tails.log10_at_most(*_look(_alone(triangle, masked))).min(axis=1), dtype=np.float64)


def correction_of(triangle: Triangle, masked: Bools) -> float:
    """What the number of payers of a payer triangle takes off their evidence."""
    return _taken_off(triangle.level, _look(_alone(triangle, masked))[1])


def _alone(triangle: Triangle, masked: Bools) -> Flow:
    use = baseline.usable(len(triangle.weeks), masked)
    use[..., LAGS - 1] = False
    return _flow(triangle, use, _hazard(triangle, use, None), np.ones_like(triangle.submitted))


def _taken_off(level: str, expected: Floats) -> float:
    twelve = expected[:, windows.SIZES.index(12)]
    return correction(level, float(np.minimum(1.0, twelve / VISIBLE / 12).sum()), DELAY)


def _open_claims(triangle: Triangle) -> Floats:
    """[S, W, L] claims undecided at the start of that age."""
    before = np.cumsum(triangle.decided, axis=2) - triangle.decided
    return np.maximum(triangle.submitted[:, :, None] - before, 0.0)


def _hazard(triangle: Triangle, use: Bools, prior: Floats | None) -> Floats:
    span = slice(spans.GAP, spans.GAP + spans.SPAN)
    decided = baseline.by_known(triangle.decided * use)[:, span].sum(axis=1)
    at_risk = baseline.by_known(_open_claims(triangle) * use)[:, span].sum(axis=1)
    drawn_to = prior if prior is not None else (decided.sum(0) / np.maximum(at_risk.sum(0), 1.0))[None, :]
    return np.asarray(
        np.clip((decided + HAZARD_WEIGHT * drawn_to) / (at_risk + HAZARD_WEIGHT), 0.0, 0.98), dtype=np.float64
    )


def _flow(triangle: Triangle, use: Bools, hazard: Floats, factor: Floats) -> Flow:
    weeks = len(triangle.weeks)
    known = np.minimum(np.arange(weeks)[:, None] + np.arange(LAGS)[None, :], weeks - 1)
    expected = _open_claims(triangle) * use * hazard[:, None, :] * factor[:, known]
    still_open = np.cumprod(1.0 - hazard, axis=1)
    span = slice(-(spans.GAP + spans.SPAN), -spans.GAP)
    error = 1.0 / (triangle.decided[:, span].sum(axis=(1, 2)) + 8.0)
    late, late_error = _late(triangle, np.asarray(still_open, dtype=np.float64))
    usual_days = DAYS * (still_open.sum(axis=1) + 0.5)
    return Flow(triangle, triangle.decided * use, expected, usual_days, late, late_error, error)


def _late(triangle: Triangle, still_open: Floats) -> tuple[Floats, Floats]:
    """Days of submissions open beyond those that the usual speed leaves open, and the standard error."""
    recent = slice(-(LAGS - 1), None)
    submitted = triangle.submitted[:, recent]
    stays = still_open[:, : LAGS - 1][:, ::-1][:, -submitted.shape[1] :]
    extra = (submitted - triangle.decided[:, recent].sum(axis=2) - submitted * stays).sum(axis=1)
    a_day = np.maximum(submitted.mean(axis=1), 0.1) / DAYS
    return extra / a_day, np.sqrt((submitted * stays * (1 - stays)).sum(axis=1) + 1.0) / a_day


def _calendar(whole: Flow) -> Floats:
    """[payers, W] by decision week: how many decisions the other payers made of those expected, drawn to 1.

    A payer far from the week's median counts as if near it, so one payer's backlog does not shift the others.
    """
    seen = windows.weekly_by_decision(whole.seen)[:, ::-1]
    expected = windows.weekly_by_decision(whole.expected)[:, ::-1]
    ratio = (seen + 5.0) / (expected + 5.0)
    middle = np.median(ratio, axis=0)
    tame = np.clip(ratio, middle - CALENDAR_REACH, middle + CALENDAR_REACH) * expected
    others_seen, others = tame.sum(0) - tame, expected.sum(0) - expected
    return np.asarray((others_seen + CALENDAR_WEIGHT) / (others + CALENDAR_WEIGHT), dtype=np.float64)


def _findings(flow: Flow, budget: Budget) -> list[Finding]:
    seen, expected, variance = _look(flow)
    fewer = -tails.log10_at_most(seen, expected, variance)
    more = -tails.log10_at_least(seen, expected, variance)
    taken_off = _taken_off(flow.triangle.level, expected)
    out = []
    for direction, evidence in ((ADVERSE, fewer), (IMPROVE, more)):
        for s in np.flatnonzero(evidence.max(axis=1) - taken_off >= budget.evidence_for(DELAY) - 1.0):
            w = int(evidence[s].argmax())
            counts = Counts(
                float(seen[s, w]), float(expected[s, w]), float(variance[s, w]), float(evidence[s, w]), taken_off
            )
            strength = budget.strength(counts.raw - taken_off, DELAY)
            if strength is not None:
                out.append(_finding(flow, int(s), w, direction, strength, counts))
    return out


@dataclass(frozen=True)
class Counts:
    """One window of one series: decisions seen and expected, variance, raw evidence and the correction."""

    seen: float
    expected: float
    variance: float
    raw: float
    taken_off: float


def _look(flow: Flow) -> tuple[Floats, Floats, Floats]:
    """[S, windows] decisions seen, expected, and the variance of their difference."""
    seen, expected, variance = [], [], []
    for by in (windows.weekly_by_decision, windows.weekly_by_submission):
        o, e = by(flow.seen), by(flow.expected)
        span = slice(spans.GAP, spans.GAP + spans.SPAN)
        wobble = windows.moments(o[:, span], e[:, span], WOBBLE_PRIOR, WOBBLE_PRIOR)
        for size in windows.SIZES:
            total = e[:, :size].sum(1)
            seen.append(o[:, :size].sum(1))
            expected.append(total)
            beyond = total**2 * (flow.error + DRIFT**2) + wobble * (e[:, :size] ** 2).sum(1)
            variance.append(total + beyond)
    return np.stack(seen, 1), np.stack(expected, 1), np.stack(variance, 1)


def _finding(flow: Flow, s: int, window: int, direction: str, strength: Strength, counts: Counts) -> Finding:
    clock, size = windows.WINDOWS[window]
    o = windows.weekly_by_decision(flow.seen[s : s + 1])[0]
    e = windows.weekly_by_decision(flow.expected[s : s + 1])[0]
    began = onset.onset_of(o, e, adverse=direction == IMPROVE)
    as_of = flow.triangle.as_of
    payer, key = flow.triangle.keys[s]
    usual = float(flow.usual_days[s])
    late, spread = float(flow.late_days[s]), 1.96 * float(flow.late_error[s])
    return Finding(
        level=flow.triangle.level,
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
        p_value=float(10**-counts.raw),
        evidence=counts.raw - counts.taken_off,
        strength=strength,
        baseline_rate=usual,
        current_rate=max(0.0, usual + late),
        current_low=max(0.0, usual + late - spread),
        current_high=max(0.0, usual + late + spread),
        observed=counts.seen,
        expected=counts.expected,
        chart=partial(_series, flow.triangle.weeks, o, e),
    )


def _series(weeks: NDArray[np.datetime64], seen: Floats, expected: Floats) -> Series:
    """Per decision week: decisions as a share of the expected ones, with a 95 % Poisson interval around the usual 1."""
    n = min(CHART_WEEKS, len(weeks))
    o, e = seen[:n][::-1], np.maximum(expected[:n][::-1], 0.5)
    spread = 1.96 * np.sqrt(np.maximum(o, 1.0))
    whole = np.ones(n)
    return Series(
        weeks[-n:],
        e,
        o,
        np.zeros(n),
        np.maximum(o - spread, 0.0) / e,
        o / e,
        (o + spread) / e,
        whole,
        whole,
        np.zeros(n, dtype=np.bool_),
    )
