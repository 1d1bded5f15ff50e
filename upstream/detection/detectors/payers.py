"""The state of every payer, whether or not anything stands out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from upstream.detection.detectors import denial_rate, tails, windows
from upstream.detection.detectors.findings import Series
from upstream.detection.detectors.levels import Level, judge_levels
from upstream.detection.detectors.masks import NO_MASKS, Masks, over
from upstream.detection.detectors.weekly import series_of
from upstream.detection.rules import DENIAL, Budget, correction
from upstream.detection.triangle import LAGS, Triangle

HORIZONS = (2, 4, 8)
RECENT = 12
DAYS = 7.0


@dataclass(frozen=True)
class PayerView:
    """One payer at the end of the as-of week; rates are shares of claims.

    `rate_low..high` is the nowcast of the last 12 submission weeks together; `visible` holds, for 2, 4 and 8 weeks,
    the smallest rise in points (as a share) that would be found in even odds by then, None where none could;
    `median_days` from submission to first decision.
    """

    payer: int
    usual_rate: float
    rate_low: float
    rate: float
    rate_high: float
    weekly_claims: float
    visible: tuple[float | None, float | None, float | None]
    median_days: float | None
    series: Series


def payer_views(triangles: Sequence[Triangle], budget: Budget, calendar: Masks = NO_MASKS) -> list[PayerView]:
    """One view a payer, in the order of the payer triangle; nothing before 20 baseline weeks."""
    levels = judge_levels([t for t in triangles if t.level in ("payer", "procedure")], over(calendar, triangles))
    if not levels:
        return []
    level = levels["payer"]
    need = budget.evidence_for(DENIAL) + correction("payer", denial_rate.effective_series(level), DENIAL)
    return [_view(level, s, need) for s in range(len(level.triangle.keys))]


def _view(level: Level, s: int, need: float) -> PayerView:
    series = series_of(level, s)
    usual = float(level.usual.rate[s])
    recent, weekly = slice(-RECENT, None), level.counted.submission
    expected = float(weekly.of_submitted[s, :RECENT].sum())
    low, mid, high = denial_rate.rate_ratio(float(weekly.denied[s, :RECENT].sum()), expected, expected)
    return PayerView(
        payer=level.triangle.keys[s][0],
        usual_rate=usual,
        rate_low=min(1.0, usual * low),
        rate=min(1.0, usual * mid),
        rate_high=min(1.0, usual * high),
        weekly_claims=float(level.triangle.submitted[s, recent].mean()),
        visible=(_visible(level, s, 2, need), _visible(level, s, 4, need), _visible(level, s, 8, need)),
        median_days=_median_days(level, s),
        series=series,
    )


def _visible(level: Level, s: int, weeks: int, need: float) -> float | None:
    """Smallest rise whose expected count after so many decision weeks reaches the evidence that an alarm needs."""
    at = windows.SIZES.index(weeks)
    expected, variance = level.expected[s, at], level.variance[s, at]
    usual = float(level.usual.rate[s])
    if expected <= 0:
        return None
    times = np.linspace(1.0, 1.0 / max(usual, 1e-3), 400)
    evidence = -tails.log10_at_least(times * expected, np.full(400, expected), np.full(400, variance))
    enough = np.flatnonzero(evidence >= need)
    return usual * float(times[enough[0]] - 1.0) if enough.size else None


def _median_days(level: Level, s: int) -> float | None:
    """By linear interpolation inside the week in which half of all decisions have come."""
    by_age = np.cumsum(level.usual.decision[s])
    half = by_age[-1] / 2
    lag = int((by_age < half).sum())
    if half <= 0 or lag >= LAGS - 1:
        return None
    before = float(by_age[lag - 1]) if lag else 0.0
    return DAYS * (lag + (float(half) - before) / max(float(by_age[lag]) - before, 1e-9))
