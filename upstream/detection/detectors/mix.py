"""What else changed at a payer: how many claims, of which procedures, from which places, decided how soon.

How much of a change in the denial rate the mix alone explains is found by standardisation: the claims decided since the
onset, each at the rate that its kind had before (Kitagawa 1955). Nothing here says that a payer changed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.spans import SPAN
from upstream.detection.triangle import DECIDED, LAGS, ONE_WEEK, REFUSED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

RATE_WEIGHT = 8.0
JOINT_WEIGHT = 4.0
AGE, PROCEDURE, LOCATION = "age", "procedure", "location"


@dataclass(frozen=True)
class Part:
    """One kind of claims: its share of the claims decided before and since, and its denial rate before."""

    key: str
    share_before: float
    share_since: float
    rate_before: float


@dataclass(frozen=True)
class AxisShift:
    """How the mix along one axis changed: `explained` is what that alone adds to the denial rate (a share).

    `moved` is the share of claims that changed kind (0 = the same mix, 1 = nothing in common); `parts` are the kinds,
    what explains most first.
    """

    axis: str
    explained: float
    moved: float
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Mix:
    """One payer before an onset and since: claims submitted a week, denied shares of decided claims, and the mix.

    `explained` is what the mix of procedures, places and ages together adds to the rate, as a share.
    """

    weekly_before: float
    weekly_since: float
    decided_before: int
    decided_since: int
    rate_before: float
    rate_since: float
    explained: float
    axes: tuple[AxisShift, ...]

    @property
    def change(self) -> float:
        return self.rate_since - self.rate_before


def mix_of(facts: ClaimFacts, as_of: np.datetime64, onset: np.datetime64) -> Mix | None:
    """As known at the end of the week of `as_of`, by week of decision; `before` are the 52 weeks up to the onset.

    None while either side has no decided claim.
    """
    known = facts.known_by(as_of)
    decided = np.isin(known.outcome, DECIDED)
    since = decided & (known.known_week >= onset)
    before = decided & (known.known_week < onset) & (known.known_week >= onset - SPAN * ONE_WEEK)
    if not before.any() or not since.any():
        return None
    denied = np.isin(known.outcome, REFUSED)
    lag = np.where(decided, known.known_week, known.submitted_week) - known.submitted_week
    age = np.clip(lag // ONE_WEEK, 0, LAGS - 1).astype(np.int64)
    kinds = {
        PROCEDURE: (known.procedure, facts.procedures),
        LOCATION: (known.location, facts.locations),
        AGE: (age, tuple(f"decided after {weeks} weeks" for weeks in range(LAGS))),
    }
    rate = float(denied[before].mean())
    axes = [_axis(name, *kind, before, since, denied) for name, kind in kinds.items()]
    return Mix(
        weekly_before=_weekly(known, onset - SPAN * ONE_WEEK, onset - ONE_WEEK),
        weekly_since=_weekly(known, onset, as_of),
        decided_before=int(before.sum()),
        decided_since=int(since.sum()),
        rate_before=rate,
        rate_since=float(denied[since].mean()),
        explained=_together(tuple(index for index, _ in kinds.values()), before, since, denied) - rate,
        axes=tuple(sorted(axes, key=lambda axis: -abs(axis.explained))),
    )


def _weekly(facts: ClaimFacts, first: np.datetime64, last: np.datetime64) -> float:
    """Claims submitted a week, from Monday to Monday, or since the first claim of all."""
    begin = max(first, facts.submitted_week.min())
    inside = (facts.submitted_week >= begin) & (facts.submitted_week <= last)
    return float(inside.sum()) / max(int((last - begin) // ONE_WEEK) + 1, 1)


def _axis(axis: str, index: Ints, names: tuple[str, ...], before: Bools, since: Bools, denied: Bools) -> AxisShift:
    size = len(names)
    was = np.bincount(index[before], minlength=size) / before.sum()
    now = np.bincount(index[since], minlength=size) / since.sum()
    rate = _rates(index[before], denied[before], size)
    effect = (now - was) * (rate - float(denied[before].mean()))
    order = [i for i in np.argsort(-np.abs(effect), kind="stable") if was[i] or now[i]]
    parts = tuple(Part(names[i], float(was[i]), float(now[i]), float(rate[i])) for i in order)
    return AxisShift(axis, float(effect.sum()), float(np.abs(now - was).sum() / 2), parts)


def _rates(index: Ints, denied: Bools, size: int) -> Floats:
    """[size] denied shares, thin kinds drawn to the whole."""
    whole = float(denied.mean())
    lost, every = np.bincount(index[denied], minlength=size), np.bincount(index, minlength=size)
    return np.asarray((lost + RATE_WEIGHT * whole) / (every + RATE_WEIGHT), dtype=np.float64)


def _together(kinds: tuple[Ints, ...], before: Bools, since: Bools, denied: Bools) -> float:
    """Denied share of the claims decided since, had each been denied as often as its like were before.

    Axis after axis multiplies the rate of a claim by how its kind departs from what the axes before it say.
    """
    rate = np.full(len(denied), float(denied[before].mean()))
    for index in kinds:
        size = int(index.max()) + 1
        seen = np.bincount(index[before & denied], minlength=size)
        expected = np.bincount(index[before], rate[before], size)
        rate = np.minimum(rate * ((seen + JOINT_WEIGHT) / (expected + JOINT_WEIGHT))[index], 0.97)
    return float(rate[since].mean() * denied[before].mean() / max(float(rate[before].mean()), 1e-9))
