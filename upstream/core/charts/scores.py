"""Points of 100 week by week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, MUTED
from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import Node, document, label, node, path_of, rule
from upstream.core.charts.words import day

LEFT, RIGHT, TOP, BOTTOM = 34, 16, 12, 28
LABEL_ROOM = 62


@dataclass(frozen=True, slots=True)
class ScoreWeek:
    """One week: its Monday and points from 0 to 100."""

    week: date
    score: float


@dataclass(frozen=True, slots=True)
class ScoreChart:
    """Weeks in order; those without a score are left out by the caller."""

    title: str
    weeks: tuple[ScoreWeek, ...]


def score_chart(chart: ScoreChart, *, width: int = 440, height: int = 180) -> SafeString:
    """The chart as SVG, readable at 390 px with the default width."""
    half = (width - LEFT - RIGHT) / (2 * max(len(chart.weeks), 1))
    across = Scale(0, max(len(chart.weeks) - 1, 1), LEFT + half, width - RIGHT - half)
    up = Scale(0, 100, height - BOTTOM, TOP)
    parts = [*_grid(up, width), *_line(chart, across, up), *_axis(chart, across, up, half)]
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="scores")


def _grid(up: Scale, width: int) -> Iterator[Node]:
    for value in (0, 25, 50, 75, 100):
        yield rule(LEFT, up(value), width - RIGHT, up(value))
        yield label(LEFT - 6, up(value) + 4, str(value), anchor="end")


def _line(chart: ScoreChart, across: Scale, up: Scale) -> Iterator[Node]:
    points = [(across(i), up(week.score)) for i, week in enumerate(chart.weeks)]
    if points:
        yield node("path", d=path_of(points), fill="none", stroke=BLUE, stroke_width=2, class_="chart-line")
    for x, y in points:
        yield node("circle", cx=x, cy=y, r=2.6, fill=BLUE, class_="chart-dot")


def _axis(chart: ScoreChart, across: Scale, up: Scale, half: float) -> Iterator[Node]:
    every = max(1, round(LABEL_ROOM / max(2 * half, 1)))
    for i in range((len(chart.weeks) - 1) % every, len(chart.weeks), every):
        yield rule(across(i), up.start, across(i), up.start + 4, stroke=MUTED)
        yield label(across(i), up.start + 17, day(chart.weeks[i].week), anchor="middle")


def _description(chart: ScoreChart) -> str:
    if not chart.weeks:
        return "No week has a score yet."
    last = chart.weeks[-1]
    return f"{len(chart.weeks)} weeks to {day(last.week)}; last score {last.score:.0f} of 100."
