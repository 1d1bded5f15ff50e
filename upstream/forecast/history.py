"""What was known of each payer's claims at the end of every week, as arrays. Pure: it is given rows and Mondays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.triangle import DECIDED, ONE_WEEK, PENDING, REFUSED, Rows, mondays, weeks_between

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Weeks = NDArray[np.datetime64]

REACH = 110
AGES = 27


@dataclass(frozen=True)
class History:
    """Counts by payer P, week K in which it became known (the last is the as-of week) and age A in weeks.

    Age is whole weeks since the submission week; the last age gathers the rest. `arrived` became known as submitted;
    `at_risk` were known and undecided before the week's decisions, `left` after them; `cash` [P, K] is cents paid.
    """

    payers: tuple[int, ...]
    weeks: Weeks
    arrived: Floats
    at_risk: Floats
    left: Floats
    other: Floats
    refused: Floats
    cash: Floats

    @property
    def denials(self) -> Floats:
        """[P, K] claims refused, wholly or in part."""
        return np.asarray(self.refused.sum(axis=2), dtype=np.float64)


def history_of(rows: Rows, as_of: np.datetime64, reach: int = REACH) -> History:
    """What was known by the end of the week of Monday `as_of`: nothing later is used.

    Claims submitted before the last `reach` weeks are left out, but their payments and denials are in the sums.
    """
    kept = (rows.known_week <= as_of) & (rows.submitted_week <= as_of)
    since, earliest = rows.known_week[kept], as_of - (reach - 1) * ONE_WEEK
    first = max(earliest, since.min()) if since.size else as_of
    payers, payer = np.unique(rows.payer[kept], return_inverse=True)
    known = weeks_between(first, since)
    sent = np.minimum(weeks_between(first, rows.submitted_week[kept]), known)
    cells = _Cells(len(payers), len(mondays(first, as_of)), payer, sent, known)
    outcome, claims = rows.outcome[kept], rows.claims[kept].astype(np.float64)
    arrived, refused, other = (
        cells.squares(np.isin(outcome, kinds), claims)
        for kinds in ((PENDING,), REFUSED, tuple(kind for kind in DECIDED if kind not in REFUSED))
    )
    here, decided = np.cumsum(arrived, axis=2), np.cumsum(refused + other, axis=2)
    before = np.pad(decided, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]
    return History(
        tuple(payers.tolist()),
        mondays(first, as_of),
        by_age(arrived),
        by_age(np.maximum(here - before, 0.0)),
        by_age(np.maximum(here - decided, 0.0)),
        by_age(other),
        by_age(refused),
        cells.weeks(np.isin(outcome, DECIDED), rows.paid_cents[kept].astype(np.float64)),
    )


@dataclass(frozen=True)
class _Cells:
    """Rows by place of payer, and by weeks from the first one to their submission and until they were known."""

    payers: int
    span: int
    payer: Ints
    sent: Ints
    known: Ints

    def squares(self, chosen: Bools, what: Floats) -> Floats:
        """[P, week of submission, week known]; what was submitted before the first week is in none."""
        use = chosen & (self.known >= 0) & (self.sent >= 0)
        at = (self.payer[use] * self.span + self.sent[use]) * self.span + self.known[use]
        summed = np.bincount(at, what[use], self.payers * self.span**2)
        return np.asarray(summed, dtype=np.float64).reshape(self.payers, self.span, self.span)

    def weeks(self, chosen: Bools, what: Floats) -> Floats:
        """[P, week known], whenever it was submitted."""
        use = chosen & (self.known >= 0)
        summed = np.bincount(self.payer[use] * self.span + self.known[use], what[use], self.payers * self.span)
        return np.asarray(summed, dtype=np.float64).reshape(self.payers, self.span)


def by_age(square: Floats) -> Floats:
    """[P, week of submission, week known] -> [P, week known, age]."""
    payers, span, _ = square.shape
    out = np.zeros((payers, span, AGES))
    for age in range(span):
        out[:, age:, min(age, AGES - 1)] += np.diagonal(square, age, 1, 2)
    return out
