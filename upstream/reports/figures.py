"""The arithmetic of the report: how fast payers decide."""

from collections.abc import Mapping
from dataclasses import dataclass

from upstream.kpis.rules import reached

LONGEST_DAYS = 120


@dataclass(frozen=True)
class Waits:
    """Claims by days: `decided` after so many, `waiting` since so many."""

    decided: Mapping[int, int]
    waiting: Mapping[int, int]


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
