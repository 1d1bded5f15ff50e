"""Which days a report covers, when it is due, and how often it is tried."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MAX_ATTEMPTS = 5
WEEKS = 13
FEW_CLAIMS = 50
SOON_DAYS = 7


@dataclass(frozen=True)
class Period:
    """The last complete week (Monday to Sunday) at the end of `as_of`, and the weeks that it is seen against."""

    as_of: date
    start: date
    end: date

    def weeks_back(self, weeks: int) -> date:
        """The Monday that many weeks before the week reported: 0 is the week itself."""
        return self.start - timedelta(weeks=weeks)

    @property
    def report_id(self) -> str:
        """WR-2026-46 for the week; with its day where the report was made within the next one."""
        week = f"WR-{self.end:%G-%V}"
        return week if self.as_of == self.end else f"{week}-{self.as_of:%m%d}"


def period_of(as_of: date) -> Period:
    """The week whose Sunday is `as_of` or the last one before."""
    end = as_of - timedelta(days=(as_of.weekday() + 1) % 7)
    return Period(as_of, end - timedelta(days=6), end)


def latest_due(now: datetime, weekday: int, hour: int, time_zone: str) -> datetime:
    """The newest moment not after `now` that is this weekday (0 is Monday) and hour on the practice's clock."""
    here = now.astimezone(ZoneInfo(time_zone))
    day = here.date() - timedelta(days=(here.weekday() - weekday) % 7)
    due = datetime.combine(day, time(hour), ZoneInfo(time_zone))
    if due > here:
        due = datetime.combine(day - timedelta(days=7), time(hour), ZoneInfo(time_zone))
    return due


def week_before(due: datetime) -> date:
    """The Sunday that ends the last complete week at a due moment."""
    return period_of(due.date() - timedelta(days=1)).end
