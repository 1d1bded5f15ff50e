"""What one look leaves of every payer: its rates, what its cohorts will bring, its speed, and what would be seen."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import Claims
from upstream.detection.detectors import horizon
from upstream.detection.detectors.allowed import Prices, prices_of
from upstream.detection.detectors.dollars import Amounts, Expected, expected_amounts
from upstream.detection.detectors.payers import PayerView, PayerViews, payer_views
from upstream.detection.detectors.waits import QUARTILES, Grid, Table, Waiting, table
from upstream.detection.record import series_of
from upstream.detection.rules import Budget
from upstream.detection.spans import GAP, MIN_WEEKS, SPAN
from upstream.detection.triangle import DECIDED, ONE_WEEK, PENDING, REFUSED
from upstream.detection.world import View

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOW_DAYS, LONGER_DAYS, USUAL_DAYS = 28, 91, 7 * SPAN
GAP_DAYS = 7 * GAP
FEW_DECISIONS = 20
CURVE_DAYS = 90


@dataclass(frozen=True)
class PayerState:
    """One payer: `series` as stored, with expected cents by cohort; `lag` and `visible` as stored in a Baseline."""

    view: PayerView
    series: list[dict[str, Any]]
    lag: dict[str, Any]
    visible: dict[str, list[float | None]]

    @property
    def median_days(self) -> float | None:
        """Days by which half of all claims are decided now."""
        days: float | None = self.lag["decision"]["now"]["50"][1]
        return days


def states_of(view: View, budget: Budget) -> list[PayerState]:
    """In the order of the payer triangle; nothing before 20 baseline weeks."""
    found = payer_views(view.triangles, budget, view.masks)
    if found is None:
        return []
    payers = np.array([one.payer for one in found.views], dtype=np.int64)
    known = np.isin(view.claims.payer, payers)
    claims = view.claims if known.all() else view.claims.only(known)
    row = np.searchsorted(payers, claims.payer)
    allowed, paid = (expected_amounts(made, found.cast) for made in _amounts(claims, row, found))
    brings = {"allowed": allowed, "paid": paid}
    lags = _lags(claims, row, len(payers), view.week)
    cuts = horizon.cuts([_prices(view, int(payer)) for payer in payers], budget)
    return [
        PayerState(
            one,
            _series(one, {name: (cents, s) for name, cents in brings.items()}, view),
            lags[s],
            {
                "denial_rate": _rounded(one.rise.weeks, 5),
                "payment_delay": _rounded(one.delay.weeks, 1),
                "underpayment": _rounded(cuts[s].weeks, 5),
            },
        )
        for s, one in enumerate(found.views)
    ]


def _amounts(claims: Claims, row: Ints, found: PayerViews) -> tuple[Amounts, Amounts]:
    """What the claims of the weeks shown are allowed, and paid."""
    kept = np.flatnonzero(claims.submitted_date >= found.weeks[0])
    cohort = ((claims.submitted_date[kept] - found.weeks[0]) // ONE_WEEK).astype(np.int64)
    decided = np.isin(claims.outcome[kept], DECIDED)
    made = Amounts(
        row[kept],
        cohort,
        row[kept] * len(claims.labels.procedures) + claims.procedure[kept],
        np.where(decided, claims.outcome[kept], PENDING),
        claims.billed[kept].astype(np.float64),
        np.where(decided, claims.allowed[kept], 0).astype(np.float64),
    )
    return made, replace(made, cents=np.where(decided, claims.paid[kept], 0).astype(np.float64))


def _series(one: PayerView, brings: dict[str, tuple[Expected, int]], view: View) -> list[dict[str, Any]]:
    """The weekly rows with [low, mid, high, known] cents; none for a week that is left out."""
    rows = series_of(one.series)
    hidden = view.masks.left_out(one.payer, one.series.weeks)
    for name, (cents, s) in brings.items():
        for i, kept in enumerate(rows):
            ends = (cents.low[s, i], cents.mid[s, i], cents.high[s, i], cents.known[s, i])
            kept[name] = None if hidden[i] else [round(float(value)) for value in ends]
    return rows


def _prices(view: View, payer: int) -> Prices | None:
    prices = prices_of(view.claims.facts_of(payer), view.week)
    return prices if prices.decided_back.size and int(prices.decided_back.max()) + 1 >= GAP + MIN_WEEKS else None


def _lags(claims: Claims, row: Ints, payers: int, week: np.datetime64) -> list[dict[str, Any]]:
    """Life tables of decisions and of payments: the last 4 weeks, 13 where these hold few decisions, and the usual."""
    last = int((week + np.timedelta64(6, "D")).astype(np.int64))
    decided = claims.decided_date.astype(np.int64)
    every = Waiting(payers, row, claims.submitted_date.astype(np.int64), decided, np.ones(len(row), dtype=np.bool_))
    kinds = {"decision": every, "payment": replace(every, ends=~np.isin(claims.outcome, REFUSED))}
    out: list[dict[str, Any]] = [{} for _ in range(payers)]
    for kind, waiting in kinds.items():
        grid = Grid.of(waiting, last - GAP_DAYS - USUAL_DAYS + 1, last)
        short, longer = (table(grid, last - days + 1, last) for days in (NOW_DAYS, LONGER_DAYS))
        few = short.decisions < FEW_DECISIONS
        now = short.where(longer, few)
        usual = table(grid, last - GAP_DAYS - USUAL_DAYS + 1, last - GAP_DAYS)
        for s in range(payers):
            days = LONGER_DAYS if few[s] else NOW_DAYS
            out[s][kind] = {"days": days, "now": _quartiles(now, s), "usual": _quartiles(usual, s)}
    return out


def _quartiles(found: Table, s: int) -> dict[str, Any]:
    """Earliest, likely and latest day of each quartile, the decisions counted, and the share by day with its band."""
    told: dict[str, Any] = {"decisions": int(found.decisions[s])}
    for quantile in QUARTILES:
        days = (float(part[s]) for part in found.days(quantile))
        told[f"{100 * quantile:.0f}"] = [day if np.isfinite(day) else None for day in days]
    for name in ("share", "low", "high"):
        told[name] = [round(float(share), 4) for share in getattr(found, name)[s, : CURVE_DAYS + 1]]
    return told


def _rounded(values: tuple[float | None, ...], places: int) -> list[float | None]:
    return [None if value is None else round(value, places) for value in values]
