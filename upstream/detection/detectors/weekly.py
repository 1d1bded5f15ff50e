"""The weekly chart of a series: its submission weeks, each nowcast to its end."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.clumps import design_effects
from upstream.detection.detectors.delays import curves_of
from upstream.detection.detectors.findings import Series
from upstream.detection.detectors.levels import Level
from upstream.detection.nowcast import Cohorts, Nowcast, nowcast
from upstream.detection.triangle import ONE_WEEK, Triangle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CHART_WEEKS = 52
MATURE = 0.8


def series_of(level: Level, s: int) -> Series:
    """The last 52 submission weeks of one series; below the payer its curves are drawn to those of its payer."""
    payer = level.triangle.keys[s][0]
    kin = np.arange(len(level.triangle.keys))
    if level.triangle.level != "payer":
        kin = np.flatnonzero([key[0] == payer for key in level.triangle.keys])
    among = _part(level.triangle, kin)
    place = np.flatnonzero(kin == s)
    use = level.use if level.use.ndim == 2 else level.use[kin]
    cohorts = cohorts_of(among, level.usual.rate[kin], use)
    own = cohorts.of(place)
    return weekly(among, own, nowcast(own, curves_of(among, use).of(place)), 0)


def cohorts_of(triangle: Triangle, usual: Floats, use: Bools) -> Cohorts:
    """The last 52 submission weeks of every series."""
    take = slice(-CHART_WEEKS, None)
    age = ((triangle.as_of - triangle.weeks[take]) // ONE_WEEK).astype(np.int64)
    denied, decided = triangle.denied[:, take].sum(2), triangle.decided[:, take].sum(2)
    submitted = np.maximum(triangle.submitted[:, take], decided)
    return Cohorts(age, submitted, denied, decided, usual, design_effects(triangle, use)[:, take])


def weekly(triangle: Triangle, cohorts: Cohorts, cast: Nowcast, s: int) -> Series:
    """Row `s` of a nowcast as a chart."""
    weeks = triangle.weeks[-CHART_WEEKS:]
    return Series(
        weeks,
        cohorts.submitted[s],
        cohorts.decided[s],
        cohorts.denied[s],
        cast.low[s],
        cast.mid[s],
        cast.high[s],
        np.full(len(weeks), float(cohorts.usual[s])),
        cast.maturity[s],
        cast.maturity[s] < MATURE,
    )


def _part(triangle: Triangle, rows: Ints) -> Triangle:
    return replace(
        triangle,
        keys=tuple(triangle.keys[i] for i in rows),
        submitted=triangle.submitted[rows],
        decided=triangle.decided[rows],
        denied=triangle.denied[rows],
    )
