"""Rates of places or people against how many claims they are of: who is outside what chance alone would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, INK, MUTED, PAPER, RUST
from upstream.core.charts.scale import Scale, round_top, spread, ticks
from upstream.core.charts.svg import Node, document, label, node, path_of, rule, shorten
from upstream.core.charts.words import percent

LEFT, TOP, BOTTOM = 44, 10, 40
NAME_ROOM = 150
LINE_HEIGHT = 15
USUAL, SURE = 1.959964, 3.0
STEPS = 40
AS_OTHERS = "as the others"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One place: `some` of its `of` claims."""

    name: str
    some: int
    of: int

    @property
    def rate(self) -> float:
        return self.some / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Places in the order of the table; the middle is the rate of all together (Spiegelhalter 2005)."""

    title: str
    points: tuple[FunnelPoint, ...]

    @property
    def middle(self) -> float:
        whole = sum(point.of for point in self.points)
        return sum(point.some for point in self.points) / whole if whole else 0.0

    def limits(self, of: float, reach: float) -> tuple[float, float]:
        """Between which chance leaves a rate of so many claims, for a reach in standard errors."""
        room = reach * sqrt(self.middle * (1 - self.middle) / of)
        return max(self.middle - room, 0.0), min(self.middle + room, 1.0)

    def standing(self, point: FunnelPoint) -> str:
        """Above or below what chance explains 998 times in 1,000, or as the others."""
        if not point.of:
            return "no claims"
        low, high = self.limits(point.of, SURE)
        return "above" if point.rate > high else "below" if point.rate < low else AS_OTHERS

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Place", "Denied", "Of claims", "Rate", "Against the others")

    def rows(self) -> list[tuple[str, ...]]:
        """The same as text, in the given order."""
        return [(p.name, f"{p.some:,}", f"{p.of:,}", percent(p.rate, 1), self.standing(p)) for p in self.points]


def funnel(chart: FunnelChart, *, width: int = 440, height: int = 240) -> SafeString:
    """The chart as SVG: full points with a name are outside the limits, hollow ones within."""
    most = max([point.of for point in chart.points] + [1])
    top = max([point.rate for point in chart.points] + [chart.limits(max(most / 10, 1), USUAL)[1], 0.05])
    right, step = round_top(most, 4)
    highest, rise = round_top(min(top, 1.0), 5)
    across, up = Scale(0, right, LEFT, width - NAME_ROOM), Scale(0, min(highest, 1.0), height - BOTTOM, TOP)
    parts = [*_grid(across, up, step, rise), *_limits(chart, across, up), *_points(chart, across, up, width)]
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="funnel")


def _grid(across: Scale, up: Scale, step: float, rise: float) -> Iterator[Node]:
    for value in ticks(up.high, rise):
        yield rule(across.start, up(value), across.end, up(value))
        yield label(LEFT - 6, up(value) + 4, percent(value), anchor="end")
    for claims in ticks(across.high, step):
        yield label(across(claims), up.start + 16, f"{claims:,.0f}", anchor="middle")
    yield label((across.start + across.end) / 2, up.start + 32, "claims decided", anchor="middle", fill=INK)


def _limits(chart: FunnelChart, across: Scale, up: Scale) -> Iterator[Node]:
    yield rule(across.start, up(chart.middle), across.end, up(chart.middle), stroke=INK, width=1.2)
    sizes = [max(across.high * step / STEPS, 1.0) for step in range(1, STEPS + 1)]
    for reach, dash in ((USUAL, "5 3"), (SURE, "1 3")):
        for side in (0, 1):
            line = [(across(of), up(min(chart.limits(of, reach)[side], up.high))) for of in sizes]
            yield node(
                "path", d=path_of(line), fill="none", stroke=MUTED, stroke_width=1, stroke_dasharray=dash,
                class_="chart-limit",
            )  # fmt: skip


def _points(chart: FunnelChart, across: Scale, up: Scale, width: int) -> Iterator[Node]:
    outside = sorted((p for p in chart.points if p.of and chart.standing(p) != AS_OTHERS), key=lambda p: -p.rate)
    for point in chart.points:
        if point.of:
            out = point in outside
            yield node(
                "circle", cx=across(point.of), cy=up(point.rate), r=3.4 if out else 2.8, fill=RUST if out else PAPER,
                stroke=RUST if out else BLUE, stroke_width=1.4, class_="chart-dot",
            )  # fmt: skip
    places = spread([up(p.rate) for p in outside], LINE_HEIGHT, TOP + 4, up.start - 4)
    for point, y in zip(outside, places, strict=True):
        yield rule(across(point.of) + 4, up(point.rate), across.end + 8, y, stroke=MUTED, width=0.6)
        yield label(across.end + 12, y + 4, shorten(point.name, width - across.end - 12), fill=INK)


def _description(chart: FunnelChart) -> str:
    out = [f"{p.name} {percent(p.rate, 1)}, {chart.standing(p)}" for p in chart.points if p.of]
    strange = [said for said in out if not said.endswith(AS_OTHERS)]
    return f"All together {percent(chart.middle, 1)}. " + ("; ".join(strange) or "None is outside the limits") + "."
