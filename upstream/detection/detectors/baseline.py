"""What is usual for each series: denial share by decision age, denials per submitted claim, and how sure we are."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from upstream.detection.spans import GAP, SPAN
from upstream.detection.triangle import LAGS, Triangle

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

REACH = GAP + SPAN
EVERY_CELL = np.ones((1, 1), dtype=np.bool_)
OWN_WEEKS = 10
AGE_WEIGHT = 10.0
PROFILE_WEIGHT = 30.0
SPREAD = {
    "procedure": 0.45,
    "location": 0.15,
    "provider": 0.3,
    "reason": 0.8,
    "procedure_reason": 1.0,
    "price_band": 0.3,
}


@dataclass(frozen=True)
class Usual:
    """Per series and lag: `share` denied of the claims decided at that age, `hazard` denials per submitted claim.

    `share_error` and `hazard_error` are relative variances of the two estimates; `decision` is decisions of any kind
    per submitted claim; `weeks` is how many baseline weeks were usable.
    """

    share: Floats
    hazard: Floats
    share_error: Floats
    hazard_error: Floats
    rate: Floats
    decision: Floats
    weeks: int


@dataclass(frozen=True)
class Ages:
    """Denials, decisions and submissions of the baseline by series and lag."""

    denied: Floats
    decided: Floats
    submitted: Floats


def by_known(cells: Floats, reach: int = REACH) -> Floats:
    """[S, W, L] by cohort and lag -> view [S, J, L] by weeks back of the decision (0 = the as-of week) and lag.

    J is `reach`, or all weeks where there are fewer. Read only: the same cells, walked askew.
    """
    weeks = min(cells.shape[1], reach)
    missing = max(weeks + LAGS - 1 - cells.shape[1], 0)
    long = np.pad(cells, ((0, 0), (missing, 0), (0, 0))) if missing else cells
    series, cohort, lag = long.strides
    return as_strided(long[:, -1:], (len(long), weeks, LAGS), (series, -cohort, lag - cohort), writeable=False)


def at_risk_by_known(submitted: Floats) -> Floats:
    """[S, W] cohorts -> view [S, J, L]: the cohort that has that age in that week."""
    missing = max(min(submitted.shape[1], REACH) + LAGS - 1 - submitted.shape[1], 0)
    long = np.pad(submitted, ((0, 0), (missing, 0)))
    series, cohort = long.strides
    weeks = min(submitted.shape[1], REACH)
    return as_strided(long[:, -1:], (len(long), weeks, LAGS), (series, -cohort, -cohort), writeable=False)


def usable(weeks: int, masked: Bools) -> Bools:
    """[W, L], or [payers, W, L] where masks differ: cells knowable by now, submitted and decided in unmasked weeks."""
    known = np.arange(weeks)[:, None] + np.arange(LAGS)[None, :]
    inside = known < weeks
    return np.asarray(inside & ~masked[..., :, None] & ~masked[..., np.minimum(known, weeks - 1)], dtype=np.bool_)


def ages_of(triangle: Triangle, use: Bools) -> Ages:
    """Sums over the baseline's decision weeks of a triangle whose unusable cells are empty."""
    span = slice(GAP, GAP + SPAN)
    kept = usable_by_known(use)[:, span]
    return Ages(
        denied=by_known(triangle.denied)[:, span].sum(axis=1),
        decided=by_known(triangle.decided)[:, span].sum(axis=1),
        submitted=np.einsum("sjl,sjl->sl", at_risk_by_known(triangle.submitted)[:, span], kept),
    )


def baseline_weeks(masked: Bools) -> int:
    """Unmasked decision weeks inside the baseline span, of the payer with the most."""
    return int((~masked[..., ::-1][..., GAP : GAP + SPAN]).sum(axis=-1).max(initial=0))


def weeks_decided(payers: Triangle) -> Ints:
    """[S] baseline weeks in which the payer decided anything at all."""
    return np.asarray((by_known(payers.decided)[:, GAP : GAP + SPAN].sum(axis=2) > 0).sum(axis=1), dtype=np.int64)


