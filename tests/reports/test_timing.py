"""Schedules in words: read, said back, and the instants that they name, over both switches of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstream.core.errors import Invalid
from upstream.reports.choices import Only
from upstream.reports.timing import Timing, latest, upcoming
from upstream.reports.timing_words import EXAMPLES, read, words_of
from upstream.reports.timing_words import given as sayable

CHICAGO = "America/Chicago"


@pytest.mark.parametrize(
    ("words", "cron", "only", "said"),
    [
        ("Mondays 07:00", "0 7 * * 1", "", "Mondays 07:00"),
        ("every monday at 7am", "0 7 * * 1", "", "Mondays 07:00"),
        ("Mondays and Thursdays 16:30", "30 16 * * 1,4", "", "Mondays and Thursdays 16:30"),
        ("mon, wed, fri 6:05 PM", "5 18 * * 1,3,5", "", "Mondays, Wednesdays and Fridays 18:05"),
        ("every weekday 06:30", "30 6 * * 1-5", "", "every weekday 06:30"),
        ("every working day 06:30", "30 6 * * 1-5", "each", "every working day 06:30"),
        ("daily 06:00", "0 6 * * *", "", "daily 06:00"),
        ("every day 12am", "0 0 * * *", "", "daily 00:00"),
        ("first working day of the month 08:00", "0 8 * * *", "first", "first working day of the month 08:00"),
        ("last business day of each quarter 5pm", "0 17 * 3,6,9,12 *", "last", "last working day of the quarter 17:00"),
        ("first Monday of the month 08:00", "0 8 * * 1#1", "", "first Monday of the month 08:00"),
        ("last friday of the month 08:00", "0 8 * * 5L", "", "last Friday of the month 08:00"),
        ("on the 1st and 15th of the month at 08:00", "0 8 1,15 * *", "", "1st and 15th of the month 08:00"),
        ("last day of the month 18:00", "0 18 L * *", "", "last day of the month 18:00"),
        ("2nd of the quarter 09:15", "15 9 2 1,4,7,10 *", "", "2nd of the quarter 09:15"),
    ],
)  # fmt: skip
def test_words_are_kept_as_cron_and_said_back(words: str, cron: str, only: str, said: str) -> None:
    timing = read(words, CHICAGO)
    assert (timing.cron, timing.only, words_of(timing)) == (cron, only, f"{said} {CHICAGO}")


def test_a_zone_may_be_said_with_the_words() -> None:
    assert read("Mondays 07:00 America/New_York", CHICAGO) == Timing("0 7 * * 1", "America/New_York")


def test_cron_itself_is_understood_and_said_in_its_own_words() -> None:
    timing = read("15 6 * 1-3 1-5", CHICAGO)
    assert sayable(timing) == timing.cron == "15 6 * 1-3 1-5"
    assert words_of(timing) == f"At 06:15 on Monday through Friday in every month from January through March {CHICAGO}"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("whenever", "say it like"), ("Mondays", "say it like"), ("Mondays 7", "say it like"), ("", "say it like"),
        ("Moondays 07:00", "say it like"), ("Mondays 24:00", "no such time"), ("daily 07:60", "no such time"),
        ("daily 13pm", "no such time"), ("32nd of the month 08:00", "from the 1st to the 31st"),
        ("sixth monday of the month 08:00", "say it like"), ("* * * * *", "say it like"),
        ("0,30 7 * * *", "say it like"),
        ("0 8 30 2 *", "no day answers"), ("daily 07:00 Mars/Olympus", "no time zone 'Mars/Olympus'"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_how_to_say_it(words: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        read(words, CHICAGO)


def instants(words: str, after: datetime, count: int = 3) -> list[str]:
    return [moment.strftime("%a %Y-%m-%d %H:%MZ") for moment in upcoming(read(words, CHICAGO), after, count)]


def test_the_hour_stays_the_practices_own_when_the_clocks_change() -> None:
    """8 March and 1 November 2026: 07:00 in Chicago is 13:00 UTC in winter and 12:00 in summer."""
    assert instants("Mondays 07:00", datetime(2026, 2, 28, tzinfo=UTC)) == [
        "Mon 2026-03-02 13:00Z", "Mon 2026-03-09 12:00Z", "Mon 2026-03-16 12:00Z",
    ]  # fmt: skip
    assert instants("Mondays 07:00", datetime(2026, 10, 25, 12, tzinfo=UTC)) == [
        "Mon 2026-10-26 12:00Z", "Mon 2026-11-02 13:00Z", "Mon 2026-11-09 13:00Z",
    ]  # fmt: skip


def test_an_hour_that_is_left_out_comes_when_the_clocks_have_moved() -> None:
    assert instants("daily 02:30", datetime(2026, 3, 7, 12, tzinfo=UTC)) == [
        "Sun 2026-03-08 08:00Z", "Mon 2026-03-09 07:30Z", "Tue 2026-03-10 07:30Z",
    ]  # fmt: skip


def test_an_hour_that_comes_twice_counts_once() -> None:
    assert instants("daily 01:30", datetime(2026, 10, 31, 12, tzinfo=UTC)) == [
        "Sun 2026-11-01 06:30Z", "Mon 2026-11-02 07:30Z", "Tue 2026-11-03 07:30Z",
    ]  # fmt: skip
    for now in (datetime(2026, 11, 1, 6, 45, tzinfo=UTC), datetime(2026, 11, 1, 7, 45, tzinfo=UTC)):
        assert latest(read("daily 01:30", CHICAGO), now) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_the_first_working_day_is_neither_a_weekend_nor_a_holiday() -> None:
    """1 January 2027 is a holiday on a Friday; 1 August 2026 a Saturday; 1 September 2026 a Tuesday."""
    assert instants("first working day of the month 08:00", datetime(2026, 7, 31, 22, tzinfo=UTC), 6) == [
        "Mon 2026-08-03 13:00Z", "Tue 2026-09-01 13:00Z", "Thu 2026-10-01 13:00Z", "Mon 2026-11-02 14:00Z",
        "Tue 2026-12-01 14:00Z", "Mon 2027-01-04 14:00Z",
    ]  # fmt: skip


def test_the_moment_itself_is_the_latest_and_a_second_before_it_is_not() -> None:
    timing, seven = read("Mondays 07:00", CHICAGO), datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert latest(timing, seven) == seven
    assert latest(timing, seven + timedelta(seconds=30)) == seven
    assert latest(timing, seven - timedelta(seconds=1)) == datetime(2026, 2, 23, 13, tzinfo=UTC)


TIMES = st.builds(lambda hour, minute: f"{minute} {hour}", st.integers(0, 23), st.integers(0, 59))
DAYS = st.one_of(
    st.tuples(st.sets(st.integers(0, 6), min_size=1, max_size=6), st.just(Only.ANY)).map(
        lambda said: ("* * " + ",".join(map(str, sorted(said[0]))), said[1])
    ),
    st.tuples(st.sets(st.integers(1, 28), min_size=1, max_size=4), st.sampled_from(["*", "1,4,7,10"])).map(
        lambda said: (f"{','.join(map(str, sorted(said[0])))} {said[1]} *", Only.ANY)
    ),
    st.sampled_from([
        ("* * *", Only.ANY), ("* * 1-5", Only.ANY), ("* * 1-5", Only.EACH), ("* * *", Only.FIRST), ("* * *", Only.LAST),
        ("* 1,4,7,10 *", Only.FIRST), ("* 3,6,9,12 *", Only.LAST), ("L * *", Only.ANY), ("L 3,6,9,12 *", Only.ANY),
        ("* * 2#3", Only.ANY), ("* * 0L", Only.ANY),
    ]),
)  # fmt: skip
TIMINGS = st.builds(
    lambda time, days, zone: Timing(f"{time} {days[0]}", zone, days[1]),
    TIMES, DAYS, st.sampled_from([CHICAGO, "America/Phoenix", "Pacific/Honolulu", "UTC"]),
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@settings(deadline=None)
@given(TIMINGS)
def test_what_is_said_back_means_the_same(timing: Timing) -> None:
    assert read(words_of(timing), "UTC") == timing
    assert read(sayable(timing), timing.zone) == timing


@settings(max_examples=60, deadline=None)
@given(TIMINGS, MOMENTS)
def test_moments_follow_one_another_and_now_lies_between_two(timing: Timing, now: datetime) -> None:
    before, after = latest(timing, now), upcoming(timing, now, 3)
    assert before is not None
    assert before <= now < after[0] < after[1] < after[2]
    assert upcoming(timing, before, 1) == after[:1]
    minute, hour = map(int, timing.cron.split()[:2])
    for moment in (before, *after):
        here = moment.astimezone(ZoneInfo(timing.zone))
        left_out = here.replace(hour=hour, minute=minute).astimezone(UTC).astimezone(ZoneInfo(timing.zone)).hour != hour
        assert (here.hour, here.minute) == (hour, minute) or left_out


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_other_words_are_refused_and_never_break(words: str) -> None:
    try:
        timing = read(words, CHICAGO)
    except Invalid:
        return
    assert upcoming(timing, datetime(2026, 1, 1, tzinfo=UTC), 1)


def test_every_example_on_the_page_is_understood() -> None:
    assert [words_of(read(words, "UTC")) for words in EXAMPLES] == [f"{words} UTC" for words in EXAMPLES]
