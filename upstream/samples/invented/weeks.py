"""The demo's own calendar: a window of whole weeks, holidays, seasons and the weekdays on which payers pay."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from upstream.core.errors import Invalid


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


@cache
def holidays(year: int) -> dict[date, float]:
    """The year's holidays on which no one works, each with the share of a usual week's claims its week still has."""
    return {
        date(year, 1, 1): 0.75,
        _nth_weekday(year, 6, 0, 1) - timedelta(days=7): 0.88,  # last Monday of May
        date(year, 7, 4): 0.85,
        _nth_weekday(year, 9, 0, 1): 0.88,
        _nth_weekday(year, 11, 3, 4): 0.7,
        date(year, 12, 25): 0.55,
    }


@dataclass(frozen=True, slots=True)
class Window:
    """`weeks` whole weeks, Monday to Sunday, the first of them beginning on `first`; weeks count from 0."""

    first: date
    weeks: int

    @classmethod
    def ending(cls, last_week: date, weeks: int) -> "Window":
        """The window whose last week begins on `last_week`; Invalid unless that is a Monday and there is a week."""
        if last_week.weekday() != 0:
            raise Invalid("last_week", "the last week must begin on a Monday")
        if weeks < 1:
            raise Invalid("weeks", "at least one week is needed")
        return cls(last_week - timedelta(days=7 * (weeks - 1)), weeks)

    def monday(self, week: int) -> date:
        """The Monday of a week."""
        return self.first + timedelta(days=7 * week)

    def sunday(self, week: int) -> date:
        """The Sunday of a week: the day on which the week's files are known."""
        return self.monday(week) + timedelta(days=6)

    def week_of(self, day: date) -> int:
        """The week a day lies in; negative before the window."""
        return (day - self.first).days // 7

    def pay_week(self, payday: int, ready: date) -> int:
        """The week of the first payment run (weekday `payday`) on or after `ready`."""
        return self.week_of(ready + timedelta(days=(payday - ready.weekday()) % 7))

    def pay_date(self, payday: int, week: int) -> date:
        """The day on which that week's run is dated: the weekday itself, or the day before when it is a holiday."""
        day = self.monday(week) + timedelta(days=payday)
        return day - timedelta(days=1) if day in holidays(day.year) else day

    def holiday_factor(self, week: int) -> float:
        """Share of a usual week's work that is done in a week: 1 without a holiday."""
        days = [self.monday(week) + timedelta(days=n) for n in range(7)]
        return min(holidays(day.year).get(day, 1.0) for day in days)

    def season(self, week: int, amplitude: float, peak_day: int) -> float:
        """Yearly swing around 1, highest on day `peak_day` of the year."""
        turn = (self.monday(week).timetuple().tm_yday - peak_day) / 365.25
        return 1 + amplitude * math.cos(2 * math.pi * turn)


def weekday_on_or_before(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
