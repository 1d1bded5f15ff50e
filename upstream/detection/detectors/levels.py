"""Evidence of every series of every level: one pass over a tenant's triangles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upstream.core.errors import Invalid
from upstream.detection import spans
from upstream.detection.detectors import baseline, tails, windows
from upstream.detection.detectors.baseline import Usual
from upstream.detection.detectors.windows import Counted, Seen, Weights
from upstream.detection.triangle import LAGS, Triangle, aligned

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

# Relative drift of a rate within a year that no baseline knows, and the weekly wobble expected before any was seen.
DRIFT = {
    "payer": 0.03,
    "procedure": 0.04,
    "location": 0.035,
    "provider": 0.04,
    "reason": 0.04,
    "procedure_reason": 0.05,
    "price_band": 0.04,
}
WOBBLE_PRIOR = {
    "payer": 0.003,
    "procedure": 0.005,
    "location": 0.004,
    "provider": 0.005,
    "reason": 0.005,
    "procedure_reason": 0.01,
    "price_band": 0.005,
}
VETO_SLOPE, VETO_START = 1.3, 0.9
COUNTS = ("observed", "of_decided", "of_submitted", "deficit_decided", "deficit_submitted")
SOONEST = 4.0
PACE_WEEKS, PACE_DRIFT, OFF_PACE = 8, 0.02, 3.0
GLANCE = 1.6
RECENT = 12


@dataclass(frozen=True)
class Level:
    """One triangle with its baseline, windows and evidence.

    `adverse` and `improved` [S, windows] are log10 of one over the tail probability: of decided claims, limited by the
    test of submitted claims. `use` marks the cells of weeks that are not left out.
    """

    triangle: Triangle
    use: Bools
    usual: Usual
    counted: Counted
    seen: Seen
    variance: Floats
    expected: Floats
    adverse: Floats
    improved: Floats


def judge_levels(triangles: Sequence[Triangle], masked: Bools) -> dict[str, Level]:
    """Levels by name; needs a payer triangle. Empty while fewer than MIN_WEEKS baseline weeks are usable."""
    by_name = {t.level: t for t in triangles}
    if "payer" not in by_name:
        raise Invalid("level", "a payer triangle is needed")
    weeks = by_name["payer"].weeks
    use = baseline.usable(len(weeks), masked)
    row = {payer: i for i, (payer, _) in enumerate(by_name["payer"].keys)}
    parents = {name: np.array([row[p] for p, _ in t.keys], dtype=np.int64) for name, t in by_name.items()}
    usable = {name: baseline.of_series(use, parent) for name, parent in parents.items()}
    shown = {name: aligned(t, weeks) for name, t in by_name.items()}
    by_name = {name: _emptied(t, usable[name], masked) for name, t in shown.items()}
    payers, count = by_name["payer"], baseline.baseline_weeks(masked)
    if count < spans.MIN_WEEKS or not payers.keys:
        return {}
    ages = baseline.ages_of(payers, use)
    top = baseline.usual_of_payers(ages, count)
    unsure = windows.age_error(payers, top, baseline.age_errors(ages, top))
    usual = {"payer": top}
    for name in sorted(by_name, key=_order):
        if name != "payer":
            usual[name] = _usual(by_name[name], parents[name], usual, by_name, usable[name])
    codes = by_name.get("procedure")
    mix, doubt = np.ones_like(payers.submitted), np.zeros(len(payers.keys))
    if codes is not None:
        mix = _mix(payers, codes, parents["procedure"], usual["procedure"])
        doubt = _doubt(codes, parents["procedure"], usual["procedure"], top)
    sooner, unknown = _sooner(payers, top), baseline.weeks_decided(payers) < baseline.OWN_WEEKS
    looks = {}
    for name, triangle in by_name.items():
        parent = parents[name]
        cohorts = None if name in OWN_MIX else mix[parent]
        extra = unsure[parent] + (0.0 if name in OWN_MIX else doubt[parent, None])
        looks[name] = _look(triangle, usual[name], Weights(cohorts, sooner[parent]), extra, usable[name])
    steady = _steady(payers, top)
    trust = {name: Trust(~unknown[parent], steady[parent]) for name, parent in parents.items()}
    return _judged(looks, shown, trust)


def _emptied(triangle: Triangle, use: Bools, masked: Bools) -> Triangle:
    """The triangle without the cells of masked weeks."""
    if not masked.any():
        return triangle
    return replace(triangle, decided=triangle.decided * use, denied=triangle.denied * use)


OWN_MIX = ("procedure", "procedure_reason")


def _order(name: str) -> int:
    return ("payer", "procedure").index(name) if name in ("payer", "procedure") else len(name) + 2


def _usual(
    triangle: Triangle, parent: Ints, usual: dict[str, Usual], by_name: dict[str, Triangle], use: Bools
) -> Usual:
    ages = baseline.ages_of(triangle, use)
    above = usual["payer"]
    share, hazard = above.share[parent], above.hazard[parent]
    if triangle.level in ("reason", "procedure_reason"):
        if triangle.level == "procedure_reason" and "procedure" in usual:
            at = {key: i for i, key in enumerate(by_name["procedure"].keys)}
            own = np.array([at[(p, key.split("|")[0])] for p, key in triangle.keys], dtype=np.int64)
            share, hazard = usual["procedure"].share[own], usual["procedure"].hazard[own]
        part = _part_of_reason(triangle, ages.denied.sum(1), parent, above)
        share, hazard = share * part[:, None], hazard * part[:, None]
    return baseline.usual_within(ages, triangle.level, share, hazard, above.weeks)


def _part_of_reason(triangle: Triangle, denied: Floats, parent: Ints, above: Usual) -> Floats:
    """Share of a payer's denials that carry the reason, drawn to the tenant's share of that reason."""
    labels, reason = np.unique([key.split("|")[-1] for _, key in triangle.keys], return_inverse=True)
    tenant = np.bincount(reason, denied, len(labels)) + 0.5
    tenant = tenant / tenant.sum()
    own = np.zeros((len(above.rate), len(labels)))
    np.add.at(own, (parent, reason), denied)
    total = own.sum(axis=1, keepdims=True)
    return np.asarray(((own + 6.0 * tenant) / (total + 6.0))[parent, reason], dtype=np.float64)


def _mix(payers: Triangle, procedures: Triangle, parent: Ints, usual: Usual) -> Floats:
    """[payers, W]: expected denial rate of the cohort's procedures over that of the baseline's."""
    total, weighted = np.zeros_like(payers.submitted), np.zeros_like(payers.submitted)
    np.add.at(total, parent, procedures.submitted)
    np.add.at(weighted, parent, procedures.submitted * usual.rate[:, None])
    span = slice(-(spans.GAP + spans.SPAN), -spans.GAP)
    norm = weighted[:, span].sum(1, keepdims=True) / np.maximum(total[:, span].sum(1, keepdims=True), 1.0)
    found = (total > 0) & (norm > 0)
    return np.asarray(np.where(found, weighted / np.maximum(total * norm, 1e-9), 1.0), dtype=np.float64)


def _sooner(payers: Triangle, top: Usual) -> Floats:
    """[payers, W], at least 1: how many more denials a cohort shows because its payer decides sooner than usual.

    The share of the cohort that is decided tells the age at which the payer used to be so far; denials are expected
    as of that age. A standard error is taken off, so chance makes no payer fast.
    """
    weeks = payers.submitted.shape[1]
    age = np.minimum(weeks - 1 - np.arange(weeks), LAGS - 1)
    submitted = np.maximum(payers.submitted, 1.0)
    share = np.clip(payers.decided.sum(axis=2) / submitted, 0.0, 1.0)
    share = share - np.sqrt((share * (1 - share) + 0.5 / submitted) / submitted)
    out = np.ones_like(submitted)
    for p, (decisions, denials) in enumerate(zip(top.decision, top.hazard, strict=True)):
        usual_by, denied_by = np.cumsum(decisions), np.cumsum(denials)
        as_if = np.interp(share[p], usual_by, np.arange(LAGS), left=0.0)
        out[p] = np.maximum(np.interp(as_if, np.arange(LAGS), denied_by) / np.maximum(denied_by[age], 1e-9), 1.0)
    return np.minimum(out, SOONEST)


def _steady(payers: Triangle, top: Usual) -> Bools:
    """[payers]: whether the newest cohorts are decided as far as cohorts of their age used to be, give or take.

    Of a payer that changed its pace the two tests are not one another's slack: the weaker one counts as it is.
    """
    newest = slice(-PACE_WEEKS - 1, -1)
    age = np.arange(min(PACE_WEEKS, payers.submitted.shape[1] - 1), 0, -1)
    usual_by = np.minimum(np.cumsum(top.decision, axis=1)[:, age], 1.0)
    expected = payers.submitted[:, newest] * usual_by
    gap = payers.decided[:, newest].sum(axis=2) - expected
    chance = (expected * (1.0 - usual_by)).sum(axis=1) + (PACE_DRIFT * expected.sum(axis=1)) ** 2
    return np.asarray(np.abs(gap.sum(axis=1)) < OFF_PACE * np.sqrt(chance + 1.0), dtype=np.bool_)


def _doubt(procedures: Triangle, parent: Ints, usual: Usual, top: Usual) -> Floats:
    """[payers]: relative variance that procedures without much past add to what the payer's own past leaves."""
    now = procedures.submitted[:, -RECENT:].sum(1) * usual.rate
    whole = np.bincount(parent, now, len(top.rate))
    unsure = np.bincount(parent, now**2 * usual.share_error, len(top.rate)) / np.maximum(whole, 1e-9) ** 2
    return np.asarray(np.maximum(unsure - top.share_error, 0.0), dtype=np.float64)


