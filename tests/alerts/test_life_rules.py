"""Marks, snoozes and the day by which a rate should have returned: the instants, one by one."""

from datetime import date, timedelta

import pytest

from upstream.alerts.choices import IncidentState
from upstream.alerts.life_rules import (
    Figures,
    Mark,
    Seen,
    Snooze,
    WeekSeen,
    checked_return,
    checked_snooze,
    comes_back,
    is_off,
    mentioned,
    weeks_to_judge,
    why_awake,
)
from upstream.alerts.rules import BY_ITSELF, CLOSED, MOVES
from upstream.core.errors import Invalid

TODAY = date(2026, 3, 2)
NOW = Figures(100_000, 0.45)


def test_the_whole_table_of_moves() -> None:
    after = {
        "new": "acknowledged false monitoring resolved waiting working",
        "acknowledged": "false monitoring resolved waiting working",
        "working": "false monitoring resolved waiting",
        "waiting": "false monitoring resolved working",
        "monitoring": "false resolved waiting working",
        "resolved": "working",
        "false": "working",
    }
    assert {state.value: " ".join(sorted(to)) for state, to in MOVES.items()} == after
    by_itself = dict.fromkeys(after, "new resolved") | {
        "monitoring": "new resolved working", "resolved": "new", "false": "new",
    }  # fmt: skip
    assert {state.value: " ".join(sorted(to)) for state, to in BY_ITSELF.items()} == by_itself


def test_every_state_has_its_moves_and_a_closed_one_is_never_moved_on_but_opened() -> None:
    assert set(MOVES) == set(BY_ITSELF) == set(IncidentState)
    assert {to for state in CLOSED for to in MOVES[state]} == {IncidentState.WORKING}
    assert all(state not in MOVES[state] for state in IncidentState)
    assert {state for state, to in BY_ITSELF.items() if IncidentState.WORKING in to} == {IncidentState.MONITORING}


