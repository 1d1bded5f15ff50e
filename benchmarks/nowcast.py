"""Coverage, bias and width of nowcasts on generated cohorts, beside the naive rate and the method before.

    .venv/bin/python benchmarks/nowcast.py [--repeats 40] [--seed 1] [--only PART_OF_A_NAME]

Each case is a tenant of ten payers whose truth is known: rates differ by payer and wobble from week to week, decisions
come in weekly remits, and in some of the cases the payer slows down or its denials change. Needs no database.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.nowcast_cases import CASES, FEES, PAYERS, WEEKS, Sample, sample
from upstream.detection.detectors.clumps import design_effects
from upstream.detection.detectors.delays import curves_of
from upstream.detection.detectors.dollars import Amounts, Expected, expected_amounts
from upstream.detection.detectors.waits import QUARTILES, Grid, Table, Waiting, table
from upstream.detection.nowcast import Cohorts, Nowcast, nowcast
from upstream.detection.triangle import Triangle

Floats = NDArray[np.float64]

AGES = (0, 1, 2, 3, 4, 6, 8)
FEWEST_OPEN = 0.02


@dataclass(frozen=True)
class Read:
    """[payers, ages] what a method says."""

    low: Floats
    mid: Floats
    high: Floats


def cast_of(made: Triangle) -> Nowcast:
    """The newest 26 cohorts."""
    usual = made.denied[:, :-12].sum((1, 2)) / np.maximum(made.decided[:, :-12].sum((1, 2)), 1)
    recent = slice(-26, None)
    counts = made.submitted[:, recent], made.denied[:, recent].sum(2), made.decided[:, recent].sum(2)
    age = np.arange(26)[::-1]
    return nowcast(Cohorts(age, *counts, usual, design_effects(made)[:, recent]), curves_of(made))


def ours(made: Triangle) -> Read:
    """The product's nowcast."""
    cast, at = cast_of(made), [25 - a for a in AGES]
    return Read(cast.low[:, at], cast.mid[:, at], cast.high[:, at])


def dollars(made: Sample) -> tuple[Expected, Floats]:
    """What the newest 26 cohorts are expected to be allowed, and what they will be."""
    seen = made.decided < 7 * WEEKS
    cohort = made.week - (WEEKS - 26)
    claims = Amounts(
        made.payer, np.maximum(cohort, -1), made.payer * len(FEES) + made.code,
        np.where(seen, np.where(made.denied, 2, 1), 0), made.billed, np.where(seen, made.allowed, 0.0),
    )  # fmt: skip
    shown = cohort >= 0
    truth = np.bincount(made.payer[shown] * 26 + cohort[shown], made.allowed[shown], PAYERS * 26)
    return expected_amounts(claims, cast_of(made.triangle)), truth.reshape(PAYERS, 26)


def naive_dollars(made: Sample) -> Floats:
    """Open claims bring what the decided ones of their cohort brought, on average."""
    seen, cohort = made.decided < 7 * WEEKS, made.week - (WEEKS - 26)
    at = (made.payer * 26 + cohort)[cohort >= 0]
    decided, every = (np.bincount(at, kept[cohort >= 0], PAYERS * 26) for kept in (seen, np.ones(len(seen))))
    known = np.bincount(at, np.where(seen, made.allowed, 0)[cohort >= 0], PAYERS * 26)
    return (known / np.maximum(decided, 1) * every).reshape(PAYERS, 26)