@dataclass(frozen=True)
class _Look:
    """One level counted, before its evidence is worked out."""

    use: Bools
    usual: Usual
    counted: Counted
    seen: Seen
    of_decided: Floats
    of_submitted: Floats


def _look(triangle: Triangle, usual: Usual, weights: Weights, doubt: Floats, use: Bools) -> _Look:
    counted = windows.counted_of(triangle, usual, weights, use)
    seen = windows.look(counted)
    prior = WOBBLE_PRIOR[triangle.level]
    wobble = windows.wobble_of(counted, prior=prior, prior_sd=prior)
    drift = DRIFT[triangle.level] ** 2
    own = (usual.share_error, usual.hazard_error) if triangle.level != "payer" else (np.zeros(1), np.zeros(1))
    error = (own[0][:, None] + doubt, own[1][:, None] + doubt)
    return _Look(
        use, usual, counted, seen,
        _variance(seen.of_decided, seen.binomial, seen.squares_decided, error[0], wobble.decided, drift),
        _variance(seen.of_submitted, seen.of_submitted, seen.squares_submitted, error[1], wobble.submitted, drift),
    )  # fmt: skip


@dataclass(frozen=True)
class Trust:
    """[S]: whether a series' payer has a past of its own, and whether it decides as fast as it used to."""

    past: Bools
    steady: Bools


