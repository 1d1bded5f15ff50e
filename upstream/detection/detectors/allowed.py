"""Prices of paid claims against their own past: robust residuals of log allowed by payer and procedure.

Within a procedure the allowed amount follows the charge to some degree (units, complexity); that part is regressed
away, the rest is centred and scaled by the baseline and clipped, so modifiers and outliers cannot carry a verdict.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.spans import GAP, SPAN
from upstream.detection.triangle import ONE_WEEK, PAID

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CLIP = 2.5
LEAST_SCALE = 0.01
LEAST_CLAIMS = 40
SLOPE_WEIGHT = 20.0
TO_SIGMA = 1.4826


@dataclass(frozen=True)
class Prices:
    """Paid claims [n] of one payer in strata with enough baseline: weeks back, clipped residual and its scale.

    `residual` is in units of `scale` (log allowed); `slack` is how much of a true shift survives the clipping.
    `thin` is the relative error of the stratum's centre, as 1 over its baseline claims.
    """

    procedure: Ints
    decided_back: Ints
    submitted_back: Ints
    residual: Floats
    scale: Floats
    thin: Floats
    allowed_cents: Floats
    spread: float
    slack: float


def prices_of(facts: ClaimFacts, as_of: np.datetime64) -> Prices:
    """Residuals as known at the end of the week of `as_of`."""
    known = facts.known_by(as_of)
    counted = (known.outcome == PAID) & (known.allowed_cents > 0) & (known.billed_cents > 0)
    counted &= known.known_week > as_of - (GAP + SPAN) * ONE_WEEK
    paid = known.only(np.asarray(counted, dtype=np.bool_))
    back = np.asarray((as_of - paid.known_week) // ONE_WEEK, dtype=np.int64)
    usual = np.asarray(back >= GAP, dtype=np.bool_)
    n = len(facts.procedures)
    price, charge = np.log(paid.allowed_cents), np.log(paid.billed_cents)
    for values in (price, charge):
        values -= medians(values[usual], paid.procedure[usual], n)[paid.procedure]
    rest = price - slopes(price[usual], charge[usual], paid.procedure[usual], n)[paid.procedure] * charge
    rest -= medians(rest[usual], paid.procedure[usual], n)[paid.procedure]
    scale = np.maximum(TO_SIGMA * medians(np.abs(rest[usual]), paid.procedure[usual], n), LEAST_SCALE)
    clipped = np.clip(rest / scale[paid.procedure], -CLIP, CLIP)
    size = np.bincount(paid.procedure[usual], minlength=n)
    centre = np.bincount(paid.procedure[usual], clipped[usual], n) / np.maximum(size, 1)
    kept = size[paid.procedure] >= LEAST_CLAIMS
    residual = (clipped - centre[paid.procedure])[kept]
    quiet = usual[kept]
    inner = np.abs(clipped[kept][quiet]) < CLIP
    return Prices(
        procedure=paid.procedure[kept],
        decided_back=back[kept],
        submitted_back=np.asarray((as_of - paid.submitted_week) // ONE_WEEK, dtype=np.int64)[kept],
        residual=residual,
        scale=scale[paid.procedure][kept],
        thin=1.0 / np.maximum(size[paid.procedure][kept], 1),
        allowed_cents=paid.allowed_cents[kept].astype(np.float64),
        spread=float(residual[quiet].std()) if quiet.any() else 1.0,
        slack=float(inner.mean()) if quiet.any() else 1.0,
    )


def medians(values: Floats, group: Ints, n: int) -> Floats:
    """[n] medians by group, 0 for an empty one."""
    by_value = np.argsort(values)
    ranked = values[by_value[np.argsort(group[by_value].astype(np.uint16 if n < 1 << 16 else np.int64), kind="stable")]]
    size = np.bincount(group, minlength=n)
    first = np.cumsum(size) - size
    some = size > 0
    out = np.zeros(n)
    low, high = first[some] + (size[some] - 1) // 2, first[some] + size[some] // 2
    out[some] = (ranked[low] + ranked[high]) / 2
    return out


def slopes(price: Floats, charge: Floats, group: Ints, n: int) -> Floats:
    """[n] regression of log price on log charge, thin groups drawn to the payer's."""
    both, own = np.bincount(group, price * charge, n), np.bincount(group, charge * charge, n)
    whole = float(both.sum()) / max(float(own.sum()), 1e-9)
    typical = float(own.sum()) / max(len(group), 1)
    weight = SLOPE_WEIGHT * max(typical, 1e-6)
    return np.asarray((both + weight * whole) / (own + weight), dtype=np.float64)
