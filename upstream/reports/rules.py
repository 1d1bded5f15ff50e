"""Which days a report covers, how often it is tried, and why it was not made."""

from dataclasses import dataclass
from datetime import date, timedelta

MAX_ATTEMPTS = 5
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 480, 1800))
REASONS = {
    "font_missing": "A font of the product is missing on this machine; its operator has to install Upstream anew.",
    "outside_resource": "The page names something outside itself, which is never fetched.",
    "storage_unavailable": "Files cannot be stored just now. It goes on by itself when they can.",
    "too_many_attempts": "Its worker was lost five times in a row. Perhaps it needs more memory than the machine has.",
    "file_missing": "A file that it needs is gone.",
    "unknown_incident": "The incident that it is about is not there any more.",
    "unknown_payer": "The payer that it is about is not there any more.",
    "unknown_own": "The report that was put together is deleted, or shared with the practice no more.",
    "too_many": "It finds more lines than a report holds: ask by fewer dimensions, or of fewer claims.",
    "time": "The question behind it took too long: ask by fewer dimensions, or of fewer claims.",
    "busy": "Other questions were being answered all the while.",
    "report_kind": "Reports of this kind are not made any more.",
}
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


def as_of(period: str, day: date) -> date:
    """The day whose end a report made on `day` shows: that of the last complete week or month, else the day before.

    `period` is what a kind of report covers: "day", "week", "month", or the one thing that it is about.
    """
    before = day - timedelta(days=1)
    if period == "week":
        return period_of(before).end
    return day.replace(day=1) - timedelta(days=1) if period == "month" else before


def wait_before(attempts: int) -> timedelta:
    """How long a report rests after so many tries that failed."""
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]


def reason(code: str) -> str:
    """Why a report was not made, in words."""
    if not code:
        return ""
    return REASONS.get(code, f"It could not be made ({code.replace('_', ' ')}).")
