"""A week of quiet hours and turns as it stands now: the rows of its picture and of its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from upstream.routing.hours import DAY, MIDNIGHT, Quiet, Turns, instant, quiet_until

STEP = timedelta(minutes=30)


@dataclass(frozen=True)
class Span:
    """Part of a day, as shares of it from 0 to 1, with its clock times in words."""

    start: float
    end: float
    words: str


@dataclass(frozen=True)
class DayShown:
    """One day: its quiet spans, and who has the turn from which time on."""

    day: date
    quiet: list[Span]
    turns: list[tuple[float, str, str]]

    @property
    def quiet_words(self) -> str:
        return ", ".join(span.words for span in self.quiet) or "none"

    @property
    def turn_words(self) -> str:
        return ", ".join(f"{name} from {at}" if at != "00:00" else name for _, name, at in self.turns) or "nobody"


def week_of(first: date, quiet: Quiet, turns: Turns | None, names: dict[int, str]) -> list[DayShown]:
    """Seven days from `first` on; `names` of those who are able to take a turn."""
    return [_day(first + number * DAY, quiet, turns, names) for number in range(7)]


def _day(day: date, quiet: Quiet, turns: Turns | None, names: dict[int, str]) -> DayShown:
    start, end = instant(day, MIDNIGHT, quiet.zone), instant(day + DAY, MIDNIGHT, quiet.zone)
    return DayShown(day, list(_quiet(start, end, quiet)), _turns(start, end, turns, names) if turns else [])


def _quiet(start: datetime, end: datetime, quiet: Quiet) -> Sequence[Span]:
    spans: list[tuple[datetime, datetime]] = []
    at = start
    while at < end:
        until = quiet_until(at, quiet)
        if until is None:
            at += STEP
            continue
        over = min(until, end)
        began = spans.pop()[0] if spans and spans[-1][1] == at else at
        spans.append((began, over))
        at = over
    return [
        Span((began - start) / (end - start), (over - start) / (end - start), _words(began, over, end, quiet.zone))
        for began, over in spans
    ]


def _words(began: datetime, over: datetime, end: datetime, zone: str) -> str:
    return f"{_clock(began, zone)} to {'24:00' if over == end else _clock(over, zone)}"


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _turns(start: datetime, end: datetime, turns: Turns, names: dict[int, str]) -> list[tuple[float, str, str]]:
    able, found = frozenset(names), []
    for at in (start, turns.handover(turns.number_at(start) + 1)):
        person = turns.on_call(at, able)
        if at < end and person is not None:
            found.append(((at - start) / (end - start), names[person], _clock(at, turns.zone)))
    return found
