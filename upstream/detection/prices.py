"""What a claim would usually be allowed: by its payer's own past for the same procedure, place and modifiers. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import Claims
from upstream.detection.detectors.allowed import medians
from upstream.detection.triangle import ONE_WEEK, PAID

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PAST_WEEKS = 52
LEAST_PAID, LEAST_SPREAD = 10, 30
SLOPE_WEIGHT = 20.0
RAISED_WEIGHT = 0.02
USUAL_SPREAD = 0.3
FROM_FEES = "median allowed amount of the payer's paid claims of the same procedure, place of service and modifiers"
FROM_CHARGES = "charge times the share of charges that the payer allows"
BY_TERMS, BY_PROCEDURE, BY_CHARGE = 0, 1, 2


@dataclass(frozen=True)
class Prices:
    """Expected allowed cents a claim, where each comes from, and the relative spread of real amounts around them."""

    cents: Ints
    basis: Ints
    spread: float

    @property
    def source(self) -> str:
        return FROM_FEES if (self.basis < BY_CHARGE).all() else f"{FROM_FEES}; where there is none, {FROM_CHARGES}"

    def counts(self, chosen: Bools) -> dict[str, int]:
        """Of the chosen claims, how many are priced in which way."""
        number = np.bincount(self.basis[chosen], minlength=3).tolist()
        return dict(zip(("terms", "procedure", "charge"), number, strict=True))


def prices_of(claims: Claims, until: np.datetime64) -> Prices:
    """Prices of one payer's claims by what it allowed in the 52 weeks before Monday `until`, else ever.

    An amount follows the claim's own charge as far as those of its procedure did (units, effort), and the medians are
    raised, those of dear and of other claims each together, by what they fall short of the amounts really allowed.
    """
    paid = (claims.outcome == PAID) & (claims.allowed > 0) & (claims.billed > 0)
    before = paid & (claims.decision_week < until) & (claims.decision_week >= until - PAST_WEEKS * ONE_WEEK)
    known = before if before.sum() >= LEAST_SPREAD else paid
    charge = np.log(np.maximum(claims.billed, 1))
    price = np.log(np.maximum(claims.allowed, 1))
    rest = price - _slopes(claims, known, price, charge)[claims.procedure] * charge
    level, basis = _levels(claims, known, rest)
    by_fee = np.exp(level + price - rest)
    dear = claims.dear.astype(np.int64)
    real = np.bincount(dear[known], claims.allowed[known], 2)
    whole = (real + RAISED_WEIGHT * real.sum()) / np.maximum(
        (said := np.bincount(dear[known], by_fee[known], 2)) + RAISED_WEIGHT * said.sum(), 1.0
    )
    billed = float(claims.billed[known].sum())
    ratio = float(claims.allowed[known].sum()) / billed if billed else 1.0
    cents = np.where(basis == BY_CHARGE, claims.billed * ratio, by_fee * whole[dear])
    return Prices(np.rint(cents).astype(np.int64), basis, _spread(claims.allowed[known], cents[known]))


def _levels(claims: Claims, known: Bools, rest: Floats) -> tuple[Floats, Ints]:
    """Log median of each claim's own terms where enough were paid, else of its procedure; and which one it is."""
    codes = len(claims.labels.procedures)
    terms, place = np.unique(claims.terms, return_inverse=True)
    stratum, strata = claims.procedure * len(terms) + place, codes * len(terms)
    enough = (np.bincount(stratum[known], minlength=strata) >= LEAST_PAID)[stratum]
    some = (np.bincount(claims.procedure[known], minlength=codes) > 0)[claims.procedure]
    own = medians(rest[known], stratum[known], strata)[stratum]
    wide = medians(rest[known], claims.procedure[known], codes)[claims.procedure]
    basis = np.where(enough, BY_TERMS, np.where(some, BY_PROCEDURE, BY_CHARGE)).astype(np.int64)
    return np.where(enough, own, wide), basis


def _slopes(claims: Claims, known: Bools, price: Floats, charge: Floats) -> Floats:
    """[procedure] how log price moves with log charge, thin procedures drawn to the payer's, from 0 to 1."""
    codes, group = len(claims.labels.procedures), claims.procedure[known]
    x = charge[known] - medians(charge[known], group, codes)[group]
    y = price[known] - medians(price[known], group, codes)[group]
    both, own = np.bincount(group, x * y, codes), np.bincount(group, x * x, codes)
    weight = SLOPE_WEIGHT * max(float(own.sum()) / max(len(group), 1), 1e-9)
    common = float(both.sum()) / max(float(own.sum()), 1e-9)
    return np.asarray(np.clip((both + weight * common) / (own + weight), 0.0, 1.0), dtype=np.float64)


def _spread(allowed: Ints, expected: Floats) -> float:
    """Relative spread of single amounts; a usual one where too few are known."""
    if len(allowed) < LEAST_SPREAD:
        return USUAL_SPREAD
    ratio = np.clip(allowed / np.maximum(expected, 1.0), 0.0, 5.0)
    return float(np.sqrt(np.average((ratio - 1.0) ** 2, weights=expected)))
