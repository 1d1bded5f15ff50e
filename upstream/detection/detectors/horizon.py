"""The smallest change of one payer that would be found within some weeks, at its own volume and the tenant's budget.

The last weeks are replaced by what is to be expected of a payer that changed so many weeks ago, by a little or by much,
and shown to the tests that raise alarms. What they find at the expected counts they find in about half of all cases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import payment_delay, windows
from upstream.detection.detectors.allowed import Prices
from upstream.detection.detectors.levels import Level, judge_levels
from upstream.detection.detectors.underpayment import log10_one_over_tail, sums_of
from upstream.detection.rules import DELAY, DENIAL, UNDERPAYMENT, Budget, correction
from upstream.detection.triangle import LAGS, Triangle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WITHIN = (2, 4, 8)
REPLACED = windows.LONGEST
RISES: Floats = np.asarray(0.004 * 1.5 ** np.arange(13), dtype=np.float64)
DAYS_LATER = np.array([1.0, 2, 3, 4, 6, 8, 10, 13, 17, 22, 30, 42])
LARGEST_CUT = 0.5
DAYS = 7.0
BY_DECISION, BY_SUBMISSION = False, True


@dataclass(frozen=True)
class Visible:
    """For 2, 4 and 8 weeks the smallest change found in about half of all cases, None where none would be."""

    weeks: tuple[float | None, float | None, float | None]


def rises(level: Level, masked: Bools, budget: Budget, busy: float) -> list[Visible]:
    """Rises of the denial rate of each payer, as shares; `busy` is how many payers share the budget."""
    need = budget.evidence_for(DENIAL) + correction("payer", busy, DENIAL)

    def evidence(made: Triangle, hidden: Bools) -> Floats:
        return np.asarray(judge_levels([made], hidden)["payer"].adverse.max(axis=1), dtype=np.float64)

    def changed(since: int, by_submission: bool) -> Triangle:
        return _denying(level, since, by_submission)

    return _visible(len(level.triangle.keys), changed, evidence, masked, RISES, need)


def delays(level: Level, masked: Bools, budget: Budget) -> list[Visible]:
    """Days by which each payer may decide later."""
    need = budget.evidence_for(DELAY) + payment_delay.correction_of(level.triangle, masked)

    def changed(since: int, by_submission: bool) -> Triangle:
        return _slowing(level, since, by_submission)

    return _visible(len(level.triangle.keys), changed, payment_delay.slower, masked, DAYS_LATER, need)


def cuts(prices: Sequence[Prices | None], budget: Budget) -> list[Visible]:
    """Shares by which each payer may allow less, from its prices as `allowed.prices_of` finds them; None without."""
    need = budget.evidence_for(UNDERPAYMENT) + correction("payer", sum(p is not None for p in prices), UNDERPAYMENT)
    deviate = next(z for z in np.arange(1.0, 40.0, 0.02) if log10_one_over_tail(float(z)) >= need)
    return [Visible((None, None, None)) if found is None else _cut(found, float(deviate)) for found in prices]


def _cut(prices: Prices, deviate: float) -> Visible:
    """A cut counts in the decisions since then: all of them, or those of claims submitted since; the mean of both."""
    kept = np.ones(len(prices.decided_back), dtype=np.bool_)
    whole = sums_of(prices, prices.decided_back, kept).series(-1)
    found = []
    for weeks in WITHIN:
        shift = whole.shift(slice(0, weeks))
        since = (prices.decided_back < weeks) & (prices.submitted_back < weeks)
        share = float(since.sum()) / max(float((prices.decided_back < weeks).sum()), 1.0)
        later = deviate * shift.error * (1.0 + 1.0 / max(share, 0.05)) / 2.0
        cut = 1.0 - float(np.exp(-later))
        found.append(cut if shift.claims and cut <= LARGEST_CUT else None)
    return Visible((found[0], found[1], found[2]))


def _visible(
    payers: int,
    changed: Callable[[int, bool], Triangle],
    evidence: Callable[[Triangle, Bools], Floats],
    masked: Bools,
    sizes: Floats,
    need: float,
) -> list[Visible]:
    """The smallest of the sizes, interpolated, at which the mean of both clocks reaches the evidence."""
    hidden = masked if masked.ndim == 1 else np.repeat(masked, len(sizes), axis=0)
    found = []
    for since in WITHIN:
        both = [evidence(changed(since, clock), hidden) for clock in (BY_DECISION, BY_SUBMISSION)]
        seen = np.mean(both, axis=0).reshape(payers, len(sizes))
        found.append([_crossing(row, sizes, need) for row in seen])
    return [Visible((found[0][p], found[1][p], found[2][p])) for p in range(payers)]


def _crossing(seen: Floats, sizes: Floats, need: float) -> float | None:
    """Where the evidence first reaches the need, between two sizes by its square root (evidence grows as a square)."""
    enough = np.flatnonzero(seen >= need)
    if not enough.size:
        return None
    at = int(enough[0])
    below = 0.0 if at == 0 else float(np.sqrt(max(seen[at - 1], 0.0)))
    smaller = 0.0 if at == 0 else float(sizes[at - 1])
    part = (float(np.sqrt(need)) - below) / max(float(np.sqrt(seen[at])) - below, 1e-9)
    return smaller + part * (float(sizes[at]) - smaller)


def _copies(level: Level, sizes: Floats) -> tuple[Triangle, Ints]:
    """Each payer once for every size, and the rows that they come from."""
    rows = np.repeat(np.arange(len(level.triangle.keys)), len(sizes))
    made = level.triangle
    copies = replace(
        made,
        keys=tuple((i, "") for i in range(len(rows))),
        submitted=made.submitted[rows],
        decided=made.decided[rows].copy(),
        denied=made.denied[rows].copy(),
    )
    return copies, rows


def _newest(weeks: int, since: int, by_submission: bool) -> tuple[Bools, Bools]:
    """[W, L]: cells of the weeks that are replaced, and of those on which a change of `since` weeks ago shows."""
    cohort = np.arange(weeks)[:, None]
    known = cohort + np.arange(LAGS)[None, :]
    replaced = (known < weeks) & (known >= weeks - REPLACED)
    return replaced, replaced & ((cohort if by_submission else known) >= weeks - since)


def _denying(level: Level, since: int, by_submission: bool) -> Triangle:
    """Copies that deny more by RISES."""
    made, rows = _copies(level, RISES)
    replaced, changed = _newest(len(made.weeks), since, by_submission)
    usual = level.usual
    decided = made.submitted[:, :, None] * usual.decision[rows][:, None, :]
    share = np.minimum(usual.share[rows], 0.97)
    times = 1.0 + np.tile(RISES, len(level.triangle.keys)) / np.maximum(usual.rate[rows], 1e-3)
    more = np.minimum(share * times[:, None], 1.0)
    denied = decided * np.where(changed, more[:, None, :], share[:, None, :])
    return replace(
        made, decided=np.where(replaced, decided, made.decided), denied=np.where(replaced, denied, made.denied)
    )


def _slowing(level: Level, since: int, by_submission: bool) -> Triangle:
    """Copies that decide later by DAYS_LATER: whatever was decided before the change stays decided."""
    made, rows = _copies(level, DAYS_LATER)
    weeks = len(made.weeks)
    replaced, _ = _newest(weeks, since, by_submission)
    late = np.tile(DAYS_LATER, len(level.triangle.keys)) / DAYS
    cohort, lag = np.arange(weeks)[:, None], np.arange(LAGS)[None, :]
    by = np.cumsum(level.usual.decision[rows], axis=1)
    usual = _at(by, np.broadcast_to(lag, (len(rows), weeks, LAGS)))
    slow = _at(by, lag[None] - late[:, None, None] * np.ones((1, weeks, 1)))
    if by_submission:
        reached = np.where((cohort >= weeks - since)[None], slow, usual)
    else:
        before = _at(by, np.broadcast_to(np.minimum(lag, weeks - since - 1 - cohort), usual.shape))
        reached = np.where((cohort + lag < weeks - since)[None], usual, np.maximum(before, slow))
    decided = made.submitted[:, :, None] * np.diff(reached, axis=2, prepend=0.0)
    return replace(made, decided=np.where(replaced, decided, made.decided))


def _at(by: Floats, age: Floats | Ints) -> Floats:
    """[S, W, L] share that comes by each age, linear between whole weeks, 0 before the first."""
    at = np.clip(np.asarray(age, dtype=np.float64), -1.0, LAGS - 1.0)
    below = np.floor(at).astype(np.int64)
    padded = np.concatenate([np.zeros((len(by), 1)), by, by[:, -1:]], axis=1)
    series = np.arange(len(by))[:, None, None]
    low, high = padded[series, below + 1], padded[series, below + 2]
    return np.asarray(low + (at - below) * (high - low), dtype=np.float64)
