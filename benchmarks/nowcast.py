"""Coverage, bias and width of nowcasts on generated cohorts, beside the naive rate and the method before.

    python benchmarks/nowcast.py [--repeats 40] [--seed 1]

Each case is a tenant of ten payers whose truth is known: rates differ by payer and wobble from week to week, decisions
come in weekly remits, and in some of the cases the payer slows down or its denials change. Needs no database.
"""

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.clumps import design_effects
from upstream.detection.detectors.delays import curves_of
from upstream.detection.nowcast import Cohorts, nowcast
from upstream.detection.triangle import LAGS, Triangle, mondays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS = 70
PAYERS = 10
START = np.datetime64("2024-01-01", "D")
AGES = (0, 1, 2, 3, 4, 6, 8)


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
    """One tenant at the end of the last week, and the true rates [payers, weeks]."""

    triangle: Triangle
    truth: Floats


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
    return Sample(made, after)


@dataclass(frozen=True)
class Read:
    """[payers, ages] what a method says."""

    low: Floats
    mid: Floats
    high: Floats


def ours(made: Triangle) -> Read:
    recent = slice(-26, None)
    age = np.arange(26)[::-1]
    usual = made.denied[:, :-12].sum((1, 2)) / np.maximum(made.decided[:, :-12].sum((1, 2)), 1)
    cast = nowcast(
        Cohorts(
            age,
            made.submitted[:, recent],
            made.denied[:, recent].sum(2),
            made.decided[:, recent].sum(2),
            usual,
            design_effects(made)[:, recent],
        ),
        curves_of(made),
    )
    at = [25 - a for a in AGES]
    return Read(cast.low[:, at], cast.mid[:, at], cast.high[:, at])


def naive(made: Triangle) -> Read:
    at = [WEEKS - 1 - a for a in AGES]
    denied, decided = made.denied[:, at].sum(2), made.decided[:, at].sum(2)
    p = denied / np.maximum(decided, 1)
    reach = 1.96 * np.sqrt(p * (1 - p) / np.maximum(decided, 1))
    return Read(p - reach, p, p + reach)


def before(made: Triangle) -> Read:
    """Curves of the whole past, one speed, no error of the curves (the method until November 2026)."""
    old = slice(-64, -12)
    others = made.decided - made.denied
    curves = [
        np.cumsum(x[:, old].sum(1), 1) / np.maximum(x[:, old].sum((1, 2))[:, None], 1) for x in (made.denied, others)
    ]
    usual = made.denied[:, old].sum((1, 2)) / np.maximum(made.decided[:, old].sum((1, 2)), 1)
    grid = (np.arange(400) + 0.5) / 400
    at = [WEEKS - 1 - a for a in AGES]
    n, d, x = made.submitted[:, at, None], made.denied[:, at].sum(2)[:, :, None], made.decided[:, at].sum(2)[:, :, None]
    by = [c[:, list(AGES)][:, :, None] for c in curves]
    u = usual[:, None, None]
    log = (d + 4 * u) * np.log(grid) + (x - d + 4 * (1 - u)) * np.log1p(-grid)
    log = log + np.maximum(n - x, 0) * np.log(np.maximum(1 - grid * by[0] - (1 - grid) * by[1], 1e-9))
    mass = np.cumsum(np.exp(log - log.max(2, keepdims=True)), 2)
    mass /= mass[:, :, -1:]
    low, mid, high = (grid[(mass < q).sum(2).clip(max=399)] for q in (0.025, 0.5, 0.975))
    return Read(low, mid, high)


METHODS = {"naive": naive, "before": before, "now": ours}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    for case in CASES:
        if asked.only in case.name:
            table(case, asked.repeats, asked.seed)


def table(case: Case, repeats: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = [sample(case, rng) for _ in range(repeats)]
    truth = np.stack([s.truth[:, [WEEKS - 1 - a for a in AGES]] for s in samples])
    print(f"\n{case.name}\n  age         " + "".join(f"{a:>18}" for a in AGES) + "   2 and more")
    for name, method in METHODS.items():
        reads = [method(s.triangle) for s in samples]
        low, mid, high = (np.stack([getattr(r, n) for r in reads]) for n in ("low", "mid", "high"))
        bias, cover, wide = mid - truth, (low <= truth) & (truth <= high), high - low
        at = [a >= 2 for a in AGES]
        line = "".join(
            f"{100 * bias[..., i].mean():>+7.1f}{100 * cover[..., i].mean():>6.0f}{100 * wide[..., i].mean():>5.0f}"
            for i in range(len(AGES))
        )
        print(f"  {name:<12}{line}   {100 * bias[..., at].mean():+.1f} {100 * cover[..., at].mean():.1f}")


if __name__ == "__main__":
    main()
