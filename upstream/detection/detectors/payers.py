"""The state of every payer, whether or not anything stands out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import denial_rate, horizon
from upstream.detection.detectors.delays import curves_of
from upstream.detection.detectors.findings import Series
from upstream.detection.detectors.horizon import Visible
from upstream.detection.detectors.levels import judge_levels
from upstream.detection.detectors.masks import NO_MASKS, Masks, over
from upstream.detection.detectors.weekly import cohorts_of, weekly
from upstream.detection.nowcast import Cohorts, Nowcast, nowcast
from upstream.detection.rules import Budget
from upstream.detection.triangle import Triangle

Floats = NDArray[np.float64]

RECENT, NOW = 12, 8


@dataclass(frozen=True)
class PayerView:
    """One payer at the end of the as-of week; rates are shares of claims.

    `rate_low..high` is the nowcast of the last 8 submission weeks together, of whose decisions the share `maturity` is
    expected by now. `rise` in shares and `delay` in days are the smallest changes that would be found.
    """

    payer: int
    usual_rate: float
    rate_low: float
    rate: float
    rate_high: float
    maturity: float
    weekly_claims: float
    rise: Visible
    delay: Visible
    series: Series


@dataclass(frozen=True)
class PayerViews:
    """One view a payer, in the order of the payer triangle, and the nowcast that they are made of."""

    views: list[PayerView]
    weeks: NDArray[np.datetime64]
    cast: Nowcast


def payer_views(triangles: Sequence[Triangle], budget: Budget, calendar: Masks = NO_MASKS) -> PayerViews | None:
    """None before 20 baseline weeks."""
    masked = over(calendar, triangles)
    levels = judge_levels([t for t in triangles if t.level in ("payer", "procedure")], masked)
    if not levels:
        return None
    level = levels["payer"]
    made = next(t for t in triangles if t.level == "payer")
    cohorts = cohorts_of(made, level.usual.rate, level.use)
    cast = nowcast(cohorts, curves_of(made, level.use))
    low, mid, high, maturity = _together(cohorts, cast)
    rise = horizon.rises(level, masked, budget, denial_rate.effective_series(level))
    delay = horizon.delays(level, masked, budget)
    weekly_claims = made.submitted[:, -RECENT:].mean(axis=1)
    views = [
        PayerView(
            payer, float(level.usual.rate[s]), float(low[s]), float(mid[s]), float(high[s]), float(maturity[s]),
            float(weekly_claims[s]), rise[s], delay[s], weekly(made, cohorts, cast, s),
        )
        for s, (payer, _) in enumerate(made.keys)
    ]  # fmt: skip
    return PayerViews(views, made.weeks[-cast.mid.shape[1] :], cast)


def _together(cohorts: Cohorts, cast: Nowcast) -> tuple[Floats, Floats, Floats, Floats]:
    """[S] rate of the newest weeks by what is known of each, with its 95 % interval, and their maturity."""
    newest = slice(-NOW, None)
    submitted = cohorts.submitted[:, newest] + 1e-9
    weight = submitted * np.clip(cast.maturity[:, newest], 0.0, 1.0) + 1e-9
    weight = weight / weight.sum(axis=1, keepdims=True)
    mid = np.clip((weight * cast.mid[:, newest]).sum(axis=1), 1e-4, 1.0 - 1e-4)
    spread = np.sqrt((weight**2 * cast.spread[:, newest] ** 2).sum(axis=1))
    odds, reach = mid / (1.0 - mid), np.exp(1.96 * spread / (mid * (1.0 - mid)))
    low, high = odds / reach, odds * reach
    maturity = (submitted * cast.maturity[:, newest]).sum(axis=1) / submitted.sum(axis=1)
    return low / (1.0 + low), mid, high / (1.0 + high), maturity
