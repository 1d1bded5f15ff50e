"""From one period's denied dollars to the next, cause by cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, INK, MUTED, RUST
from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import Node, document, hatch, in_two, label, name_for, node, room_for, rule, shorten
from upstream.core.charts.words import short_dollars
from upstream.core.money import show_dollars

ROW, TOP, LINE = 24, 4, 13
BAR_SHARE = 0.58
LABEL_SHARE = 0.32
LEFT_GAP = 0
VALUE_ROOM = 62


@dataclass(frozen=True, slots=True)
class Step:
    """How much one cause added (plus) or took away (minus), in cents."""

    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class WaterfallChart:
    """`start_cents` plus all steps is the end."""

    title: str
    start_label: str
    start_cents: int
    steps: tuple[Step, ...]
    end_label: str

    @property
    def end_cents(self) -> int:
        return self.start_cents + sum(step.cents for step in self.steps)

    @property
    def headings(self) -> tuple[str, ...]:
        return ("From", "Change", "Running total")

    def rows(self) -> list[tuple[str, ...]]:
        """Start, each step and the end, with the running total."""
        totals = accumulate((step.cents for step in self.steps), initial=self.start_cents)
        middle = [
            (step.name, _signed(step.cents), show_dollars(total))
            for step, total in zip(self.steps, list(totals)[1:], strict=True)
        ]
        return [
            (self.start_label, "", show_dollars(self.start_cents)),
            *middle,
            (self.end_label, "", show_dollars(self.end_cents)),
        ]


@dataclass(frozen=True, slots=True)
class _Lane:
    """Where a row stands and how thick its bar is."""

    y: float
    row: float

    @property
    def thick(self) -> float:
        return self.row * BAR_SHARE

    @property
    def top(self) -> float:
        return self.y + (self.row - self.thick) / 2

    @property
    def text(self) -> float:
        return self.y + self.row / 2 + 4


def waterfall(chart: WaterfallChart, *, width: int = 440, row: int = ROW) -> SafeString:
    """The chart as SVG, read downwards, `row` units for each line; increases are solid, decreases hatched."""
    levels = list(accumulate((step.cents for step in chart.steps), initial=chart.start_cents))
    start = room_for((step.name for step in chart.steps), width, LABEL_SHARE)
    if any(len(in_two(step.name, start - 10)) > 1 for step in chart.steps):
        row = max(row, 2 * LINE)
    height = TOP * 2 + row * (len(chart.steps) + 2)
    lanes = [_Lane(TOP + row * place, row) for place in range(len(chart.steps) + 2)]
    across = Scale(min(0, *levels), max(1, *levels), start, width - VALUE_ROOM)
    name = name_for(chart)
    parts = [hatch(name), *_total(chart.start_label, chart.start_cents, lanes[0], across)]
    for step, before, lane in zip(chart.steps, levels, lanes[1:], strict=False):
        parts.extend(_step(step, before, lane, across, name))
    parts.extend(_total(chart.end_label, chart.end_cents, lanes[-1], across))
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="waterfall")


def _total(name: str, cents: int, lane: _Lane, across: Scale) -> Iterator[Node]:
    low, high = sorted((across(0), across(cents)))
    yield label(LEFT_GAP, lane.text, shorten(name, across.start - 10), fill=INK, bold=True)
    yield node("rect", x=low, y=lane.top, width=high - low, height=lane.thick, fill=BLUE, class_="chart-bar")
    yield label(high + 6, lane.text, short_dollars(cents), fill=INK, bold=True)


def _step(step: Step, before: int, lane: _Lane, across: Scale, pattern: str) -> Iterator[Node]:
    low, high = sorted((across(before), across(before + step.cents)))
    rises = step.cents > 0
    lines = in_two(step.name, across.start - 10)
    for place, line in enumerate(lines):
        yield label(LEFT_GAP, lane.text + (place - (len(lines) - 1) / 2) * LINE, line, fill=INK)
    yield rule(across(before), lane.y - 4, across(before), lane.top + lane.thick, stroke=MUTED, width=0.8)
    yield node(
        "rect",
        x=low,
        y=lane.top,
        width=high - low,
        height=lane.thick,
        fill=RUST if rises else f"url(#{pattern})",
        stroke=RUST if rises else MUTED,
        stroke_width=0.8,
        class_="chart-rise" if rises else "chart-fall",
    )
    yield label(high + 6, lane.text, ("+" if rises else "") + short_dollars(step.cents), fill=INK)


def _signed(cents: int) -> str:
    return ("+" if cents > 0 else "") + show_dollars(cents)


def _description(chart: WaterfallChart) -> str:
    return "; ".join(f"{name} {change or total}" for name, change, total in chart.rows()) + "."
