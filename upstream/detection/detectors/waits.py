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


def table(claims: Waiting, first: int, last: int) -> Table:
    """The life table of the days `first` to `last`, both included; decisions after `last` are not known."""
    at_risk, ended = _exposed(claims, first, last)
    hazard = np.minimum(ended / np.maximum(at_risk, 1.0), 1.0)
    beyond = _clumped(claims, hazard, first, last)
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


def _exposed(claims: Waiting, first: int, last: int) -> tuple[Floats, Floats]:
    """[S, days] claims open at that age on a day of the span, and those whose waiting ended so."""
    width = MOST_DAYS + 2
    begin = np.maximum(first - claims.submitted, 0)
    left = claims.decided - ~claims.ends
    end = np.minimum(np.minimum(left, last) - claims.submitted, MOST_DAYS)
    some = (end >= begin) & (claims.submitted <= last) & (begin <= MOST_DAYS)
    row = claims.row[some] * width
    size = claims.series * width
    moves = np.bincount(row + begin[some], minlength=size) - np.bincount(row + end[some] + 1, minlength=size)
    at_risk = np.cumsum(moves.reshape(claims.series, width), axis=1)[:, : MOST_DAYS + 1]
    age = claims.decided - claims.submitted
    hit = claims.ends & (claims.decided >= first) & (claims.decided <= last) & (age >= 0) & (age <= MOST_DAYS)
    ended = np.bincount(claims.row[hit] * width + age[hit], minlength=size).reshape(claims.series, width)
    return at_risk.astype(np.float64), ended[:, : MOST_DAYS + 1].astype(np.float64)


def _clumped(claims: Waiting, hazard: Floats, first: int, last: int) -> Floats:
    """[S] by how much decisions of a week vary more than independent ones (they come in remits); at least 1."""
    squares, weeks = np.zeros(claims.series), np.zeros(claims.series)
    in_turn = claims.at(np.argsort(claims.submitted, kind="stable"))
    for day in range(last - 6, first - 1, -7):
        sent = in_turn.at(slice(*np.searchsorted(in_turn.submitted, (day - MOST_DAYS, day + 7))))
        at_risk, ended = _exposed(sent.at(sent.decided >= day), day, day + 6)
        usual = (at_risk * hazard).sum(axis=1)
        counted = usual >= 1.0
        squares += np.where(counted, (ended.sum(axis=1) - usual) ** 2 / np.maximum(usual, 1.0), 0.0)
        weeks += counted
    return np.asarray(np.maximum(1.0, (squares + 2.0) / np.maximum(weeks - 1.0 + 2.0, 1.0)), dtype=np.float64)


def _first(curve: Floats, quantile: float) -> Floats:
    """[S] the first day on which a rising curve reaches the quantile."""
    reached = curve >= quantile
    return np.where(reached.any(axis=1), reached.argmax(axis=1), np.inf).astype(np.float64)
