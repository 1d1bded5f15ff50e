"""Weekly denial rate: nowcast line, 95% band, usual level, onset, weeks that are not yet complete."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BAND, BLUE, INK, MUTED, PAPER, RUST
from upstream.core.charts.scale import Scale, round_top, ticks
from upstream.core.charts.svg import CHARACTER_WIDTH, Node, document, hatch, label, name_for, node, path_of, rule
from upstream.core.charts.words import day, percent

LEFT, RIGHT, TOP, BOTTOM = 40, 16, 24, 46
LABEL_ROOM = 62
EMPTY = "No claims in these weeks."


@dataclass(frozen=True, slots=True)
class RateWeek:
    """One submission week: its Monday, the estimated rate and its 95% interval as shares 0..1, claims submitted.

    `rate` is None where nothing was submitted; `complete` is False while decisions are still expected.
    """

    week: date
    rate: float | None
    low: float = 0.0
    high: float = 0.0
    claims: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class NowcastChart:
    """Weeks in order, evenly spaced; `baseline` is the usual rate 0..1, `onset` the first changed Monday."""

    title: str
    weeks: tuple[RateWeek, ...]
    baseline: float | None = None
    onset: date | None = None
    onset_label: str = "change"

    @property
    def mark(self) -> str:
        """The change in words: "decisions from 20 Jul", "change from 20 Jul"; "" without one."""
        if self.onset is None:
            return ""
        return f"{self.onset_label} from {day(self.onset)}"

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Week of", "Claims", "Denial rate", "95% interval", "Status")

    def rows(self) -> list[tuple[str, ...]]:
        """The same weeks as text, oldest first."""
        return [
            (
                f"{day(w.week)} {w.week.year}",
                f"{w.claims:,}",
                "no claims" if w.rate is None else percent(w.rate, 1),
                "" if w.rate is None else f"{percent(w.low, 1)} to {percent(w.high, 1)}",
                ("complete" if w.complete else "still filling") + (f"; {self.mark}" if w.week == self.onset else ""),
            )
            for w in self.weeks
        ]


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things stand: x by index of the week, y by rate; `half` is half a week's width."""

    chart: NowcastChart
    x: Scale
    y: Scale
    half: float
    step: float

    @property
    def right(self) -> float:
        return self.x.end + self.half

    def runs(self) -> list[list[tuple[float, RateWeek]]]:
        """Unbroken runs of weeks that have a rate, each with its x."""
        found: list[list[tuple[float, RateWeek]]] = [[]]
        for i, week in enumerate(self.chart.weeks):
            if week.rate is None:
                found.append([])
            else:
                found[-1].append((self.x(i), week))
        return [run for run in found if run]


def nowcast_chart(chart: NowcastChart, *, width: int = 440, height: int = 240) -> SafeString:
    """The chart as SVG, readable at 390 px with the default width; give a larger width for a larger place."""
    plot = _plot(chart, width, height)
    if not plot.runs():
        parts = [*_grid(plot), label(width / 2, height / 2, EMPTY, anchor="middle")]
        return document(parts, size=(width, height), title=chart.title, desc=EMPTY, kind="nowcast")
    parts = [*_grid(plot), *_open_weeks(plot), *_band(plot), *_baseline(plot), *_line(plot), *_onset(plot)]
    return document(
        [*parts, *_weeks_axis(plot), *_legend(plot, height)],
        size=(width, height),
        title=chart.title,
        desc=_description(chart),
        kind="nowcast",
    )


def _plot(chart: NowcastChart, width: int, height: int) -> _Plot:
    highs = [w.high for w in chart.weeks if w.rate is not None]
    top, step = round_top(max([*highs, chart.baseline or 0.0, 0.04]))
    inset = (width - LEFT - RIGHT) / (2 * max(len(chart.weeks), 1))
    across = Scale(0, max(len(chart.weeks) - 1, 1), LEFT + inset, width - RIGHT - inset)
    return _Plot(chart, across, Scale(0, min(top, 1.0), height - BOTTOM, TOP), inset, step)


def _grid(plot: _Plot) -> Iterator[Node]:
    for value in ticks(plot.y.high, plot.step):
        y = plot.y(value)
        yield rule(LEFT, y, plot.right, y)
        yield label(LEFT - 6, y + 4, percent(value, 1 if plot.step < 0.01 else 0), anchor="end")


