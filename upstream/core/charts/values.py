"""Values of any unit: bars from top to bottom, or columns along weeks or months."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, INK, MUTED
from upstream.core.charts.scale import Scale, round_top
from upstream.core.charts.svg import Node, document, label, node, room_for, rule, shorten

ROW, TOP, LABEL_SHARE, VALUE_ROOM = 26, 6, 0.34, 84
HEIGHT, FOOT, HEAD = 190, 24, 18
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Amount:
    """One value with its name and as it is written; None where nothing is known."""

    name: str
    value: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class ValueChart:
    """Amounts in their order, `along` time or one below the other."""

    title: str
    amounts: tuple[Amount, ...]
    along: bool = False


def value_chart(chart: ValueChart, *, width: int = 640) -> SafeString:
    """The chart as SVG. Zero is the left or the lower edge; what lies below zero is written and not drawn."""
    top, _ = round_top(max((amount.value or 0 for amount in chart.amounts), default=0))
    draw, height = (_columns, HEIGHT) if chart.along else (_bars, TOP + ROW * len(chart.amounts) + 4)
    return document(draw(chart, top, width), size=(width, height), title=chart.title, desc=_words(chart), kind="values")


def _bars(chart: ValueChart, top: float, width: int) -> Iterator[Node]:
    start = room_for((amount.name for amount in chart.amounts), width, LABEL_SHARE)
    across = Scale(0, top, start, width - VALUE_ROOM)
    for number, amount in enumerate(chart.amounts):
        y = TOP + ROW * number
        end = across(amount.value or 0)
        yield label(across.start - 8, y + 16, shorten(amount.name, across.start - 10), anchor="end", fill=INK)
        yield node("rect", x=across.start, y=y + 5, width=end - across.start, height=14, fill=BLUE, class_="chart-bar")
        yield label(end + 6, y + 16, amount.shown, fill=INK)
    yield rule(across.start, TOP - 2, across.start, TOP + ROW * len(chart.amounts), stroke=MUTED)


def _columns(chart: ValueChart, top: float, width: int) -> Iterator[Node]:
    up = Scale(0, top, HEIGHT - FOOT, HEAD)
    step = width / max(len(chart.amounts), 1)
    every = -(-len(chart.amounts) // MOST_LABELS) or 1
    for number, amount in enumerate(chart.amounts):
        x, y = step * number, up(amount.value or 0)
        thick = max(step * 0.7, 1)
        yield node("rect", x=x + step * 0.15, y=y, width=thick, height=up.start - y, fill=BLUE, class_="chart-bar")
        if number % every == 0:
            yield label(x + step * 0.15, HEIGHT - 8, amount.name)
    yield rule(0, up.start, width, up.start, stroke=MUTED)
    highest = max(chart.amounts, key=lambda amount: amount.value or 0, default=None)
    if highest is not None:
        yield label(0, 12, f"highest: {highest.shown}, {highest.name}", fill=INK)


def _words(chart: ValueChart) -> str:
    return "; ".join(f"{amount.name} {amount.shown}" for amount in chart.amounts) + "." if chart.amounts else "Nothing."
