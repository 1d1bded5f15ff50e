"""Underpayment: paid claims of a payer, or of one of its procedures, are allowed less than their own past."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import windows
from upstream.detection.detectors.allowed import Prices, prices_of
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.detectors.findings import ADVERSE, IMPROVE, Finding, Series
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.detectors.tails import LN10
from upstream.detection.rules import UNDERPAYMENT, WATCH_BELOW, Budget, Strength, correction
from upstream.detection.spans import BY_DECISION, BY_SUBMISSION, GAP, MIN_WEEKS
from upstream.detection.triangle import ONE_WEEK, mondays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METRIC = "underpayment"
DRIFT = 0.004
CHART_WEEKS = 52


@dataclass(frozen=True)
class Shift:
    """Change of log allowed in one series and window: estimate, standard error, and its evidence either way."""

    estimate: float
    error: float
    claims: int
    cents: float

    @property
    def evidence(self) -> float:
        """log10 of one over the tail probability of a normal deviate this far from 0."""
        return log10_one_over_tail(abs(self.estimate) / self.error) if self.claims else 0.0


def judge(
    facts: Mapping[int, ClaimFacts], as_of: np.datetime64, budget: Budget, calendar: Masks = NO_MASKS
) -> list[Finding]:
    """Findings of all payers, strongest first, as known at the end of the week of Monday `as_of`."""
    prices = {payer: prices_of(own, as_of) for payer, own in facts.items()}
    ripe = {payer: found for payer, found in prices.items() if _weeks(found) >= GAP + MIN_WEEKS}
    series = sum(len(np.unique(found.procedure)) for found in ripe.values())
    beyond = (correction("payer", len(ripe), UNDERPAYMENT), correction("procedure", series, UNDERPAYMENT))
    least = budget.evidence_for(UNDERPAYMENT) - WATCH_BELOW + min(beyond)
    out = []
    for payer, found in ripe.items():
        kept = ~calendar.left_out(payer, as_of - found.decided_back * ONE_WEEK)
        clocks = {
            BY_DECISION: sums_of(found, found.decided_back, kept),
            BY_SUBMISSION: sums_of(found, found.submitted_back, kept),
        }
        for code in _worth_a_look(clocks, least - 1e-6):
            name = facts[payer].procedures[code] if code >= 0 else ""
            own = {clock: sums.series(int(code)) for clock, sums in clocks.items()}
            out += _findings(own, (payer, name), as_of, budget, series if code >= 0 else len(ripe))
    return sorted(out, key=lambda f: -f.evidence)


def _worth_a_look(clocks: "Mapping[str, Sums]", least: float) -> list[int]:
    """Procedures, ascending from -1 for all of them, whose evidence may reach `least` in some window.

    By an upper bound of it (P(Z >= d) > d / (d^2 + 1) * density at d), for all series at once: few reach it.
    """
    found: set[int] = set()
    for clock, size in windows.WINDOWS:
        sums = clocks[clock]
        weight, residual, centre = (
            np.append(part[:, :size].sum(), part[:, :size].sum(axis=1))
            for part in (sums.weight, sums.residual, sums.centre)
        )
        some = np.flatnonzero(weight > 0)
        variance = sums.spread**2 * (1.0 + centre[some]) / weight[some]
        error = np.sqrt(variance + (DRIFT * sums.slack) ** 2)
        deviate = np.maximum(np.abs(residual[some] / weight[some]) / error, 1e-9)
        bound = deviate**2 / 2 + np.log((deviate + 1 / deviate) * np.sqrt(2 * np.pi))
        found.update((some[(deviate >= 1) & (bound >= least * LN10)] - 1).tolist())
    return sorted(found)


@dataclass(frozen=True)
class Sums:
    """By procedure and weeks back, newest first: claims, cents, precision, weighted residuals, error of the centres."""

    claims: Floats
    cents: Floats
    weight: Floats
    residual: Floats
    centre: Floats
    spread: float
    slack: float

    def series(self, code: int) -> "Sums":
        """One procedure, or all of them for -1, as [weeks]."""

        def of(cells: Floats) -> Floats:
            return np.asarray(cells.sum(axis=0) if code < 0 else cells[code], dtype=np.float64)

        return Sums(
            of(self.claims), of(self.cents), of(self.weight), of(self.residual), of(self.centre),
            self.spread, self.slack,
        )  # fmt: skip

    def shift(self, weeks: slice) -> "Shift":
        """The precision-weighted shift of those weeks of one series."""
        weight = float(self.weight[weeks].sum())
        if weight <= 0:
            return Shift(0.0, 1.0, 0, 0.0)
        variance = self.spread**2 * (1.0 / weight + float(self.centre[weeks].sum()) / weight)
        return Shift(
            float(self.residual[weeks].sum()) / weight / self.slack,
            float(np.sqrt(variance / self.slack**2 + DRIFT**2)),
            int(self.claims[weeks].sum()),
            float(self.cents[weeks].sum()),
        )


def sums_of(prices: Prices, back: Ints, kept: NDArray[np.bool_]) -> Sums:
    """Sums of the kept claims of the last 52 weeks."""
    kept = kept & (back < CHART_WEEKS)
    procedure, week, scale = prices.procedure[kept], back[kept], prices.scale[kept]
    codes = int(prices.procedure.max()) + 1 if prices.procedure.size else 0
    at = procedure * CHART_WEEKS + week

    def total(values: Floats) -> Floats:
        return np.bincount(at, values, codes * CHART_WEEKS).reshape(codes, CHART_WEEKS).astype(np.float64)

    return Sums(
        total(np.ones(len(at))), total(prices.allowed_cents[kept]), total(1.0 / scale**2),
        total(prices.residual[kept] / scale), total(prices.thin[kept]), prices.spread, prices.slack,
    )  # fmt: skip


def log10_one_over_tail(deviate: float) -> float:
    """-log10 of P(Z >= deviate) by Mills' ratio; 0 below 1."""
    if deviate < 1.0:
        return 0.0
    fraction = deviate
    for k in range(60, 0, -1):
        fraction = deviate + k / fraction
    return (deviate**2 / 2 + float(np.log(fraction * np.sqrt(2 * np.pi)))) / LN10