def lags(made: Sample) -> tuple[Table, Floats]:
    """Life table of the last four weeks, and the shares by day that the claims of the last weeks will come to."""
    end = 7 * WEEKS - 1
    claims = Waiting(
        PAYERS,
        made.payer,
        made.day,
        np.where(made.decided <= end, made.decided, 10**6),
        np.ones(len(made.day), dtype=np.bool_),
    )
    found = table(Grid.of(claims, end - 27, end), end - 27, end)
    wait, newest = made.decided - made.day, made.week >= WEEKS - 4
    days = np.arange(found.share.shape[1])
    truth = np.stack([(wait[newest & (made.payer == p)][:, None] <= days).mean(0) for p in range(PAYERS)])
    return found, truth


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
    """Print one table a case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    for case in CASES:
        if asked.only in case.name:
            rng = np.random.default_rng(asked.seed)
            samples = [sample(case, rng) for _ in range(asked.repeats)]
            print(f"\n{case.name}\n  cohort age        " + "".join(f"{age:>17}" for age in AGES) + "     2 and more")
            rates(samples)
            money(samples)
            speeds(samples)


def rates(samples: list[Sample]) -> None:
    """Bias in points, coverage of the 95 % interval, its width in points."""
    truth = np.stack([s.truth[:, [WEEKS - 1 - a for a in AGES]] for s in samples])
    for name, method in METHODS.items():
        reads = [method(s.triangle) for s in samples]
        low, mid, high = (np.stack([getattr(r, n) for r in reads]) for n in ("low", "mid", "high"))
        line("rate", name, 100 * (mid - truth), (low <= truth) & (truth <= high), 100 * (high - low))


def money(samples: list[Sample]) -> None:
    """Bias and width in percent of the truth, coverage of the 80 % interval, of the cents allowed in the end."""
    at = [25 - a for a in AGES]
    told = [dollars(s) for s in samples]
    low, mid, high = (np.stack([getattr(found, n)[:, at] for found, _ in told]) for n in ("low", "mid", "high"))
    truth = np.stack([true[:, at] for _, true in told])
    whole = np.maximum(truth.mean(axis=(0, 1), keepdims=True), 1.0)
    guess = np.stack([naive_dollars(s)[:, at] for s in samples])
    line("allowed", "naive", 100 * (guess - truth) / whole, np.zeros_like(truth), 0 * truth)
    line("allowed", "now", 100 * (mid - truth) / whole, (low <= truth) & (truth <= high), 100 * (high - low) / whole)
    share = np.stack([open_share(s)[:, at] for s in samples])
    told_apart = (share >= FEWEST_OPEN) & (share <= 1 - FEWEST_OPEN) & (np.array(AGES) >= 2)
    found = ((low <= truth) & (truth <= high))[told_apart]
    said = f"{100 * found.mean():.1f} % of {found.size}" if found.size else "none"
    print(f"  allowed   2 weeks and more, of which 2 to 98 % are undecided: inside {said}")


def open_share(made: Sample) -> Floats:
    """[payers, 26] share of the newest cohorts' claims that are undecided."""
    newest = made.triangle.decided[:, -26:].sum(2) / np.maximum(made.triangle.submitted[:, -26:], 1.0)
    return np.asarray(1.0 - newest, dtype=np.float64)


def line(what: str, name: str, off: Floats, inside: Floats, wide: Floats) -> None:
    """One row of the table."""
    cells = "".join(
        f"{off[..., i].mean():>+7.1f}{100 * inside[..., i].mean():>5.0f}{wide[..., i].mean():>5.0f}"
        for i in range(len(AGES))
    )
    old = [age >= 2 for age in AGES]
    print(f"  {what:<8} {name:<9}{cells}  {off[..., old].mean():+6.2f} {100 * inside[..., old].mean():5.1f}")


def speeds(samples: list[Sample]) -> None:
    """Days to a decision: bias and coverage of the quartiles' intervals; naive is by decided claims alone."""
    told = [lags(s) for s in samples]
    said = []
    for quantile in QUARTILES:
        true = np.stack([(truth >= quantile).argmax(1) for _, truth in told])
        low, mid, high = (np.stack(part) for part in zip(*(found.days(quantile) for found, _ in told), strict=True))
        plain = np.stack([naive_days(s, quantile) for s in samples])
        reached = np.isfinite(mid)
        inside = (low <= true) & (true <= high)
        said.append(
            f"{100 * quantile:.0f} %: {true.mean():.1f} d, off {(mid - true)[reached].mean():+.1f} "
            f"(naive {(plain - true).mean():+.1f}), in interval {100 * inside.mean():.0f} %, "
            f"wide {(high - low)[reached & np.isfinite(high)].mean():.1f} d"
        )
    print("  days      " + "; ".join(said))


def naive_days(made: Sample, quantile: float) -> Floats:
    """Of the claims of the last eight weeks those that are decided."""
    seen = (made.decided < 7 * WEEKS) & (made.week >= WEEKS - 8)
    wait = made.decided - made.day
    return np.array([np.quantile(wait[seen & (made.payer == p)], quantile) for p in range(PAYERS)])


if __name__ == "__main__":
    main()
