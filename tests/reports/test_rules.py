from datetime import UTC, date, datetime

import pytest

from upstream.reports.rules import Period, latest_due, period_of, week_before

CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    ("as_of", "start", "end"),
    [
        (date(2026, 3, 8), date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 14), date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 15), date(2026, 3, 9), date(2026, 3, 15)),
        (date(2026, 1, 1), date(2025, 12, 22), date(2025, 12, 28)),
    ],
)
def test_a_report_covers_the_last_week_that_is_complete(as_of, start, end):
    assert period_of(as_of) == Period(as_of, start, end)


@pytest.mark.parametrize(
    ("as_of", "name"),
    [(date(2026, 3, 8), "WR-2026-10"), (date(2026, 3, 11), "WR-2026-10-0311"), (date(2027, 1, 3), "WR-2026-53")],
)
def test_a_report_is_named_by_its_iso_week(as_of, name):
    assert period_of(as_of).report_id == name


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # year, month, day and time


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (utc(2026, 3, 9, 12, 0), utc(2026, 3, 9, 12, 0)),  # Monday 7:00 there, the first under summer time
        (utc(2026, 3, 9, 11, 59), utc(2026, 3, 2, 13, 0)),
        (utc(2026, 3, 15, 3, 0), utc(2026, 3, 9, 12, 0)),
        (utc(2026, 11, 2, 12, 30), utc(2026, 10, 26, 12, 0)),  # 6:30 there: clocks went back the day before
        (utc(2026, 11, 2, 13, 0), utc(2026, 11, 2, 13, 0)),
    ],
)
def test_the_latest_moment_of_monday_7_follows_the_clock_on_the_wall(now, due):
    assert latest_due(now, 0, 7, CHICAGO).astimezone(UTC) == due


def test_a_schedule_reports_the_week_that_ended_before_it():
    assert week_before(latest_due(utc(2026, 3, 9, 12, 0), 0, 7, CHICAGO)) == date(2026, 3, 8)
    assert week_before(latest_due(utc(2026, 3, 15, 14, 0), 6, 7, CHICAGO)) == date(2026, 3, 8)