def _weeks(prices: Prices) -> int:
    return int(prices.decided_back.max()) + 1 if prices.decided_back.size else 0


def _findings(
    sums: Mapping[str, Sums], series: tuple[int, str], as_of: np.datetime64, budget: Budget, count: int
) -> list[Finding]:
    best: dict[str, tuple[Shift, str, int]] = {}
    for clock, size in windows.WINDOWS:
        shift = sums[clock].shift(slice(0, size))
        direction = ADVERSE if shift.estimate < 0 else IMPROVE
        if direction not in best or shift.evidence > best[direction][0].evidence:
            best[direction] = (shift, clock, size)
    taken_off = correction("procedure" if series[1] else "payer", count, UNDERPAYMENT)
    out = []
    for direction, (shift, clock, size) in best.items():
        strength = budget.strength(shift.evidence - taken_off, UNDERPAYMENT)
        if strength is not None:
            chart = partial(_series, sums[BY_DECISION], as_of)
            out.append(_finding(series, shift, (clock, size), direction, taken_off, strength, as_of, chart))
    return out


def _finding(
    series: tuple[int, str], shift: Shift, window: tuple[str, int], direction: str, taken_off: float,
    strength: Strength, as_of: np.datetime64, chart: Callable[[], Series],
) -> Finding:  # fmt: skip
    payer, name = series
    low, mid, high = (float(np.exp(shift.estimate + d * 1.96 * shift.error)) for d in (-1, 0, 1))
    began = as_of - (window[1] - 1) * ONE_WEEK
    return Finding(
        level="procedure" if name else "payer",
        payer=payer,
        key=name,
        metric=METRIC,
        direction=direction,
        as_of=as_of,
        clock=window[0],
        weeks_back=window[1],
        onset=began,
        onset_low=began - 2 * ONE_WEEK,
        onset_high=as_of,
        p_value=float(10**-shift.evidence),
        evidence=shift.evidence - taken_off,
        strength=strength,
        baseline_rate=1.0,
        current_rate=mid,
        current_low=low,
        current_high=high,
        observed=shift.cents,
        expected=shift.cents / mid,
        chart=chart,
    )


def _series(sums: Sums, as_of: np.datetime64) -> Series:
    """Per decision week: allowed as a share of the usual, with a 95 % interval; submitted counts the paid claims."""
    shifts = [sums.shift(slice(back, back + 1)) for back in range(CHART_WEEKS - 1, -1, -1)]
    middle = np.exp(np.array([s.estimate for s in shifts]))
    reach = np.exp(1.96 * np.array([s.error if s.claims else 0.0 for s in shifts]))
    claims = np.array([float(s.claims) for s in shifts])
    whole = np.ones(CHART_WEEKS)
    return Series(
        mondays(as_of - (CHART_WEEKS - 1) * ONE_WEEK, as_of), claims, claims, np.zeros(CHART_WEEKS), middle / reach,
        middle, middle * reach, whole, whole, np.zeros(CHART_WEEKS, dtype=np.bool_),
    )  # fmt: skip
