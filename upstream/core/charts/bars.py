"""Horizontal bars of dollars, with the amount of an earlier period below each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, INK, LIGHT, MUTED
from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import Node, document, label, node, room_for, rule, shorten
from upstream.core.charts.words import short_dollars
from upstream.core.money import show_dollars

TOP, ROW = 6, 28
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

    def kept(self) -> dict[str, Any]:
        """The chart as it can be kept as JSON, and made again by `of`."""
        bars = [[bar.name, bar.cents, bar.before_cents] for bar in self.bars]
        return {"title": self.title, "bars": bars, "before": self.before_label}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The chart that was kept."""
        return cls(kept["title"], tuple(Bar(*bar) for bar in kept["bars"]), kept["before"])


def bars(chart: BarChart, *, width: int = 440, row: int = ROW) -> SafeString:
    """The chart as SVG, `row` units for each bar; a thin light bar below stands for the earlier period."""
    has_before = any(b.before_cents is not None for b in chart.bars)
    height = TOP + row * len(chart.bars) + (26 if has_before else 4)
    top = max([b.cents for b in chart.bars] + [b.before_cents or 0 for b in chart.bars] + [1])
    start = room_for((bar.name for bar in chart.bars), width, LABEL_SHARE)
    across = Scale(0, top, start, width - VALUE_ROOM)
    parts = [part for i, bar in enumerate(chart.bars) for part in _bar(bar, TOP + row * i, row, across)]
    if chart.bars:
        parts.append(rule(across.start, TOP - 2, across.start, TOP + row * len(chart.bars), stroke=MUTED))
    if has_before:
        parts.extend(_legend(across.start, height - 6, chart.before_label))
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="bars")


def _bar(bar: Bar, y: float, row: int, across: Scale) -> Iterator[Node]:
    thick, thin = row * 0.46, row * 0.22
    top = y + (row - thick - thin) / 2
    text = top + thick / 2 + 4
    end = across(max(bar.cents, bar.before_cents or 0))
    yield label(across.start - 8, text, shorten(bar.name, across.start - 10), anchor="end", fill=INK)
    yield _block(across, bar.cents, top, thick, BLUE, "chart-bar")
    if bar.before_cents is not None:
        yield _block(across, bar.before_cents, top + thick, thin, LIGHT, "chart-before")
    yield label(end + 6, text, short_dollars(bar.cents), fill=INK)


def _block(across: Scale, cents: int, y: float, height: float, fill: str, kind: str) -> Node:
    width = across(cents) - across.start
    return node("rect", x=across.start, y=y, width=width, height=height, fill=fill, class_=kind)


def _legend(x: float, y: float, before_label: str) -> Iterator[Node]:
    yield node("rect", x=x, y=y - 10, width=16, height=11, fill=BLUE, class_="chart-bar")
    yield label(x + 21, y, "this period", fill=INK)
    yield node("rect", x=x + 98, y=y - 7, width=16, height=6, fill=LIGHT, class_="chart-before")
    yield label(x + 119, y, before_label, fill=INK)


def _description(chart: BarChart) -> str:
    if not chart.bars:
        return "Nothing to show."
    return "; ".join(f"{b.name} {show_dollars(b.cents, whole=True)}" for b in chart.bars) + "."
