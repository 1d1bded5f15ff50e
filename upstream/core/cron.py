"""Moments that cron's five fields name in a time zone, read by `cronsim`. Pure.

The switch to and from summer time does what Debian's cron does: a local time that is left out comes as soon as the
clocks have moved, one that comes twice counts once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

MINUTE = timedelta(minutes=1)


def comes(cron: str) -> bool:
    """Whether these are cron's fields, and some moment answers to them."""
    try:
        next(CronSim(cron, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        return False
    return True


def after(cron: str, zone: str, moment: datetime) -> Iterator[datetime]:
    """The local moments after that one, the nearest first."""
    return CronSim(cron, moment.astimezone(ZoneInfo(zone)))


def until(cron: str, zone: str, moment: datetime) -> Iterator[datetime]:
    """The local moments up to that one, the newest first."""
    back = CronSim(cron, (moment + MINUTE).astimezone(ZoneInfo(zone)), reverse=True)
    return (found for found in back if found <= moment)
