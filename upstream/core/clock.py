"""The one clock. Business dates come from here, so that UPSTREAM_NOW can fix them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Aware UTC time; the fixed time when UPSTREAM_NOW is set."""
    fixed: datetime | None = settings.FIXED_NOW
    return fixed.astimezone(UTC) if fixed else datetime.now(UTC)


def today(time_zone: str) -> date:
    """The calendar date now in the practice's time zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def monday_of(day: date) -> date:
    """The Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def start_of(day: date, time_zone: str) -> datetime:
    """Midnight at the start of `day` in the time zone, as aware UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
