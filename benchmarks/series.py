"""Detector time for 10 000 series of 104 weeks, as a ratio to a chi-square of two windows over the same counts.

    python benchmarks/series.py [--series 10000] [--weeks 104] [--rounds 3]

One evaluation is what a night needs: every window of every series on both clocks, against baselines worked out anew.
The chi-square (the last 4 weeks against the 26 before, by decision week) is worked out for every one of the weeks, as
the plainest vectorised detector would be. Prints the best of the rounds and exits with 1 above a second.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from upstream.detection.detectors import denial_rate
from upstream.detection.rules import Budget
from upstream.detection.triangle import LAGS, ONE_WEEK, Triangle, mondays

Floats = NDArray[np.float64]

FIRST = np.datetime64("2024-01-01", "D")
PAYERS, CODES, REASONS, PLACES = 50, 40, 6, 3
RATE, A_WEEK = 0.1, 20.0
BY_AGE = np.array([0.05, 0.25, 0.35, 0.2, 0.1, 0.05] + [0.0] * (LAGS - 6))
LIMIT = 1.0


def level(name: str, keys: list[tuple[int, str]], weeks: int, rng: np.random.Generator) -> Triangle:
    """One level of steady series: what was known at the end of the last week."""
    known = np.arange(weeks)[:, None] + np.arange(LAGS)[None, :] < weeks
    submitted = rng.poisson(A_WEEK, (len(keys), weeks)).astype(np.float64)
    decided = np.minimum(rng.poisson(submitted[:, :, None] * BY_AGE), submitted[:, :, None]) * known
    denied = rng.binomial(decided.astype(np.int64), RATE).astype(np.float64)
    return Triangle(name, tuple(keys), mondays(FIRST, FIRST + (weeks - 1) * ONE_WEEK), submitted, decided, denied)


def practice(series: int, weeks: int) -> list[Triangle]:
    """Levels as a practice has them, with so many series in all."""
    rng = np.random.default_rng(1)
    payers = range(PAYERS)
    codes = [f"{code:05d}" for code in range(CODES)]
    reasons = [f"CO-{reason}" for reason in range(REASONS)]
    levels = {
        "payer": [(p, "") for p in payers],
        "procedure": [(p, code) for p in payers for code in codes],
        "reason": [(p, reason) for p in payers for reason in reasons],
        "location": [(p, f"Place {n}") for p in payers for n in range(PLACES)],
    }
    pairs = [(p, f"{code}|{reason}") for p in payers for code in codes for reason in reasons]
    levels["procedure_reason"] = pairs[: series - sum(map(len, levels.values()))]
    return [level(name, keys, weeks, rng) for name, keys in levels.items()]


def chi_square(denied: Floats, decided: Floats) -> Floats:
    """[S, W] for every week: Pearson's statistic of the last 4 weeks against the 26 before, where both exist."""

    def last(counts: Floats, first: int, size: int) -> Floats:
        sums = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1)
        end = np.maximum(np.arange(1, counts.shape[1] + 1) - first, 0)
        return sums[:, end] - sums[:, np.maximum(end - size, 0)]

    new, every_new = last(denied, 0, 4), last(decided, 0, 4)
    old, every_old = last(denied, 4, 26), last(decided, 4, 26)
    rate = (new + old) / np.maximum(every_new + every_old, 1.0)
    spread = rate * (1 - rate) * (1 / np.maximum(every_new, 1.0) + 1 / np.maximum(every_old, 1.0))
    gap = new / np.maximum(every_new, 1.0) - old / np.maximum(every_old, 1.0)
    return np.asarray(gap**2 / np.maximum(spread, 1e-12), dtype=np.float64)


def best_of(rounds: int, act: Callable[[], object]) -> float:
    """The least processor seconds of so many rounds."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return min(taken)


def main() -> int:
    """Print seconds, ratio and series-weeks a second; 1 when the limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    levels = practice(asked.series, asked.weeks)
    denied = np.concatenate([made.denied.sum(axis=2) for made in levels])
    decided = np.concatenate([made.decided.sum(axis=2) for made in levels])
    plain = best_of(asked.rounds, lambda: chi_square(denied, decided))
    ours = best_of(asked.rounds, lambda: denial_rate.judge(levels, Budget()))
    print(f"series {len(denied)}, weeks {asked.weeks}")
    print(f"chi-square of two windows, every week  {plain:8.3f} s")
    print(f"two-clock evidence, one night          {ours:8.3f} s   ratio {ours / plain:.1f}")
    return int(ours > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
