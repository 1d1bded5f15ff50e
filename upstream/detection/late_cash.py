"""Cash that waits longer than usual, and what that costs at the price of capital. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.bootstrap import DRAWS, interval_around
from upstream.detection.claimrows import FAR, Claims
from upstream.detection.detectors.drafts import DAYS_A_YEAR, Interval
from upstream.detection.triangle import LAGS, ONE_WEEK, PAID

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

USUAL_WEEKS, RECENT_WEEKS, LEAST_WEEKS, SETTLING_WEEKS = 52, 4, 4, 4
DAYS_AHEAD, DAYS_A_WEEK = 30, 7
# How much single late claims differ, in days that are counted by weeks and in price, as a share of their mean.
SINGLE_SPREAD = 0.7


@dataclass(frozen=True)
class Waiting:
    """Cents that waited at the end of each week, and how many usually would have, [weeks] each, oldest first.

    The last `since` of them are the weeks since the onset; those before them are usual ones. `claims` were sent since.
    """

    seen: Floats
    expected: Floats
    since: int
    claims: int

    def ratios(self, size: int) -> Floats:
        """Of every `size` usual weeks in a row, what waited as a share of what was expected."""
        before = len(self.seen) - self.since
        usual = slice(0, before - SETTLING_WEEKS if before > 2 * SETTLING_WEEKS else before)
        size = max(1, min(size, len(self.seen[usual]) // 2))
        ends = np.ones(size)
        expected = np.convolve(self.expected[usual], ends, "valid")
        found = np.convolve(self.seen[usual], ends, "valid") / np.maximum(expected, 1.0)
        return np.asarray(found[expected > 0] if (expected > 0).any() else np.ones(1), dtype=np.float64)


def waiting_since(claims: Claims, place: Bools, cents: Ints, week: np.datetime64, onset: np.datetime64) -> Waiting:
    """One payer's claims of the place, week by week; usual is the year before the onset."""
    rows = np.flatnonzero(place)
    rows = rows[np.argsort(claims.submitted_week[rows], kind="stable")]
    worth, sent = cents[rows].astype(np.float64), _number(claims.submitted_week[rows])
    decided = claims.decision_week[rows]
    answered = _number(np.where(decided == FAR, week + (LAGS + 1) * ONE_WEEK, decided))
    still = still_waiting(claims, place, onset)
    since = max(int((week - onset) // ONE_WEEK) + 1, 1)
    last = int(_number(np.array([week]))[0])
    first = int(sent[0]) + LAGS if sent.size else last
    weeks = np.arange(max(last - since - USUAL_WEEKS + 1, min(first, last - since + 1)), last + 1)
    ends = np.searchsorted(sent, [weeks - LAGS, weeks], side="right").T.tolist()
    seen, expected = np.zeros(len(weeks)), np.zeros(len(weeks))
    for i, (at, (begin, end)) in enumerate(zip(weeks.tolist(), ends, strict=True)):
        young = slice(begin, end)
        seen[i] = worth[young][answered[young] > at].sum()
        expected[i] = (worth[young] * still[at - sent[young]]).sum()
    return Waiting(seen, expected, min(since, len(weeks)), int((sent > last - since).sum()))


def still_waiting(claims: Claims, place: Bools, onset: np.datetime64) -> Floats:
    """[LAGS] share of the usual claims that were undecided that many weeks after submission.

    Usual are those of a year whose answers were due before the onset, else all those before it.
    """
    end = onset - LAGS * ONE_WEEK
    usual = place & (claims.submitted_week < end) & (claims.submitted_week >= end - USUAL_WEEKS * ONE_WEEK)
    if len(np.unique(claims.submitted_week[usual])) < LEAST_WEEKS:
        usual = place & (claims.submitted_week < onset)
    lag = np.where(claims.decision_week == FAR, LAGS, (claims.decision_week - claims.submitted_week) // ONE_WEEK)
    lag = np.clip(lag[usual].astype(np.int64), 0, LAGS)
    counts = np.bincount(lag, minlength=LAGS + 1).astype(np.float64)
    return np.asarray(1.0 - np.cumsum(counts)[:LAGS] / max(counts.sum(), 1.0), dtype=np.float64)


@dataclass(frozen=True)
class LateCash:
    """Cents held beyond the usual now, and a middle with its draws of what lateness cost so far and will in 30 days."""

    held: Interval
    lost: tuple[float, Floats]
    ahead: tuple[float, Floats]


def late_cash(found: Waiting, worth: float, capital: float, rng: np.random.Generator) -> LateCash:
    """`worth`: the share of the payer's decided dollars that it pays; `capital`: the price of money a year.

    Whether the claims that wait are those that will be paid is not known: between that share of them and all.
    """
    now = slice(len(found.seen) - found.since, None)
    recent = slice(max(len(found.seen) - min(RECENT_WEEKS, found.since), 0), None)
    a_week = capital * DAYS_A_WEEK / DAYS_A_YEAR
    middle, paid = (1.0 + worth) / 2.0, rng.uniform(worth, 1.0, DRAWS)
    ahead = a_week * DAYS_AHEAD / DAYS_A_WEEK / max(min(RECENT_WEEKS, found.since), 1)
    held = _beyond(found, slice(-1, None), rng)
    lost, coming = _beyond(found, now, rng), _beyond(found, recent, rng)
    return LateCash(
        interval_around(*held),
        (a_week * middle * lost[0], a_week * paid * lost[1]),
        (ahead * middle * coming[0], ahead * paid * coming[1]),
    )


def _beyond(found: Waiting, weeks: slice, rng: np.random.Generator) -> tuple[float, Floats]:
    """What waited in these weeks beyond the usual, and draws of it: as many usual weeks in a row vary as they did.

    Few such stretches fit into the usual year, so their spread is that of a small sample (Student's t).
    """
    seen, expected = float(found.seen[weeks].sum()), float(found.expected[weeks].sum())
    size, usual = len(found.seen[weeks]), len(found.seen) - found.since
    ratios = found.ratios(size)
    share = min(size / max(usual, 1), 0.5)
    free = max(1.0 / share - 1.0, 2.0)
    # The median of so few is known to pi / 2 times the variance that their mean would have.
    spread = float(ratios.std()) * np.sqrt((1.0 + np.pi / 2 * share) / (1.0 - share))
    level = float(np.median(ratios))
    beyond = seen - expected * level
    single = abs(beyond) * SINGLE_SPREAD / np.sqrt(max(found.claims, 1)) * rng.standard_normal(DRAWS)
    return beyond, seen - expected * (level + spread * rng.standard_t(free, DRAWS)) + single


def paid_share(claims: Claims, cents: Ints) -> float:
    """Of the decided claims' expected dollars, the share that was paid."""
    decided = claims.decision_week < FAR
    every = float(cents[decided].sum())
    return float(cents[decided & (claims.outcome == PAID)].sum()) / every if every else 1.0


def _number(mondays: NDArray[np.datetime64]) -> Ints:
    return np.asarray(mondays.astype("datetime64[D]").astype(np.int64) // DAYS_A_WEEK, dtype=np.int64)
