"""The picture of a week: quiet hours as dark bars on each day's line, and who is on call below."""

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString

from upstream.core.charts.palette import BLUE, GRID, MUTED
from upstream.core.charts.svg import Node, document, label, node, rule, shorten
from upstream.routing.week import DayShown

LEFT, WIDTH, TOP, ROW, BAR = 84, 460, 20, 36, 14
HOURS = (0, 6, 12, 18, 24)


def week_strip(days: Sequence[DayShown]) -> SafeString:
    """Seven lines of 24 hours."""
    height = TOP + ROW * len(days) + 4
    parts = [*_hours(height), *(part for number, day in enumerate(days) for part in _line(day, TOP + ROW * number))]
    said = "; ".join(f"{day.day:%A}: quiet {day.quiet_words}, on call {day.turn_words}" for day in days)
    return document(parts, size=(WIDTH, height), title="Quiet hours and who is on call", desc=said, kind="week")


def _hours(height: float) -> Iterator[Node]:
    for hour in HOURS:
        x = _at(hour / 24)
        yield rule(x, TOP - 4, x, height)
        anchor = "end" if hour == HOURS[-1] else "middle"
        yield label(x, TOP - 8, f"{hour:02}", anchor=anchor)


def _line(day: DayShown, y: float) -> Iterator[Node]:
    yield label(0, y + BAR - 2, f"{day.day:%a} {day.day.day} {day.day:%b}")
    yield node("rect", x=_at(0), y=y, width=_at(1) - _at(0), height=BAR, fill="none", stroke=GRID)
    for span in day.quiet:
        yield node("rect", x=_at(span.start), y=y, width=_at(span.end) - _at(span.start), height=BAR, fill=MUTED)
    ends = [*(start for start, _, _ in day.turns[1:]), *([1.0] if day.turns else [])]
    for (start, name, _), end in zip(day.turns, ends, strict=True):
        x = _at(start)
        yield rule(x, y + BAR + 4, _at(end), y + BAR + 4, stroke=BLUE, width=3)
        yield label(x, y + BAR + 17, shorten(name, _at(end) - x))


def _at(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - 2)