def _judged(looks: dict[str, _Look], shown: dict[str, Triangle], trust: dict[str, Trust]) -> dict[str, Level]:
    """Every level with its evidence, none without a past; the tails of all levels are worked out together."""
    seen = {name: np.concatenate([getattr(k.seen, name).ravel() for k in looks.values()]) for name in COUNTS}
    decided = np.concatenate([k.of_decided.ravel() for k in looks.values()])
    submitted = np.concatenate([k.of_submitted.ravel() for k in looks.values()])
    steady = np.concatenate([np.repeat(trust[name].steady, k.of_decided.shape[1]) for name, k in looks.items()])
    observed = seen["observed"]
    adverse = _more(observed - seen["deficit_decided"], seen["of_decided"], decided)
    limit = _more(observed - seen["deficit_submitted"], seen["of_submitted"], submitted, where=adverse > VETO_START)
    improved = _fewer(observed, seen["of_decided"], decided)
    fewer = _fewer(observed, seen["of_submitted"], submitted, where=improved > VETO_START)
    ends = np.cumsum([k.of_decided.size for k in looks.values()])[:-1]
    parts = zip(
        np.split(np.minimum(adverse, np.where(steady, VETO_START + VETO_SLOPE * limit, limit)), ends),
        np.split(np.minimum(improved, np.where(steady, VETO_START + VETO_SLOPE * fewer, fewer)), ends),
        strict=True,
    )
    out = {}
    for (name, k), (more, less) in zip(looks.items(), parts, strict=True):
        shape, past = k.of_decided.shape, trust[name].past[:, None]
        out[name] = Level(
            shown[name], k.use, k.usual, k.counted, k.seen, k.of_decided, k.seen.of_decided,
            more.reshape(shape) * past, less.reshape(shape) * past,
        )  # fmt: skip
    return out


def _variance(
    expected: Floats, counting: Floats, squares: Floats, error: Floats, wobble: tuple[float, float], drift: float
) -> Floats:
    """Counting noise + error of the baseline + weekly wobble + slow drift that no baseline knows."""
    half = expected.shape[1] // 2
    weekly = np.repeat(np.array(wobble), half)
    return counting + expected**2 * (error + drift) + weekly * squares


def _more(observed: Floats, expected: Floats, variance: Floats, where: Bools | None = None) -> Floats:
    """log10 of one over P(at least so many), 0 where nothing is unusual at a glance or outside `where`."""
    out = np.zeros_like(expected)
    worth = observed > expected + GLANCE * np.sqrt(variance)
    if where is not None:
        worth &= where
    out[worth] = -tails.log10_at_least(observed[worth], expected[worth], variance[worth])
    return out


def _fewer(observed: Floats, expected: Floats, variance: Floats, where: Bools | None = None) -> Floats:
    """log10 of one over P(at most so many), 0 where nothing is unusual at a glance or outside `where`."""
    out = np.zeros_like(expected)
    worth = observed < expected - GLANCE * np.sqrt(variance)
    if where is not None:
        worth &= where
    out[worth] = -tails.log10_at_most(observed[worth], expected[worth], variance[worth])
    return out
