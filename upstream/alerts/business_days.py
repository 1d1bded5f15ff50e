"""Days on which an office works: not weekends, not federal holidays as banks keep them. Pure."""

from datetime import date, timedelta
from functools import lru_cache

from upstream.detection.calendar.rules import shared_days
from upstream.detection.choices import EventKind

SATURDAY = 5


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Federal holidays of the year on the days on which they are kept."""
    return frozenset(event.first for event in shared_days(year) if event.kind == EventKind.HOLIDAY)


def is_business_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def business_days_before(day: date, count: int) -> date:
    """The day from which `count` business days pass before `day`, which itself does not count."""
    while count:
        day -= timedelta(days=1)
        count -= is_business_day(day)
    return day
