"""What cohorts will be allowed or paid in the end: what is known, and what the open claims are expected to bring.

An open claim brings the price of its payer and procedure, moved by its charge as paid claims' prices are, as likely as
the nowcast says that it will be paid. The 80 % interval holds claims that are paid or not, prices that scatter, prices
that are thinly known, and how sure the nowcast is.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.allowed import slopes
from upstream.detection.nowcast import Nowcast
from upstream.detection.triangle import PENDING, REFUSED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BORROWED = 3.0
DRAWS, SEED = 128, 7
PRICED = 26


@dataclass(frozen=True)
class Amounts:
    """[n] claims: series and cohort (-1 for none shown), stratum of price, outcome, charge, and cents so far."""

    row: Ints
    cohort: Ints
    stratum: Ints
    outcome: Ints
    billed: Floats
    cents: Floats

    def only(self, kept: Bools) -> "Amounts":
        """The chosen claims."""
        at = np.flatnonzero(kept)
        return Amounts(*(getattr(self, f.name)[at] for f in fields(self)))


@dataclass(frozen=True)
class Expected:
    """[S, C] cents of each cohort in the end: 80 % interval and mean; `known` is what has come so far."""

    low: Floats
    mid: Floats
    high: Floats
    known: Floats


def expected_amounts(claims: Amounts, cast: Nowcast) -> Expected:
    """Every cohort of every series of the nowcast. The same claims in any order give the same cents."""
    series, cohorts = cast.mid.shape
    at, shown, size = claims.row * cohorts + claims.cohort, claims.cohort >= 0, series * cohorts
    known: Floats = np.bincount(at[shown], claims.cents[shown], size).reshape(series, cohorts).astype(np.float64)
    waiting = shown & (claims.outcome == PENDING)
    claims = claims.only(waiting | (claims.cohort >= cohorts - PRICED))
    price = _prices(claims, series)
    at = claims.row * cohorts + claims.cohort
    waits = np.flatnonzero((claims.cohort >= 0) & (claims.outcome == PENDING))
    waits = waits[np.lexsort((claims.billed[waits], claims.stratum[waits], at[waits]))]
    whole = np.bincount(at[waits], price.mean[waits], size).reshape(series, cohorts)
    lost = price.of_denied[:, None]
    later = whole * (cast.later_paid + lost * cast.later_denied)
    low, high = known.copy(), known.copy()
    for s in range(series):
        mine = waits[claims.row[waits] == s]
        if mine.size:
            some, ends = _ends(price, mine, claims.cohort[mine], claims.stratum[mine], _Odds.of(cast, s, lost[s, 0]))
            low[s, some] += ends[0]
            high[s, some] += ends[1]
    return Expected(low, known + later, high, known)


@dataclass(frozen=True)
class _Odds:
    """[C] shares of open claims expected to be paid, with the error, and denied; a denial brings `of_denied`."""

    paid: Floats
    spread: Floats
    denied: Floats
    of_denied: float

    @classmethod
    def of(cls, cast: Nowcast, s: int, of_denied: float) -> "_Odds":
        return cls(cast.later_paid[s], cast.later_spread[s], cast.later_denied[s], of_denied)


def _ends(price: "_Price", open_claims: Ints, cohort: Ints, stratum: Ints, odds: _Odds) -> tuple[Ints, Floats]:
    """The cohorts that have open claims, and [2, cohorts] ends of the 80 % interval of what these bring.

    Where nothing is likely enough, the interval begins there and holds the lowest 80 %.
    """
    rng = np.random.default_rng(SEED)
    some, place, first = *np.unique(cohort, return_inverse=True), np.flatnonzero(np.diff(cohort, prepend=-1))
    kinds, kind = np.unique(stratum, return_inverse=True)
    shape = (len(open_claims), DRAWS)
    likely = odds.paid[some, None] + odds.spread[some, None] * rng.standard_normal((len(some), DRAWS))
    beyond = rng.random(shape, dtype=np.float32) - np.clip(likely, 0.0, 1.0).astype(np.float32)[place]
    lost = (beyond < odds.denied[some].astype(np.float32)[place, None]) * np.float32(odds.of_denied)
    width = np.sqrt(np.log1p(price.scatter[open_claims])).astype(np.float32)[:, None]
    known = np.sqrt(price.error[open_claims]).astype(np.float32)[:, None]
    known = known * rng.standard_normal((len(kinds), DRAWS), dtype=np.float32)[kind]
    brings = np.exp(width * rng.standard_normal(shape, dtype=np.float32) - width**2 / 2 + known)
    sums = np.add.reduceat(price.mean[open_claims, None] * np.where(beyond < 0, brings, lost), first, axis=0)
    low, high, lower = np.quantile(sums, (0.1, 0.9, 0.8), axis=1)
    return some, np.stack([low, np.where(low > 0, high, lower)])


@dataclass(frozen=True)
class _Price:
    """[n] mean price of each claim, relative variance around it and of its estimate; [S] what a denial brings of it."""

    mean: Floats
    scatter: Floats
    error: Floats
    of_denied: Floats


def _prices(claims: Amounts, series: int) -> _Price:
    paid = (claims.outcome != PENDING) & ~np.isin(claims.outcome, REFUSED)
    charge = np.maximum(claims.billed, 1.0)
    n = int(claims.stratum.max()) + 1 if claims.stratum.size else 1
    stratum = claims.stratum
    shape = charge ** _slope(claims, paid, charge, n)[stratum]
    ratio = _ratio(np.bincount(claims.row[paid], claims.cents[paid], series),
                   np.bincount(claims.row[paid], charge[paid], series))  # fmt: skip
    plain = (ratio[claims.row] * charge)[paid]
    count = np.bincount(stratum[paid], minlength=n)
    cents = np.bincount(stratum[paid], claims.cents[paid], n) + BORROWED * _ratio(
        np.bincount(stratum[paid], plain, n), count
    )
    shapes = np.bincount(stratum[paid], shape[paid], n)
    level = _ratio(cents, shapes + BORROWED * _ratio(shapes, count))
    mean = np.where(count[stratum] > 0, level[stratum] * shape, ratio[claims.row] * charge)
    off = np.bincount(stratum[paid], (claims.cents[paid] - mean[paid]) ** 2, n)
    squares = np.bincount(stratum[paid], mean[paid] ** 2, n)
    scatter = _ratio(off + 0.1 * squares / np.maximum(count, 1), squares * (1 + 1 / np.maximum(count, 1)))
    scatter = np.where(count > 0, scatter, 1.0)
    lost = np.isin(claims.outcome, REFUSED)
    of_denied = _ratio(np.bincount(claims.row[lost], claims.cents[lost], series),
                       np.bincount(claims.row[lost], mean[lost], series))  # fmt: skip
    return _Price(mean, scatter[stratum], (scatter / (count + BORROWED))[stratum], of_denied)


def _slope(claims: Amounts, paid: Bools, charge: Floats, n: int) -> Floats:
    """[n] how prices follow charges within a stratum, both as logarithms."""
    some = paid & (claims.cents > 0)
    group = claims.stratum[some]
    price, billed = np.log(claims.cents[some]), np.log(charge[some])
    size = np.maximum(np.bincount(group, minlength=n), 1)
    price = price - (np.bincount(group, price, n) / size)[group]
    billed = billed - (np.bincount(group, billed, n) / size)[group]
    return np.clip(slopes(price, billed, group, n), 0.0, 1.5)


def _ratio(a: Floats | Ints, b: Floats | Ints) -> Floats:
    return np.asarray(np.where(b > 0, a / np.maximum(b, 1e-9), 0.0), dtype=np.float64)
