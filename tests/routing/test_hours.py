"""Times of day as instants, across both nights on which the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstream.routing.hours import (
    Office,
    Quiet,
    Turns,
    after_working,
    free_at,
    instant,
    next_time,
    quiet_until,
    week_began,
)

CHICAGO, BERLIN, KATHMANDU = "America/Chicago", "Europe/Berlin", "Asia/Kathmandu"
# In Chicago the clocks went from 2:00 to 3:00 on 8 March 2026 and from 2:00 back to 1:00 on 1 November 2026.
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
NIGHT = Quiet(CHICAGO, time(22), time(7))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]  # the parts of a moment


@pytest.mark.parametrize(
    ("day", "at", "last", "expected"),
    [
        (date(2026, 3, 7), time(2, 30), False, utc(2026, 3, 7, 8, 30)),
        (SPRING, time(1, 59), False, utc(2026, 3, 8, 7, 59)),
        (SPRING, time(2, 30), False, utc(2026, 3, 8, 8)),
        (SPRING, time(2, 30), True, utc(2026, 3, 8, 8)),
        (SPRING, time(3), False, utc(2026, 3, 8, 8)),
        (AUTUMN, time(1, 30), False, utc(2026, 11, 1, 6, 30)),
        (AUTUMN, time(1, 30), True, utc(2026, 11, 1, 7, 30)),
        (AUTUMN, time(2), False, utc(2026, 11, 1, 8)),
    ],
)
def test_a_time_of_day_is_one_moment(day: date, at: time, last: bool, expected: datetime) -> None:
    assert instant(day, at, CHICAGO, last=last) == expected


@pytest.mark.parametrize(
    ("now", "free"),
    [
        # An ordinary winter night: 22:00 to 7:00 is 4:00 to 13:00 in UTC.
        (utc(2026, 3, 7, 3, 59), utc(2026, 3, 7, 3, 59)),
        (utc(2026, 3, 7, 4), utc(2026, 3, 7, 13)),
        (utc(2026, 3, 7, 12, 59), utc(2026, 3, 7, 13)),
        (utc(2026, 3, 7, 13), utc(2026, 3, 7, 13)),
        # The night that is an hour shorter: 4:00 to 12:00.
        (utc(2026, 3, 8, 4), utc(2026, 3, 8, 12)),
        (utc(2026, 3, 8, 12), utc(2026, 3, 8, 12)),
        # The next evening already on summer time: 3:00.
        (utc(2026, 3, 9, 2, 59), utc(2026, 3, 9, 2, 59)),
        (utc(2026, 3, 9, 3), utc(2026, 3, 9, 12)),
        # The night that is an hour longer: 3:00 to 13:00.
        (utc(2026, 11, 1, 2, 59), utc(2026, 11, 1, 2, 59)),
        (utc(2026, 11, 1, 3), utc(2026, 11, 1, 13)),
        (utc(2026, 11, 1, 12, 30), utc(2026, 11, 1, 13)),
    ],
)
def test_quiet_nights_across_both_changes(now: datetime, free: datetime) -> None:
    assert free_at(now, NIGHT) == free


def test_quiet_that_ends_in_the_hour_that_does_not_come_ends_when_the_clocks_jump() -> None:
    assert free_at(utc(2026, 3, 8, 7, 30), Quiet(CHICAGO, time(0), time(2, 30))) == utc(2026, 3, 8, 8)


def test_quiet_that_ends_in_the_hour_that_comes_twice_ends_the_second_time() -> None:
    assert free_at(utc(2026, 11, 1, 6, 45), Quiet(CHICAGO, time(23), time(1, 30))) == utc(2026, 11, 1, 7, 30)


def test_whole_days_and_a_persons_own_hours_come_together() -> None:
    weekend = Quiet(CHICAGO, days=frozenset({5, 6}))
    mine = Quiet(BERLIN, time(12), time(16))
    # Monday 2 March, 0:00 in Chicago is 7:00 in Berlin, which is not quiet there.
    assert free_at(utc(2026, 2, 28, 15), weekend, mine) == utc(2026, 3, 2, 6)
    # At 12:00 UTC on that Monday it is 13:00 in Berlin.
    assert free_at(utc(2026, 3, 2, 12), weekend, mine) == utc(2026, 3, 2, 15)


def test_quiet_for_ever_ends_after_two_weeks() -> None:
    noon, midnight = Quiet(CHICAGO, time(0), time(12)), Quiet(CHICAGO, time(12), time(0))
    assert timedelta(days=14) < free_at(utc(2026, 3, 2, 12), noon, midnight) - utc(2026, 3, 2, 12) < timedelta(days=17)


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), st.times(), st.times(),
    st.sampled_from([CHICAGO, BERLIN, KATHMANDU, "Australia/Lord_Howe", "America/Santiago"]),
)  # fmt: skip
def test_nobody_is_disturbed_in_quiet_hours(naive: datetime, start: time, end: time, zone: str) -> None:
    now = naive.replace(tzinfo=UTC)
    quiet = Quiet(zone, start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))
    free = free_at(now, quiet)
    assert quiet_until(free, quiet) is None
    assert timedelta(0) <= free - now <= timedelta(hours=25)
    assert free == now or quiet_until(now, quiet) is not None


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        # Friday 6 March 16:00 in Chicago: one hour is left, three go into Monday, which begins on summer time.
        (utc(2026, 3, 6, 22), 4, utc(2026, 3, 9, 16)),
        (utc(2026, 3, 6, 22), 1, utc(2026, 3, 6, 23)),
        (utc(2026, 3, 7, 15), 2, utc(2026, 3, 9, 15)),
        (utc(2026, 3, 9, 10), 2, utc(2026, 3, 9, 15)),
        (utc(2026, 3, 9, 13), 20, utc(2026, 3, 11, 15)),
    ],
)
def test_hours_of_work_are_counted_while_somebody_works(now: datetime, hours: int, due: datetime) -> None:
    assert after_working(now, hours, Office(CHICAGO)) == due


def test_the_digests_next_morning() -> None:
    assert next_time(utc(2026, 3, 7, 13, 59), time(8), CHICAGO) == utc(2026, 3, 7, 14)
    assert next_time(utc(2026, 3, 7, 14), time(8), CHICAGO) == utc(2026, 3, 8, 13)
    assert next_time(utc(2026, 3, 8, 7), time(2, 30), CHICAGO) == utc(2026, 3, 8, 8)


def test_a_week_begins_on_monday_there() -> None:
    assert week_began(utc(2026, 3, 9, 4, 59), CHICAGO) == utc(2026, 3, 2, 6)
    assert week_began(utc(2026, 3, 9, 5), CHICAGO) == utc(2026, 3, 9, 5)


TURNS = Turns(CHICAGO, 0, time(8), date(2026, 2, 24), (11, 12, 13))
ALL = frozenset({11, 12, 13})


@pytest.mark.parametrize(
    ("now", "person"),
    [
        (utc(2026, 2, 1), 11),
        (utc(2026, 3, 2, 13, 59), 11),
        (utc(2026, 3, 2, 14), 11),
        # The clocks have changed on Sunday: the handover at 8:00 is an hour earlier.
        (utc(2026, 3, 9, 12, 59), 11),
        (utc(2026, 3, 9, 13), 12),
        (utc(2026, 3, 16, 13), 13),
        (utc(2026, 3, 23, 13), 11),
        (utc(2026, 11, 2, 13, 59), 12),
        (utc(2026, 11, 2, 14), 13),
    ],
)
def test_turns_are_handed_over_at_their_hour(now: datetime, person: int) -> None:
    assert TURNS.on_call(now, ALL) == person


def test_a_substitute_has_one_week_and_no_other() -> None:
    turns = replace(TURNS, substitutes={TURNS.day_of(1): 13})
    assert [turns.on_call(turns.handover(number), ALL) for number in range(4)] == [11, 13, 13, 11]
    assert turns.on_call(turns.handover(1), frozenset({11, 12})) == 12
    assert turns.usually(1, ALL) == 12


def test_who_has_left_is_passed_over() -> None:
    assert TURNS.on_call(utc(2026, 3, 9, 13), frozenset({11, 13})) == 13
    assert TURNS.on_call(utc(2026, 3, 9, 13), frozenset()) is None
