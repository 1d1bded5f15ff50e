"""The arithmetic of the report: cash that is to be expected, and how fast payers decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from upstream.kpis.rules import reached
from upstream.reports.rules import MONEY_WEEKS
from upstream.reports.shapes import MoneyRange

Z_80 = 1.2816
FEWEST_WEEKS = 6
LONGEST_DAYS = 120


@dataclass(frozen=True)
class Waits:
    """Claims by days: `decided` after so many, `waiting` since so many."""

    decided: Mapping[int, int]
    waiting: Mapping[int, int]


def expected_cash(weekly_cents: Sequence[int]) -> MoneyRange | None:
    """Payments of the next four weeks if weeks go on like these, with an 80 % range; None for fewer than six weeks."""
    if len(weekly_cents) < FEWEST_WEEKS:
        return None
    middle = MONEY_WEEKS * fmean(weekly_cents)
    reach = Z_80 * stdev(weekly_cents) * sqrt(MONEY_WEEKS * (1 + MONEY_WEEKS / len(weekly_cents)))
    return MoneyRange(max(0, round(middle - reach)), round(middle), round(middle + reach))


def decided_by(waits: Waits) -> dict[int, float]:
    """Share decided by the end of each day on which something was decided."""
    return reached(waits.decided, waits.waiting)


def curve_points(curve: Mapping[int, float]) -> tuple[tuple[int, float], ...]:
    """Every day up to the last decision, at most 120, as the chart wants it."""
    points, share = [], 0.0
    for day in range(min(max(curve, default=0), LONGEST_DAYS) + 1):
        share = curve.get(day, share)
        points.append((day, round(share, 4)))
    return tuple(points)