def _open_weeks(plot: _Plot) -> Iterator[Node]:
    """Hatching behind the weeks that are not complete."""
    pending = [i for i, w in enumerate(plot.chart.weeks) if not w.complete]
    if not pending:
        return
    name = name_for(plot.chart)
    yield hatch(name)
    for i in pending:
        yield node(
            "rect",
            x=plot.x(i) - plot.half,
            y=TOP,
            width=2 * plot.half,
            height=plot.y.start - TOP,
            fill=f"url(#{name})",
            fill_opacity=0.55,
            class_="chart-open",
        )


def _band(plot: _Plot) -> Iterator[Node]:
    for run in plot.runs():
        upper = [(x, plot.y(w.high)) for x, w in run]
        lower = [(x, plot.y(w.low)) for x, w in reversed(run)]
        yield node("path", d=path_of([*upper, *lower]) + " Z", fill=BAND, fill_opacity=0.8, class_="chart-band")


def _baseline(plot: _Plot) -> Iterator[Node]:
    if plot.chart.baseline is not None:
        y = plot.y(plot.chart.baseline)
        yield rule(LEFT, y, plot.right, y, stroke=MUTED, dash="6 4", width=1.4)


def _line(plot: _Plot) -> Iterator[Node]:
    for run in plot.runs():
        points = [(x, plot.y(w.rate or 0.0)) for x, w in run]
        yield node("path", d=path_of(points), fill="none", stroke=BLUE, stroke_width=2, class_="chart-line")
        for (x, y), (_, week) in zip(points, run, strict=True):
            fill = BLUE if week.complete else PAPER
            yield node("circle", cx=x, cy=y, r=2.6, fill=fill, stroke=BLUE, stroke_width=1.4, class_="chart-dot")


def _onset(plot: _Plot) -> Iterator[Node]:
    """A line before the first changed week, its label above the plot and inside the picture."""
    places = [i for i, w in enumerate(plot.chart.weeks) if w.week == plot.chart.onset]
    if not places or plot.chart.onset is None:
        return
    x = plot.x(places[0]) - plot.half
    text = plot.chart.mark
    anchor = "end" if x + len(text) * CHARACTER_WIDTH > plot.right else "start"
    yield rule(x, TOP - 8, x, plot.y.start, stroke=RUST, dash="2 3", width=1.8)
    yield label(x + (-4 if anchor == "end" else 4), TOP - 10, text, anchor=anchor, fill=RUST, bold=True)


def _weeks_axis(plot: _Plot) -> Iterator[Node]:
    weeks = plot.chart.weeks
    every = max(1, round(LABEL_ROOM / max(2 * plot.half, 1)))
    for i in range((len(weeks) - 1) % every, len(weeks), every):
        yield rule(plot.x(i), plot.y.start, plot.x(i), plot.y.start + 4, stroke=MUTED)
        yield label(plot.x(i), plot.y.start + 17, day(weeks[i].week), anchor="middle")


def _legend(plot: _Plot, height: int) -> Iterator[Node]:
    y = height - 8
    yield rule(LEFT, y - 4, LEFT + 18, y - 4, stroke=BLUE, width=2)
    yield label(LEFT + 23, y, "rate, 95% band", fill=INK)
    if plot.chart.baseline is not None:
        yield rule(LEFT + 128, y - 4, LEFT + 148, y - 4, stroke=MUTED, dash="6 4", width=1.4)
        yield label(LEFT + 153, y, f"usual {percent(plot.chart.baseline, 1)}", fill=INK)
    if not all(w.complete for w in plot.chart.weeks):
        box = {"x": LEFT + 244, "y": y - 10, "width": 18, "height": 11}
        yield node("rect", **box, fill=f"url(#{name_for(plot.chart)})", stroke=MUTED, stroke_width=0.6)
        yield label(LEFT + 267, y, "still filling", fill=INK)


def _description(chart: NowcastChart) -> str:
    last = [w for w in chart.weeks if w.rate is not None][-1]
    said = [f"{len(chart.weeks)} weeks to {day(last.week)}; last rate {percent(last.rate or 0.0, 1)}"]
    if chart.baseline is not None:
        said.append(f"usual {percent(chart.baseline, 1)}")
    if chart.onset is not None:
        said.append(chart.mark)
    return ", ".join(said) + "."
