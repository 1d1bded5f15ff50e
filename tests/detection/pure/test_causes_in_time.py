"""Innocent causes that have a date of their own: the calendar, schedules, our releases, meanings of codes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.detection.pure.changes import late_payer, low_payer, payer_change, rulings, wins
from tests.detection.pure.practices import NOW, ONSET, PAYER, Practice
from tests.detection.pure.worlds import START, World
from upstream.detection.calendar.rules import Event
from upstream.detection.causes.context import Context, Doubt, Move, NewMeaning, Silence
from upstream.detection.causes.verdict import Cause, Ruling
from upstream.detection.choices import EventEffect
from upstream.detection.rules import DELAY, UNDERPAYMENT
from upstream.detection.triangle import ONE_WEEK

ONSET_DAY: date = (START + ONSET * ONE_WEEK).astype(date)


def test_late_answers_of_a_holiday_are_the_calendars() -> None:
    made = Practice(World(a_week=300))
    world = made.world
    first = ONSET_DAY.isoformat()
    resting = np.isin(world.decided, (65, 66)) & made.mine & (world.rng.random(len(world.lag)) < 0.8)
    world.lag = np.where(resting, world.lag + 2, world.lag)
    holiday = (START + 65 * ONE_WEEK).astype(date)
    made.context = Context(events=(Event("Independence Day", "holiday", holiday, holiday, EventEffect.NOTE),))
    assert first
    wins(made, Cause.CALENDAR, DELAY)


def test_an_outage_that_is_over_explains_what_fell_into_it() -> None:
    made = Practice()
    world = made.world
    world.deny_more(made.mine & np.isin(world.decided, (62, 63)), 0.5)
    days = [(START + week * ONE_WEEK).astype(date) for week in (62, 63)]
    made.context = Context(events=(Event("Portal outage", "outage", days[0], days[1], EventEffect.NOTE),))
    wins(made, Cause.CALENDAR)


@pytest.mark.parametrize(("kind", "ruling"), [("outage", Ruling.RULED_OUT), ("holiday", Ruling.RULED_OUT)])
def test_a_change_that_goes_on_after_an_event_is_not_the_calendars(kind: str, ruling: Ruling) -> None:
    made = payer_change()
    day = (START + ONSET * ONE_WEEK).astype(date)
    made.context = Context(events=(Event("It", kind, day, day, EventEffect.NOTE),))
    assert made.verdicts()["calendar"].ruling is ruling


def test_a_new_plan_year_is_at_most_possible() -> None:
    made = payer_change()
    last = (START + NOW * ONE_WEEK).astype(date)
    made.context = Context(events=(Event("New plan year", "plan_year", ONSET_DAY, last, EventEffect.NOTE),))
    assert made.verdicts()["calendar"].ruling is Ruling.POSSIBLE


def test_one_ratio_for_all_procedures_at_the_new_year_is_a_fee_schedule() -> None:
    made = Practice(World(a_week=200, weeks=70))
    shift = 53 - ONSET  # 6 January 2025 is 53 weeks after the start of the world
    world = made.world
    world.allowed = world.allowed * np.where((world.payer == PAYER) & (world.decided >= 53), 0.85, 1.0)
    judged = made.judged(UNDERPAYMENT, week=57)
    assert shift < 0
    assert (judged.cause, rulings(judged)["fee_schedule"]) == (Cause.SCHEDULE, Ruling.EXPLAINS)


def test_one_ratio_in_the_middle_of_a_quarter_is_possible_and_some_procedures_are_not() -> None:
    assert low_payer().verdicts(UNDERPAYMENT)["fee_schedule"].ruling is Ruling.POSSIBLE
    assert low_payer(codes=(0,)).verdicts(UNDERPAYMENT)["fee_schedule"].ruling in (Ruling.RULED_OUT, Ruling.UNKNOWN)


def read_anew(made: Practice, share: float) -> Practice:
    """Part of the files of claims are read by a mapping since some weeks."""
    anew = made.mine & (made.world.submitted >= 58) & (made.world.rng.random(len(made.raw)) < share)
    made.file = np.where(anew, made.file + 5000, made.file)
    made.readers = dict.fromkeys(np.unique(made.file[anew]).tolist(), "mapping Export, version 2")
    return made


def test_denials_of_claims_read_in_a_new_way_are_our_release() -> None:
    made = read_anew(Practice(), 0.4)
    made.world.deny_more(made.file > 5000, 0.7)
    judged = made.judged()
    assert rulings(judged)["our_release"] == Ruling.EXPLAINS
    assert judged.cause == Cause.RELEASE


def test_a_new_reader_is_ruled_out_where_the_old_one_shows_it_too() -> None:
    assert read_anew(payer_change(), 0.4).verdicts()["our_release"].ruling is Ruling.RULED_OUT


def test_a_method_that_is_new_may_be_why_it_is_told_now() -> None:
    made = payer_change()
    made.context = Context(method_since=(START + NOW * ONE_WEEK).astype(date))
    assert made.verdicts()["our_release"].ruling is Ruling.POSSIBLE
    made.context = Context(method_since=date(2025, 1, 1))
    assert made.verdicts()["our_release"].ruling is Ruling.RULED_OUT


@pytest.mark.parametrize(("carc", "ruling"), [("197", Ruling.EXPLAINS), ("16", Ruling.RULED_OUT)])
def test_a_code_with_a_new_meaning_explains_its_own_denials(carc: str, ruling: Ruling) -> None:
    made = Practice()
    made.world.deny_more(made.late, 0.3, reason=1)
    made.context = Context(meanings=(NewMeaning(carc, ONSET_DAY, own=True),))
    assert made.verdicts()["new_meaning"].ruling is ruling


def test_an_old_meaning_of_a_code_has_no_part_in_it() -> None:
    made = payer_change()
    made.context = Context(meanings=(NewMeaning("197", date(2025, 1, 1), own=False),))
    assert made.verdicts()["new_meaning"].ruling is Ruling.RULED_OUT


def test_what_a_run_remembers_gives_the_same_context() -> None:
    whole = Context(
        events=(Event("It", "outage", ONSET_DAY, None, EventEffect.MASK, (PAYER,)),),
        moves=(Move((1, 2), (3,), ONSET_DAY),),
        meanings=(NewMeaning("197", ONSET_DAY, own=True),),
        silences={1: Silence(ONSET_DAY, 3, 2.5, 0.001)},
        doubts=(Doubt("cut_off", 5, None, 3),),
        medicaid=frozenset({4}),
        method_since=ONSET_DAY,
    )
    assert Context.of(whole.kept()).kept() == whole.kept()
    assert Context.of({}).kept() == Context().kept() == {}


@pytest.mark.parametrize("world", [payer_change, late_payer, low_payer])
def test_row_order_changes_no_verdict(world: Callable[[], Practice]) -> None:
    family = {payer_change: "denial", late_payer: DELAY, low_payer: UNDERPAYMENT}[world]
    made = world()
    view, draft = made.view(), made.draft(family)
    from upstream.detection.causes.judge import judge

    order = made.world.rng.permutation(len(view.claims.claim))
    shuffled = replace(view, claims=view.claims.at(order))
    behind = np.array([], dtype=np.int64)
    one, two = (judge(v, draft, behind, made.context, made.books()) for v in (view, shuffled))
    assert [v.kept() for v in one.verdicts] == [v.kept() for v in two.verdicts]
