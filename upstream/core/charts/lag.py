"""How fast payers decide: share of claims decided by days since submission."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, GREEN, GRID, INK, MUTED, PURPLE, RUST
from upstream.core.charts.scale import Scale, round_top, spread, ticks
from upstream.core.charts.svg import Node, document, label, node, path_of, rule, shorten
from upstream.core.charts.words import percent

LEFT, TOP, BOTTOM = 40, 10, 40
NAME_SHARE = 0.34
LINE_HEIGHT = 15
MOST_CURVES = 6
LOOKS = (
    (BLUE, ""),
    (RUST, "7 3"),
    (INK, "2 3"),
    (GREEN, "9 3 2 3"),
    (PURPLE, "4 4"),
    (MUTED, "1 2"),
)


@dataclass(frozen=True, slots=True)
class LagCurve:
    """`points` are (days since submission, share decided 0..1), both rising."""

    name: str
    points: tuple[tuple[int, float], ...]

    def days_to(self, share: float) -> int | None:
        """The first day by which at least this share was decided; None when the curve ends below it."""
        return next((day for day, reached in self.points if reached >= share), None)


@dataclass(frozen=True, slots=True)
class LagChart:
    """Curves in the order of their importance; more than six are not drawn but stay in the table."""

    title: str
    curves: tuple[LagCurve, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Payer", "Days to 50%", "Days to 75%", "Days to 90%")

    def rows(self) -> list[tuple[str, ...]]:
        """Days by which half, three quarters and nine tenths of the claims were decided."""
        return [(c.name, *(_days(c, share) for share in (0.5, 0.75, 0.9))) for c in self.curves]


def lag_curves(chart: LagChart, *, width: int = 440, height: int = 240) -> SafeString:
    """The chart as SVG; each curve has its own dash as well as its own colour, and its name at its end."""
    drawn = chart.curves[:MOST_CURVES]
    longest = max([day for c in drawn for day, _ in c.points] + [1])
    top, step = round_top(longest, 5)
    right = width * (1 - NAME_SHARE)
    across, up = Scale(0, top, LEFT, right), Scale(0, 1, height - BOTTOM, TOP)
    parts = [*_grid(across, up, step), *_curves(drawn, across, up), *_names(drawn, across, up, width)]
    return document(parts, size=(width, height), title=chart.title, desc=_description(chart), kind="lag")


def _grid(across: Scale, up: Scale, step: float) -> Iterator[Node]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = up(share)
        yield rule(across.start, y, across.end, y, stroke=MUTED if share == 0.5 else GRID)
        yield label(LEFT - 6, y + 4, percent(share), anchor="end")
    for days in ticks(across.high, step):
        yield label(across(days), up.start + 16, f"{days:.0f}", anchor="middle")
    yield label((across.start + across.end) / 2, up.start + 32, "days since submission", anchor="middle", fill=INK)


def _curves(curves: tuple[LagCurve, ...], across: Scale, up: Scale) -> Iterator[Node]:
    for curve, (colour, dash) in zip(curves, LOOKS, strict=False):
        points = [(across(day), up(share)) for day, share in curve.points]
        yield node(
            "path",
            d=path_of(points),
            fill="none",
            stroke=colour,
            stroke_width=1.8,
            **({"stroke_dasharray": dash} if dash else {}),
            class_="chart-line",
        )


def _names(curves: tuple[LagCurve, ...], across: Scale, up: Scale, width: int) -> Iterator[Node]:
    """Names at the right, in the height of the curves' ends, with a sample of the line."""
    ends = [up(c.points[-1][1]) if c.points else up(0) for c in curves]
    places = spread(ends, LINE_HEIGHT, TOP + 4, up.start - 4)
    for curve, y, (colour, dash) in zip(curves, places, LOOKS, strict=False):
        x = across.end + 6
        yield rule(x, y, x + 16, y, stroke=colour, dash=dash, width=1.8)
        yield label(x + 20, y + 4, shorten(curve.name, width - x - 20), fill=INK)


def _days(curve: LagCurve, share: float) -> str:
    days = curve.days_to(share)
    if days is None:
        return f"over {curve.points[-1][0]}" if curve.points else "not known"
    return str(days)


def _description(chart: LagChart) -> str:
    if not chart.curves:
        return "Nothing to show."
    return "Days until half of the claims were decided: " + "; ".join(f"{r[0]} {r[1]}" for r in chart.rows()) + "."