@pytest.mark.parametrize(
    ("snooze", "field"),
    [
        (Snooze(), "until"),
        (Snooze(until=TODAY), "until"),
        (Snooze(until=TODAY + timedelta(days=367)), "until"),
        (Snooze(money_cents=100_000), "money"),
        (Snooze(rate=0.45), "rate"),
        (Snooze(until=date(2026, 3, 9), money_cents=1), "money"),
    ],
)
def test_a_snooze_that_never_ends_or_has_ended_is_refused(snooze: Snooze, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_snooze(snooze, NOW, TODAY)
    assert refused.value.code == field


@pytest.mark.parametrize(
    ("snooze", "now", "today", "why"),
    [
        (Snooze(until=date(2026, 3, 9)), NOW, date(2026, 3, 8), ""),
        (Snooze(until=date(2026, 3, 9)), NOW, date(2026, 3, 9), "the day has come: 9 March 2026"),
        (Snooze(until=date(2026, 3, 9)), NOW, date(2026, 3, 20), "the day has come: 9 March 2026"),
        (Snooze(money_cents=500_000), Figures(500_000, 0.45), date(2027, 1, 1), ""),
        (Snooze(money_cents=500_000), Figures(500_001, 0.45), TODAY, "the money has passed its mark of $5,000"),
        (Snooze(rate=0.5), Figures(1, 0.5), TODAY, ""),
        (Snooze(rate=0.5), Figures(1, 0.501), TODAY, "the rate has passed its mark"),
        (Snooze(rate=0.8), Figures(1, 0.81, falls=True), TODAY, ""),
        (Snooze(rate=0.8), Figures(1, 0.79, falls=True), TODAY, "the rate has passed its mark"),
        (Snooze(date(2026, 6, 1), 500_000, 0.5), Figures(1, 0.6), TODAY, "the rate has passed its mark"),
        (Snooze(), Figures(10**9, 1.0), date(2030, 1, 1), ""),
    ],
)
def test_it_sleeps_until_the_first_of_its_ends(snooze: Snooze, now: Figures, today: date, why: str) -> None:
    assert why_awake(snooze, now, today) == why


@pytest.mark.parametrize(
    ("seen", "back"),
    [
        (Seen(0.5, 0.6, 1_000), False),
        (Seen(0.501, 0.6, 0), True),
        (Seen(0.1, 0.2, 1_000.5), True),
        (Seen(0.6, 0.7, 0, falls=True), False),
        (Seen(0.4, 0.5, 0, falls=True), False),
        (Seen(0.3, 0.49, 0, falls=True), True),
    ],
)
def test_what_people_closed_comes_back_only_past_its_mark(seen: Seen, back: bool) -> None:
    assert comes_back(Mark(rate=0.5, annual_cents=1_000), seen) is back


# 1 March 2026 is a Sunday, and 8 March the first day of daylight-saving time in Chicago; weeks are of dates alone.
@pytest.mark.parametrize(
    ("began", "return_by", "as_of", "last_week", "judged"),
    [
        # Put under watch on a Sunday for four weeks: the two newest complete weeks, on that Sunday and not before.
        ("2026-03-01", "2026-03-29", "2026-03-28", "2026-03-16", []),
        ("2026-03-01", "2026-03-29", "2026-03-29", "2026-03-23", ["2026-03-16", "2026-03-23"]),
        # On a Wednesday: its day falls into a week that is not complete; the two before it are judged.
        ("2026-03-04", "2026-04-01", "2026-03-31", "2026-03-23", []),
        ("2026-03-04", "2026-04-01", "2026-04-01", "2026-03-23", ["2026-03-16", "2026-03-23"]),
        # A short watch has one week to judge, never the one in which it began.
        ("2026-03-04", "2026-03-15", "2026-03-15", "2026-03-09", ["2026-03-09"]),
        # A look long after the day judges the newest weeks then.
        ("2026-03-01", "2026-03-29", "2026-05-31", "2026-05-25", ["2026-05-18", "2026-05-25"]),
        # Over the turn of a year and a leap day.
        ("2027-12-20", "2028-01-09", "2028-01-09", "2028-01-03", ["2027-12-27", "2028-01-03"]),
        ("2028-02-14", "2028-02-29", "2028-02-29", "2028-02-21", ["2028-02-21"]),
    ],
)
def test_the_weeks_that_tell_whether_a_rate_has_returned(
    began: str, return_by: str, as_of: str, last_week: str, judged: list[str]
) -> None:
    days = (date.fromisoformat(day) for day in (began, return_by, as_of, last_week))
    assert [day.isoformat() for day in weeks_to_judge(*days)] == judged


@pytest.mark.parametrize(
    ("began", "asked", "kept"),
    [
        (date(2026, 3, 1), None, date(2026, 3, 29)),
        (date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 8)),
        (date(2026, 3, 2), date(2026, 3, 15), date(2026, 3, 15)),
        (date(2026, 3, 2), date(2027, 3, 3), date(2027, 3, 3)),
    ],
)
def test_a_watch_lasts_four_weeks_unless_said_otherwise(began: date, asked: date | None, kept: date) -> None:
    assert checked_return(began, asked) == kept


@pytest.mark.parametrize("asked", [date(2026, 3, 14), date(2026, 3, 2), date(2027, 3, 4)])
def test_a_watch_takes_one_whole_week_at_least_and_a_year_at_most(asked: date) -> None:
    with pytest.raises(Invalid, match="from 15 March 2026, when one whole week is over, to a year ahead"):
        checked_return(date(2026, 3, 2), asked)


def test_a_rate_is_off_only_where_every_week_surely_is() -> None:
    high, touching, low = WeekSeen(0.2, 0.4, 0.1), WeekSeen(0.1, 0.4, 0.1), WeekSeen(0.01, 0.05, 0.1)
    assert is_off([high, high], falls=False)
    assert not is_off([high, touching], falls=False)
    assert not is_off([], falls=False)
    assert is_off([low], falls=True)
    assert not is_off([high], falls=True)


def test_an_at_sign_names_people_and_nothing_inside_a_word_does() -> None:
    text = "@Ana, please ask @ben.ito. Not ana@payer.test, @@ana or a/@ben.ito; @nobody @ana again."
    assert mentioned(text, {"ana", "ben.ito"}) == (["ana", "ben.ito"], ["nobody"])
