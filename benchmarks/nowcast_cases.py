"""The tenants of the nowcast's benchmark: claims one by one, with all that will come of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.triangle import LAGS, Triangle, mondays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS = 70
PAYERS = 10
START = np.datetime64("2024-01-01", "D")
FEES, MIX = (95, 135, 34, 360, 610, 1450), (0.35, 0.25, 0.2, 0.12, 0.06, 0.02)


@dataclass(frozen=True)
class Case:
    """`denied_days` and `other_days` are median lags; a change comes `since` weeks before the end, to decisions from
    then on or to claims submitted from then on.
    """

    name: str
    a_week: float = 300.0
    rate: float = 0.10
    denied_days: float = 14.0
    other_days: float = 14.0
    since: int = 0
    slower: float = 0.0
    paid_only: bool = False
    factor: float = 1.0
    by_decision: bool = False
    clumps: float = 0.0


CASES = (
    Case("as fast, 300 a week"),
    Case("as fast, 40 a week", a_week=40),
    Case("as fast, 1500 a week", a_week=1500),
    Case("denials slower (24 d)", denied_days=24),
    Case("denials slower, 40 a week", denied_days=24, a_week=40),
    Case("denials faster (8 d)", denied_days=8),
    Case("20 % denied, denials slower", rate=0.20, denied_days=24),
    Case("10 to 20 %, 5 weeks ago, slower denials", factor=2, since=5, denied_days=24),
    Case("10 to 20 %, 3 weeks ago", factor=2, since=3),
    *(Case(f"14 d slower, by decision, {n} weeks ago", slower=14, since=n, by_decision=True) for n in (2, 3, 5, 8)),
    *(Case(f"14 d slower, by submission, {n} weeks ago", slower=14, since=n) for n in (3, 5, 8)),
    Case("14 d slower, slower denials, 5 weeks ago", slower=14, since=5, by_decision=True, denied_days=24),
    Case("payments alone 10 d slower, 5 weeks ago", slower=10, since=5, paid_only=True, by_decision=True),
    Case("7 d faster, 4 weeks ago", slower=-7, since=4),
    Case("remits deny in clumps", clumps=0.02),
)


@dataclass(frozen=True)
class Sample:
    """One tenant at the end of the last week, true rates [payers, weeks], and claims with all that will come."""

    triangle: Triangle
    truth: Floats
    payer: Ints
    week: Ints
    day: Ints
    decided: Ints
    denied: NDArray[np.bool_]
    code: Ints
    billed: Floats
    allowed: Floats


def sample(case: Case, rng: np.random.Generator) -> Sample:
    """Claims one by one, then counted."""
    start = WEEKS - case.since if case.since else WEEKS + 100
    level = np.log(case.rate / (1 - case.rate)) + rng.normal(0, 0.15, PAYERS)
    odds = np.exp(level[:, None] + rng.normal(0, 0.06, (PAYERS, WEEKS)))
    truth = odds / (1 + odds)
    after = truth * np.where(np.arange(WEEKS) >= start, case.factor, 1.0)
    n = rng.poisson(case.a_week * rng.gamma(60, 1 / 60, (1, WEEKS)), (PAYERS, WEEKS))
    payer, week = (
        np.repeat(x.ravel(), n.ravel()) for x in np.meshgrid(np.arange(PAYERS), np.arange(WEEKS), indexing="ij")
    )
    day = 7 * week + rng.integers(0, 5, len(week))
    deny = after[payer, week]
    cycle = rng.integers(0, 5, PAYERS)
    swift = rng.normal(0, 0.45, len(week)) + rng.normal(0, 0.03, (PAYERS, WEEKS))[payer, week]

    def decision(denied: NDArray[np.bool_]) -> Ints:
        base = day + np.maximum(2.0, np.where(denied, case.denied_days, case.other_days) * np.exp(swift))
        on = (base if case.by_decision else day) >= 7 * start
        late = np.where(on & ~(case.paid_only & denied), case.slower, 0.0)
        found = np.ceil(np.maximum(day + 2.0, base + late)).astype(np.int64)
        return found + (cycle[payer] - found) % 7

    denied = rng.random(len(week)) < deny
    if case.clumps:
        remit = decision(np.zeros(len(week), dtype=np.bool_)) // 7
        mean, size = deny, 1 / case.clumps - 1
        clump = rng.beta(case.rate * size, (1 - case.rate) * size, (PAYERS, remit.max() + 1)) / case.rate
        denied = rng.random(len(week)) < np.minimum(mean * clump[payer, remit], 0.95)
    known = decision(denied) // 7
    lag, seen = known - week, known < WEEKS
    weeks = mondays(START, START + 7 * (WEEKS - 1))

    def cells(chosen: NDArray[np.bool_]) -> Floats:
        at = (payer[chosen] * WEEKS + week[chosen]) * LAGS + np.minimum(lag[chosen], LAGS - 1)
        return np.bincount(at, minlength=PAYERS * WEEKS * LAGS).reshape(PAYERS, WEEKS, LAGS).astype(np.float64)

    made = Triangle(
        "payer", tuple((p, "") for p in range(PAYERS)), weeks, n.astype(np.float64), cells(seen), cells(seen & denied)
    )
    code = rng.choice(len(FEES), len(week), p=MIX)
    tail = rng.normal(0, 1, len(week))
    fee = np.array(FEES)[code] * rng.lognormal(0, 0.12, (PAYERS, len(FEES)))[payer, code]
    billed = 250 * np.array(FEES)[code] * np.exp(0.6 * tail - 0.18)
    allowed = np.round(
        100
        * fee
        * np.where(rng.random(len(week)) < 0.1, 0.5, 1.0)
        * np.exp(0.15 * tail + rng.normal(0, 0.07, len(week)))
    )
    return Sample(made, after, payer, week, day, decision(denied), denied, code, billed, np.where(denied, 0.0, allowed))
