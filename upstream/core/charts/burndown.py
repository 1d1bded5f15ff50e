"""Units left of an authorization, week by week, down from what was approved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, INK, MUTED, RUST
from upstream.core.charts.scale import Scale
from upstream.core.charts.svg import document, label, node, path_of, rule

LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 26


@dataclass(frozen=True, slots=True)
class BurnDown:
    """`weeks` are (Monday, units used in it); the period runs from `start` to `end`, its last day, where it has one."""

    title: str
    approved: Decimal
    weeks: tuple[tuple[date, Decimal], ...]
    start: date
    end: date
    today: date

    @property
    def headings(self) -> tuple[str, ...]:
        return ("Week of", "Units used", "Units left")

    def left(self) -> list[tuple[date, Decimal]]:
        """Units left after each week that used any."""
        found, rest = [], self.approved
        for week, units in self.weeks:
            rest -= units
            found.append((week, rest))
        return found

    def rows(self) -> list[tuple[str, ...]]:
        """Each week with what was used and what is left after it."""
        pairs = zip(self.weeks, self.left(), strict=True)
        return [(f"{week:%Y-%m-%d}", _plain(used), _plain(rest)) for (week, used), (_, rest) in pairs]


def burn_down(chart: BurnDown, *, width: int = 440, height: int = 180) -> SafeString:
    """The chart as SVG: units left as steps, the even way down to the last day dashed, today marked."""
    days = max((chart.end - chart.start).days, 1)
    lowest = min([rest for _, rest in chart.left()] + [Decimal(0)])
    across = Scale(0, days, LEFT, width - RIGHT)
    up = Scale(float(lowest), max(float(chart.approved), 1.0), height - BOTTOM, TOP)

    def x(day: date) -> float:
        return across((day - chart.start).days)

    points, rest = [(x(chart.start), up(float(chart.approved)))], chart.approved
    for week, after in chart.left():
        points += [(x(week), up(float(rest))), (x(week), up(float(after)))]
        rest = after
    points.append((x(min(max(chart.today, chart.start), chart.end)), up(float(rest))))
    zero = up(0.0)
    parts = [
        rule(LEFT, zero, width - RIGHT, zero, stroke=MUTED),
        rule(x(chart.start), up(float(chart.approved)), x(chart.end), zero, stroke=MUTED, dash="3 3"),
        node("path", d=path_of(points), fill="none", stroke=BLUE, stroke_width=2, class_="chart-line"),
        label(LEFT - 6, up(float(chart.approved)) + 4, _plain(chart.approved), anchor="end", fill=INK),
        label(LEFT - 6, zero + 4, "0", anchor="end"),
        label(LEFT, height - 8, f"{chart.start.day} {chart.start:%b}"),
        label(width - RIGHT, height - 8, f"{chart.end.day} {chart.end:%b %Y}", anchor="end"),
    ]
    if chart.start < chart.today < chart.end:
        parts.append(rule(x(chart.today), TOP, x(chart.today), zero, stroke=RUST, dash="2 2"))
    desc = f"{_plain(rest)} of {_plain(chart.approved)} units left; dashed: used evenly until the last day."
    return document(parts, size=(width, height), title=chart.title, desc=desc, kind="burndown")


def _plain(units: Decimal) -> str:
    """12 of 12.000."""
    return f"{units.normalize():f}"
