"""Horizontal bars of dollars, with the amount of an earlier period as an outline."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import BLUE, INK, MUTED, Node, document, label, node, rule, shorten
from upstream.core.charts.words import short_dollars
from upstream.core.money import show_dollars

ROW, BAR, TOP = 26, 14, 6
VALUE_ROOM = 62
LABEL_SHARE = 0.36


@dataclass(frozen=True, slots=True)
class Bar:
    """One amount in cents (0 or more), and the earlier period's where it is known."""

    name: str
    cents: int
    before_cents: int | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from top to bottom in the given order; `before_label` names the earlier period."""

    title: str
    bars: tuple[Bar, ...]
    before_label: str = "earlier period"

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Cause", "Dollars", self.before_label.capitalize())

    def rows(self) -> list[tuple[str, ...]]:
        """The exact amounts as text, in the order of the bars."""
        return [
            (b.name, show_dollars(b.cents), "" if b.before_cents is None else show_dollars(b.before_cents))
            for b in self.bars
        ]


def bars(chart: BarChart, *, width: int = 440) -> SafeString:
    """The chart as SVG; its height follows the number of bars."""
    has_before = any(b.before_cents is not None for b in chart.bars)
    height = TOP + ROW * len(chart.bars) + (26 if has_before else 4)
    top = max([b.cents for b in chart.bars] + [b.before_cents or 0 for b in chart.bars] + [1])
    across = Scale(0, top, round(width * LABEL_SHARE), width - VALUE_ROOM)
    parts = [part for i, bar in enumerate(chart.bars) for part in _bar(bar, TOP + ROW * i, across)]
    if chart.bars:
        parts.append(rule(across.start, TOP - 2, across.start, TOP + ROW * len(chart.bars), stroke=MUTED))
    if has_before:
        parts.extend(_legend(across.start, height - 6, chart.before_label))
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="bars")


def _bar(bar: Bar, y: float, across: Scale) -> Iterator[Node]:
    middle = y + ROW / 2
    length = across(bar.cents) - across.start
    end = across(max(bar.cents, bar.before_cents or 0))
    yield label(across.start - 8, middle + 4, shorten(bar.name, across.start - 10), anchor="end", fill=INK)
    yield node(
        "rect", x=across.start, y=middle - BAR / 2, width=length, height=BAR, fill=BLUE, class_="chart-bar"
    )  # fmt: skip
    if bar.before_cents is not None:
        before = across(bar.before_cents) - across.start
        yield node(
            "rect", x=across.start, y=middle - BAR / 2 - 3, width=before, height=BAR + 6, fill="none",
            stroke=MUTED, stroke_dasharray="3 2", stroke_width=1.2, class_="chart-before",
        )  # fmt: skip
    yield label(end + 6, middle + 4, short_dollars(bar.cents), fill=INK)


def _legend(x: float, y: float, before_label: str) -> Iterator[Node]:
    yield node("rect", x=x, y=y - 10, width=16, height=10, fill=BLUE)
    yield label(x + 21, y, "this period", fill=INK)
    yield node("rect", x=x + 98, y=y - 11, width=16, height=12, fill="none", stroke=MUTED, stroke_dasharray="3 2")
    yield label(x + 119, y, before_label, fill=INK)


def _description(chart: BarChart) -> str:
    if not chart.bars:
        return "Nothing to show."
    return "; ".join(f"{b.name} {show_dollars(b.cents, whole=True)}" for b in chart.bars) + "."
