"""Weeks that came as bars, and what was and is expected of weeks as a line in its 80 % band."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, INK, LIGHT, MUTED, PAPER
from upstream.core.charts.scale import Scale, round_top, ticks
from upstream.core.charts.svg import Node, document, label, node, path_of, rule
from upstream.core.charts.words import day, short_dollars
from upstream.core.money import show_dollars

LEFT, RIGHT, TOP, BOTTOM = 52, 16, 24, 46
LABEL_ROOM = 62


@dataclass(frozen=True, slots=True)
class AheadWeek:
    """One week by its Monday: what came, None while it is not over, and what was `expected`: (low, middle, high)."""

    week: date
    came: float | None
    expected: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class AheadChart:
    """Weeks in order, evenly spaced; values are cents with `of_money`, else claims."""

    title: str
    weeks: tuple[AheadWeek, ...]
    of_money: bool = True

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Week of", "Came", "Expected", "80% range")

    def rows(self) -> list[tuple[str, ...]]:
        """The same weeks as text, oldest first."""
        return [
            (
                f"{day(w.week)} {w.week.year}",
                "not yet" if w.came is None else self.said(w.came),
                "" if w.expected is None else self.said(w.expected[1]),
                "" if w.expected is None else f"{self.said(w.expected[0])} to {self.said(w.expected[2])}",
            )
            for w in self.weeks
        ]

    def said(self, value: float) -> str:
        """$1,235 or 12.3."""
        return show_dollars(round(value), whole=True) if self.of_money else f"{value:,.0f}"

    def short(self, value: float) -> str:
        """For the axis."""
        return short_dollars(round(value)) if self.of_money else f"{value:,.0f}"


def ahead_chart(chart: AheadChart, *, width: int = 440, height: int = 240) -> SafeString:
    """The chart as SVG, readable at 390 px with the default width."""
    weeks = chart.weeks
    top, step = round_top(max([w.came or 0.0 for w in weeks] + [w.expected[2] for w in weeks if w.expected] + [0.0]))
    inset = (width - LEFT - RIGHT) / (2 * max(len(weeks), 1))
    x, y = Scale(0, max(len(weeks) - 1, 1), LEFT + inset, width - RIGHT - inset), Scale(0, top, height - BOTTOM, TOP)
    parts = [*_grid(chart, x.end + inset, y, step), *_bars(weeks, x, y, inset), *_expected(weeks, x, y)]
    parts += [*_axis(weeks, x, y, inset), *_legend(height)]
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="ahead")


def _grid(chart: AheadChart, right: float, y: Scale, step: float) -> Iterator[Node]:
    for value in ticks(y.high, step):
        yield rule(LEFT, y(value), right, y(value))
        yield label(LEFT - 6, y(value) + 4, chart.short(value), anchor="end")


def _bars(weeks: tuple[AheadWeek, ...], x: Scale, y: Scale, half: float) -> Iterator[Node]:
    for i, week in enumerate(weeks):
        if week.came is not None:
            at = y(week.came)
            yield node("rect", x=x(i) - half * 0.7, y=at, width=half * 1.4, height=y.start - at, fill=LIGHT)


def _expected(weeks: tuple[AheadWeek, ...], x: Scale, y: Scale) -> Iterator[Node]:
    known = [(x(i), *map(y, week.expected)) for i, week in enumerate(weeks) if week.expected is not None]
    if not known:
        return
    edge = [*((at, high) for at, _, _, high in known), *((at, low) for at, low, _, _ in reversed(known))]
    yield node("path", d=path_of(edge) + " Z", fill=BLUE, fill_opacity=0.22, class_="chart-band")
    line = [(at, middle) for at, _, middle, _ in known]
    yield node("path", d=path_of(line), fill="none", stroke=BLUE, stroke_width=2, class_="chart-line")
    for at, middle in line:
        yield node("circle", cx=at, cy=middle, r=2.4, fill=PAPER, stroke=BLUE, stroke_width=1.4, class_="chart-dot")


def _axis(weeks: tuple[AheadWeek, ...], x: Scale, y: Scale, half: float) -> Iterator[Node]:
    over = [i for i, week in enumerate(weeks) if week.came is not None]
    if over:
        yield rule(x(over[-1]) + half, TOP - 8, x(over[-1]) + half, y.start, stroke=MUTED, dash="2 3", width=1.4)
    every = max(1, round(LABEL_ROOM / max(2 * half, 1)))
    for i in range((len(weeks) - 1) % every, len(weeks), every):
        yield rule(x(i), y.start, x(i), y.start + 4, stroke=MUTED)
        yield label(x(i), y.start + 17, day(weeks[i].week), anchor="middle")


def _legend(height: int) -> Iterator[Node]:
    y = height - 8
    yield node("rect", x=LEFT, y=y - 10, width=16, height=11, fill=LIGHT)
    yield label(LEFT + 21, y, "came", fill=INK)
    yield node("rect", x=LEFT + 70, y=y - 10, width=16, height=11, fill=BLUE, fill_opacity=0.22)
    yield rule(LEFT + 70, y - 4, LEFT + 86, y - 4, stroke=BLUE, width=2)
    yield label(LEFT + 91, y, "expected a week before, 80% range", fill=INK)


def _description(chart: AheadChart) -> str:
    over = [week for week in chart.weeks if week.came is not None]
    ahead = [(week.week, week.expected) for week in chart.weeks if week.came is None and week.expected is not None]
    said = [f"{day(monday)}: {chart.said(expected[1])}" for monday, expected in ahead]
    return f"{len(over)} weeks that are over; expected from the week of " + ", ".join(said or ["none"]) + "."
