"""When a report is due: words such as "Mondays 07:00", kept as a cron expression with its time zone.

What cron cannot say, "the first day on which the office works", stands beside it in `only`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from upstream.alerts.business_days import is_business_day
from upstream.core import cron
from upstream.core.errors import Invalid
from upstream.reports.choices import Only

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timing:
    """Local moments: those that the five fields of `cron` name in `zone`, of them only what `only` says."""

    cron: str
    zone: str
    only: str = Only.ANY

    def __post_init__(self) -> None:
        """Invalid for an unknown zone, for fields that name no day, and for more than one moment a day."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise Invalid("zone", f"there is no time zone {self.zone!r}") from exc
        minute, hour, *days = f"{self.cron}     ".split(" ")[:5]
        if not (minute.isdecimal() and hour.isdecimal()):
            raise Invalid("when", "a report is made at most once a day: give one hour and one minute")
        if not cron.comes(" ".join((minute, hour, *days))):
            raise Invalid("when", "no day answers to this")


def upcoming(timing: Timing, after: datetime, count: int) -> list[datetime]:
    """The next moments after that one, in UTC."""
    ahead = cron.after(timing.cron, timing.zone, after)
    return list(islice((moment.astimezone(UTC) for moment in _kept(ahead, timing.only)), count))


def latest(timing: Timing, now: datetime) -> datetime | None:
    """The newest moment that is not after `now`, in UTC; None when there was none in fifty years."""
    newest = next(_kept(cron.until(timing.cron, timing.zone, now), timing.only), None)
    return newest.astimezone(UTC) if newest else None


def _kept(moments: Iterator[datetime], only: str) -> Iterator[datetime]:
    holds = DAYS[only]
    return (moment for moment in moments if holds(moment.date()))


def _is_first(day: date) -> bool:
    """The first day of its month on which the office works."""
    earlier = (day - DAY * back for back in range(1, day.day))
    return is_business_day(day) and not any(is_business_day(other) for other in earlier)


def _is_last(day: date) -> bool:
    following = (day + DAY * ahead for ahead in range(1, 32))
    rest = (other for other in following if other.month == day.month)
    return is_business_day(day) and not any(is_business_day(other) for other in rest)


DAYS: dict[str, Callable[[date], bool]] = {
    Only.ANY: lambda _day: True,
    Only.EACH: is_business_day,
    Only.FIRST: _is_first,
    Only.LAST: _is_last,
}
