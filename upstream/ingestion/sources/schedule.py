"""When a source is asked: cron's five fields or a few words, in the practice's time zone. Pure.

Fields: minute, hour, day of month, month, day of week (0 and 7 are Sunday); each is `*`, numbers, ranges, lists and
steps. As in cron, when both kinds of day are narrowed either one will do. A local time that the clocks leave out is
passed over; one that comes twice counts once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from upstream.core.errors import Invalid

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDS = {"hourly": "0 * * * *", "daily": "0 5 * * *", "nightly": "0 2 * * *", "weekdays": "0 6 * * 1-5"}
AT = re.compile(r"(daily|weekdays)(?: at)? (\d{1,2}):(\d{2})")
EVERY = re.compile(r"every (\d{1,2}) (minute|hour)s?")
PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")
LOOKED_AHEAD_DAYS = 4 * 366 + 1


@dataclass(frozen=True)
class Cron:
    """The local times at which something is due."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def falls_on(self, day: date) -> bool:
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and ((by_month or by_week) if self.either_day else (by_month and by_week))


def parse(text: str) -> Cron:
    """The times that the words mean; Invalid("bad_schedule") when they cannot be read or never come."""
    fields = _spelled(" ".join(text.lower().split())).split()
    if len(fields) != 5:
        raise Invalid(
            "bad_schedule",
            "a schedule is five fields such as 15 6 * * 1-5, or words such as daily 06:15",
        )
    minute, hour, day, month, weekday = fields
    weekdays = _numbers(weekday, 0, 7, DAYS)
    cron = Cron(
        minutes=_numbers(minute, 0, 59),
        hours=_numbers(hour, 0, 23),
        days=_numbers(day, 1, 31),
        months=_numbers(month, 1, 12, MONTHS),
        weekdays=frozenset(number % 7 for number in weekdays),
        either_day=not day.startswith("*") and not weekday.startswith("*"),
    )
    if not any(_days_from(cron, date(2024, 1, 1))):
        raise Invalid("bad_schedule", "there is no such day in any year")
    return cron


def next_after(cron: Cron, after: datetime, time_zone: str) -> datetime:
    """The first due time later than `after`, as aware UTC."""
    zone = ZoneInfo(time_zone)
    for day in _days_from(cron, after.astimezone(zone).date()):
        moments = [_moment(day, hour, minute, zone) for hour in cron.hours for minute in cron.minutes]
        later = [moment for moment in moments if moment is not None and moment > after]
        if later:
            return min(later)
    raise Invalid("bad_schedule", "there is no such time")


def _days_from(cron: Cron, first: date) -> Iterator[date]:
    days = (first + timedelta(days=number) for number in range(LOOKED_AHEAD_DAYS))
    return (day for day in days if cron.falls_on(day))


def _moment(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime | None:
    local = datetime.combine(day, time(hour, minute), zone)
    utc = local.astimezone(UTC)
    return utc if utc.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _spelled(text: str) -> str:
    if text in WORDS:
        return WORDS[text]
    if found := AT.fullmatch(text):
        return f"{int(found[3])} {int(found[2])} * * {'*' if found[1] == 'daily' else '1-5'}"
    if found := EVERY.fullmatch(text):
        number = int(found[1])
        return f"*/{number} * * * *" if found[2] == "minute" else f"0 */{number} * * *"
    return text


def _numbers(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = PART.fullmatch(part)
        if match is None:
            raise Invalid("bad_schedule", f"{part!r} is no part of a schedule")
        first, last, step = match[1], match[2], int(match[3] or 1)
        if first == "*":
            begin, end = low, high
        else:
            begin = _number(first, names)
            end = _number(last, names) if last else (high if match[3] else begin)
        if not (low <= begin <= end <= high and step):
            raise Invalid("bad_schedule", f"{part!r} is not between {low} and {high}")
        found.update(range(begin, end + 1, step))
    return frozenset(found)


def _number(text: str, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text)
    if not text.isdecimal():
        raise Invalid("bad_schedule", f"{text!r} is no number")
    return int(text)
