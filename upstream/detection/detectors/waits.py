"""Days from submission to a decision or payment: life tables by day over a span of calendar days (Kaplan, Meier 1958).

A claim counts on every day of the span on which it was open, so the newest claims make a payer look neither fast nor
slow, and a payer that changes its speed shows in the span of the change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_DAYS = 180
QUARTILES = (0.5, 0.75, 0.9)
Z95 = 1.96
LEAST_AT_RISK = 3.0


@dataclass(frozen=True)
class Waiting:
    """[n] claims of `series` many series: days of submission and of the decision, a far one while there is none.

    `ends` says which decisions are waited for; with another one a claim waits no more from its day on.
    """

    series: int
    row: Ints
    submitted: Ints
    decided: Ints
    ends: Bools

    def at(self, rows: Ints | Bools | slice) -> "Waiting":
        """These claims."""
        return Waiting(self.series, self.row[rows], self.submitted[rows], self.decided[rows], self.ends[rows])


@dataclass(frozen=True)
class Table:
    """[S, days] share decided by the end of each day since submission, its 95 % band, and [S] decisions counted."""

    share: Floats
    low: Floats
    high: Floats
    decisions: Floats

    def days(self, quantile: float) -> tuple[Floats, Floats, Floats]:
        """[S] earliest, likely and latest day by which that share was decided; infinite where it is not reached."""
        return _first(self.high, quantile), _first(self.share, quantile), _first(self.low, quantile)

    def where(self, other: "Table", chosen: Bools) -> "Table":
        """The other table's rows where chosen."""
        pick = chosen[:, None]
        return Table(
            np.where(pick, other.share, self.share),
            np.where(pick, other.low, self.low),
            np.where(pick, other.high, self.high),
            np.where(chosen, other.decisions, self.decisions),
        )


@dataclass(frozen=True)
class Grid:
    """Sums over submission days up to each one, [S, days + 1, ages]: claims open at that age, and decided at it."""

    begin: int
    open_claims: Floats
    ended: Floats

    @classmethod
    def of(cls, claims: Waiting, first: int, last: int) -> "Grid":
        """Of all that a span from `first` to `last` can need; decisions after `last` are not known."""
        begin = first - MOST_DAYS
        shape = (claims.series, last - begin + 1, MOST_DAYS + 2)
        kept = np.flatnonzero((claims.submitted >= begin) & (claims.submitted <= last))
        known = claims.decided[kept] <= last
        wait = np.where(known, claims.decided[kept] - claims.submitted[kept], MOST_DAYS + 1)
        wait = np.clip(wait, 0, MOST_DAYS + 1)
        ends = claims.ends[kept] | ~known
        at = (claims.row[kept] * shape[1] + claims.submitted[kept] - begin) * shape[2] + wait
        size = int(np.prod(shape))
        through, leaving = (np.bincount(at[which], minlength=size).reshape(shape) for which in (ends, ~ends))
        stays = np.cumsum(through[:, :, ::-1], axis=2)[:, :, ::-1]
        stays[:, :, :-1] += np.cumsum(leaving[:, :, ::-1], axis=2)[:, :, -2::-1]
        return cls(begin, _upto(stays), _upto(through))

    def exposed(self, first: int, last: int) -> tuple[Floats, Floats]:
        """[S, ages] claims open at that age on a day from `first` to `last`, and those decided at it on such a day."""
        age = np.arange(MOST_DAYS + 1)
        days = self.open_claims.shape[1] - 1
        low, high = (np.clip(day - age - self.begin, 0, days) for day in (first, last + 1))
        open_claims, ended = (sums[:, high, age] - sums[:, low, age] for sums in (self.open_claims, self.ended))
        return open_claims, ended


def _upto(counts: NDArray[np.int64]) -> Floats:
    """Sums over the days before each day."""
    return np.pad(np.cumsum(counts, axis=1, dtype=np.float64), ((0, 0), (1, 0), (0, 0)))


def table(grid: Grid, first: int, last: int) -> Table:
    """The life table of the days `first` to `last`, both included."""
    at_risk, ended = grid.exposed(first, last)
    hazard = np.minimum(ended / np.maximum(at_risk, 1.0), 1.0)
    beyond = _clumped(grid, hazard, first, last)
    stays = np.cumprod(1.0 - hazard, axis=1)
    some = np.maximum(at_risk - ended, 0.5) * np.maximum(at_risk, 1.0)
    spread = np.sqrt(np.cumsum(ended / some, axis=1) * beyond[:, None])
    inside = np.clip(stays, 1e-9, 1.0 - 1e-9)
    reach = np.exp(np.minimum(Z95 * spread / -np.log(inside), 30.0))
    known = np.maximum.accumulate(at_risk >= LEAST_AT_RISK, axis=1) & (at_risk >= LEAST_AT_RISK)
    low, high = 1.0 - inside ** (1.0 / reach), 1.0 - inside**reach
    low = np.maximum.accumulate(np.where(known, low, 0.0), axis=1)
    share = np.asarray(1.0 - stays, dtype=np.float64)
    return Table(share, low, np.maximum.accumulate(high, axis=1), ended.sum(axis=1))


def _clumped(grid: Grid, hazard: Floats, first: int, last: int) -> Floats:
    """[S] by how much decisions of a week vary more than independent ones (they come in remits); at least 1."""
    squares, weeks = np.zeros(len(hazard)), np.zeros(len(hazard))
    for day in range(last - 6, first - 1, -7):
        at_risk, ended = grid.exposed(day, day + 6)
        usual = (at_risk * hazard).sum(axis=1)
        counted = usual >= 1.0
        squares += np.where(counted, (ended.sum(axis=1) - usual) ** 2 / np.maximum(usual, 1.0), 0.0)
        weeks += counted
    return np.asarray(np.maximum(1.0, (squares + 2.0) / np.maximum(weeks - 1.0 + 2.0, 1.0)), dtype=np.float64)


def _first(curve: Floats, quantile: float) -> Floats:
    """[S] the first day on which a rising curve reaches the quantile."""
    reached = curve >= quantile
    return np.where(reached.any(axis=1), reached.argmax(axis=1), np.inf).astype(np.float64)
