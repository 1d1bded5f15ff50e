from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.core.errors import Invalid
from upstream.ingestion.sources.schedule import next_after, parse

CHICAGO = "America/Chicago"


def local(text: str, zone: str = CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("words", "after", "due"),
    [
        ("hourly", "2026-03-02T15:00", "2026-03-02T16:00"),
        ("every 15 minutes", "2026-03-02T15:59", "2026-03-02T16:00"),
        ("every 2 hours", "2026-03-02T22:01", "2026-03-03T00:00"),
        ("daily 06:15", "2026-03-02T06:15", "2026-03-03T06:15"),
        ("Daily  at 6:15", "2026-03-02T06:14", "2026-03-02T06:15"),
        ("weekdays 07:30", "2026-03-06T08:00", "2026-03-09T07:30"),
        ("0 9 1 * *", "2026-03-02T00:00", "2026-04-01T09:00"),
        ("0 9 13 * fri", "2026-03-02T00:00", "2026-03-06T09:00"),
        ("30 8-10/2 * jan-mar 1,3", "2026-03-30T08:30", "2026-03-30T10:30"),
        ("0 0 29 2 *", "2026-03-02T00:00", "2028-02-29T00:00"),
        ("0 6 * * 7", "2026-03-02T00:00", "2026-03-08T06:00"),
        # The clocks leave out 02:30 on 8 March: it comes at once after. They show 01:30 twice on 1 November.
        ("30 2 * * *", "2026-03-07T12:00", "2026-03-08T03:00"),
        ("30 1 * * *", "2026-10-31T12:00", "2026-11-01T01:30"),
    ],
)
def test_next_time(words: str, after: str, due: str) -> None:
    assert next_after(parse(words), local(after), CHICAGO) == local(due)


def test_an_hour_that_comes_twice_counts_once() -> None:
    first = next_after(parse("30 1 * * *"), local("2026-10-31T12:00"), CHICAGO)
    assert next_after(parse("30 1 * * *"), first, CHICAGO) == local("2026-11-02T01:30")


@pytest.mark.parametrize(
    "words", ["", "soon", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "0 0 31 2 *", "0 0 0 * *", "x * * * *"]
)
def test_what_is_no_schedule_is_refused(words: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(words)
    assert refused.value.code == "bad_schedule"


@given(
    st.integers(0, 59), st.integers(0, 23), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    st.sampled_from([CHICAGO, "UTC", "Australia/Lord_Howe", "America/Phoenix"]),
)  # fmt: skip
def test_daily_is_never_missed_nor_doubled(minute: int, hour: int, after: datetime, zone: str) -> None:
    moment = after.replace(tzinfo=UTC)
    due = next_after(parse(f"{minute} {hour} * * *"), moment, zone)
    there = due.astimezone(ZoneInfo(zone))
    assert moment < due <= moment + timedelta(hours=25)
    assert (there.hour, there.minute) == (hour, minute) or _left_out(there, hour, minute)


def _left_out(there: datetime, hour: int, minute: int) -> bool:
    """Whether the clocks pass over that time of the day."""
    wanted = there.replace(hour=hour, minute=minute, fold=0)
    return wanted.astimezone(UTC).astimezone(there.tzinfo).time() != wanted.time()
