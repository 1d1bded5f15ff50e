"""A small line without axes, with the place of a change where there is one."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, MUTED, RUST
from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import Node, document, node, path_of, rule
from upstream.core.charts.words import percent

PAD = 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Weekly shares 0..1, oldest first, None without claims; `onset` is the index of the first changed week."""

    title: str
    values: tuple[float | None, ...]
    onset: int | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Week", "Rate")

    def rows(self) -> list[tuple[str, ...]]:
        """Each week counted from the first, with its rate."""
        return [(str(i + 1), "no claims" if v is None else percent(v, 1)) for i, v in enumerate(self.values)]


def sparkline(chart: Sparkline, *, width: int = 104, height: int = 26) -> SafeString:
    """The chart as SVG of a fixed size in pixels; zero is the lower edge."""
    known = [v for v in chart.values if v is not None]
    across = Scale(0, max(len(chart.values) - 1, 1), PAD, width - PAD)
    up = Scale(0, max([*known, 0.01]), height - PAD, PAD)
    parts = [rule(PAD, height - PAD + 1, width - PAD, height - PAD + 1, stroke=MUTED, width=0.6)]
    if chart.onset is not None:
        x = across(max(chart.onset - 0.5, 0))
        parts.append(rule(x, 0, x, height, stroke=RUST, dash="2 2", width=1.4))
    parts.extend(_line(chart, across, up))
    return document(
        parts, size=(width, height), title=chart.title, desc=_description(chart), kind="sparkline", fluid=False
    )


def _line(chart: Sparkline, across: Scale, up: Scale) -> list[Node]:
    points = [(across(i), up(v)) for i, v in enumerate(chart.values) if v is not None]
    if not points:
        return []
    x, y = points[-1]
    line = node("path", d=path_of(points), fill="none", stroke=BLUE, stroke_width=1.5, class_="chart-line")
    return [line, node("circle", cx=x, cy=y, r=2.2, fill=BLUE, class_="chart-dot")]


def _description(chart: Sparkline) -> str:
    known = [v for v in chart.values if v is not None]
    if not known:
        return "No claims in these weeks."
    said = f"{len(chart.values)} weeks, from {percent(known[0], 1)} to {percent(known[-1], 1)}"
    return said + (f", change at week {chart.onset + 1}." if chart.onset is not None else ".")