def of_series(use: Bools, parent: Ints) -> Bools:
    """The usable cells of series whose payers are `parent`."""
    return use if use.ndim == 2 else np.asarray(use[parent], dtype=np.bool_)


def usable_by_known(use: Bools) -> Floats:
    """[S, J, L], or [1, J, L] where masks do not differ: 1 for usable cells, by weeks back of the decision."""
    return by_known((use if use.ndim == 3 else use[None]).astype(np.float64))


def _smooth(x: Floats) -> Floats:
    """[S, L] running 1-2-1 sums over neighbouring ages."""
    padded = np.pad(x, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4, dtype=np.float64)


def _ratio(a: Floats, b: Floats) -> Floats:
    return np.asarray(a / np.maximum(b, 1e-9), dtype=np.float64)


def _decision(ages: Ages) -> Floats:
    """[S, L] decisions per submitted claim, thin series drawn to the tenant's."""
    pooled = _ratio(ages.decided.sum(0), ages.submitted.sum(0))[None, :]
    return (ages.decided + PROFILE_WEIGHT * pooled) / (ages.submitted + PROFILE_WEIGHT)


def usual_of_payers(ages: Ages, weeks: int) -> Usual:
    """Payer level: age profile of the payer itself, thin payers drawn to the tenant's rate."""
    tenant = _ratio(ages.denied.sum(keepdims=True), ages.decided.sum(keepdims=True))
    denied, decided = ages.denied.sum(1, keepdims=True), ages.decided.sum(1, keepdims=True)
    rate = (denied + PROFILE_WEIGHT * tenant) / (decided + PROFILE_WEIGHT)
    near = (_smooth(ages.denied) + AGE_WEIGHT * rate) / (_smooth(ages.decided) + AGE_WEIGHT)
    share = (ages.denied + AGE_WEIGHT * near) / (ages.decided + AGE_WEIGHT)
    share = share * _ratio(denied + 1e-3, (ages.decided * share).sum(1, keepdims=True) + 1e-3)
    pooled = _ratio(ages.denied.sum(0), ages.submitted.sum(0))[None, :]
    hazard = (ages.denied + PROFILE_WEIGHT * pooled) / (ages.submitted + PROFILE_WEIGHT)
    error = 1.0 / (denied[:, 0] + 3.0)
    decision = _decision(ages)
    return Usual(np.clip(share, 1e-5, 0.97), hazard, error, error, rate[:, 0], decision, weeks)


def age_errors(ages: Ages, usual: Usual) -> Floats:
    """[S, L] relative variance of the denied share of decisions at each age: large where few were ever denied so."""
    return np.asarray(1.0 / (ages.denied + AGE_WEIGHT * usual.share), dtype=np.float64)


def usual_within(ages: Ages, level: str, prior_share: Floats, prior_hazard: Floats, weeks: int) -> Usual:
    """A lower level: the parent's age profile moved on the logit scale as far as the series' own counts carry it."""
    spread = SPREAD[level] ** 2
    odds = np.log(np.clip(prior_share, 1e-6, 0.97) / (1 - np.clip(prior_share, 1e-6, 0.97)))
    seen = ages.denied.sum(1)
    beta = np.zeros(len(seen))
    for _ in range(8):
        p = 1.0 / (1.0 + np.exp(-(odds + beta[:, None])))
        slope = (ages.decided * p * (1 - p)).sum(1) + 1 / spread
        step = (seen - (ages.decided * p).sum(1) - beta / spread) / slope
        beta = beta + np.clip(step, -1.0, 1.0)
    share = 1.0 / (1.0 + np.exp(-(odds + beta[:, None])))
    expected = (ages.submitted * prior_hazard).sum(1)
    ratio = (seen + 1 / spread) / (expected + 1 / spread)
    rate = _ratio((ages.decided * share).sum(1), ages.decided.sum(1))
    blank = ages.decided.sum(1) <= 0
    rate = np.where(blank, share[:, :4].mean(1), rate)
    return Usual(
        share, prior_hazard * ratio[:, None], 1.0 / slope, 1.0 / (seen + 1 / spread), rate, _decision(ages), weeks
    )
