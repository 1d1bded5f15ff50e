"""Whether a change sits in one part of the claims, while the others, as exposed, stay as they were. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.causes.case import Case
from upstream.detection.causes.verdict import MOST
from upstream.detection.rules import UNDERPAYMENT
from upstream.detection.triangle import ONE_WEEK

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SPREAD = 0.35
LEAST_OTHERS, LEAST_PAID = 3.0, 10
FEW, NEW_WEEKS, MOSTLY = 3, 8, 0.5


@dataclass(frozen=True)
class Concentration:
    """A part of the claims: its `share` of the change, its `size` among all, and how many they are.

    `alone`: it holds most of the change, and the rest has not the part of it that it would have if all were touched.
    `told`: the rest is large enough to say so.
    """

    share: float
    size: float
    claims: int
    alone: bool
    told: bool


def concentration(case: Case, part: Bools) -> Concentration:
    """How far the change sits in `part`."""
    share, size = case.share_of(part), case.size_of(part)
    rest = case.since & ~part
    evenly = case.excess * (1.0 - size)
    enough = int(rest.sum()) >= LEAST_PAID if case.draft.family == UNDERPAYMENT else evenly >= LEAST_OTHERS
    alone = share >= MOST and enough and case.excess_of(~part) <= SPREAD * evenly
    return Concentration(share, size, int((case.since & part).sum()), alone, enough)


def newcomers(case: Case, kind: Ints, known: Bools) -> Bools:
    """The claims whose kind the payer's claims had not until 8 weeks before the change; never those without a kind.

    None where most earlier claims have no kind: what is named for the first time is not new for that.
    """
    past = case.claims.submitted_week < case.draft.onset_low - NEW_WEEKS * ONE_WEEK
    if not past.any() or known[past].mean() < MOSTLY:
        return np.zeros(len(kind), dtype=np.bool_)
    before = np.bincount(kind[past], minlength=int(kind.max(initial=0)) + 1)
    return np.asarray(known & (before[kind] < FEW), dtype=np.bool_)


def first_seen(case: Case, part: Bools) -> np.datetime64 | None:
    """The week in which the first of these claims was sent."""
    weeks = case.claims.submitted_week[part]
    return np.datetime64(weeks.min(), "D") if weeks.size else None


def largest(case: Case, kind: Ints) -> int:
    """The kind that holds most of the change; -1, which is none, does not count."""
    chosen = case.since & (kind >= 0)
    kinds, at = np.unique(kind[chosen], return_inverse=True)
    if not len(kinds):
        return -1
    excess = np.bincount(at.reshape(-1), (case.seen - case.usual)[chosen], len(kinds))
    return int(kinds[int(np.argmax(excess))])
