"""Of each innocent cause a practice in which it makes the change, and one in which the payer does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.detection.pure.practices import NOW, ONSET, OTHER_NAME, PAYER, Practice
from tests.detection.pure.worlds import START, World
from upstream.detection.calendar.rules import Event
from upstream.detection.causes.context import Context, Doubt, Move, NewMeaning, Silence
from upstream.detection.causes.judge import Judged
from upstream.detection.causes.verdict import Cause, Ruling
from upstream.detection.choices import EventEffect
from upstream.detection.rules import DELAY, UNDERPAYMENT
from upstream.detection.triangle import ONE_WEEK

ONSET_DAY: date = (START + ONSET * ONE_WEEK).astype(date)


def payer_change(share: float = 0.3) -> Practice:
    """The payer denies more of everything since the onset, and nothing else is new."""
    made = Practice()
    made.world.deny_more(made.late, share, reason=1)
    return made


def late_payer() -> Practice:
    """The payer answers two weeks later since the onset."""
    made = Practice(World(a_week=200))
    world = made.world
    slow = (world.payer == PAYER) & (world.decided >= ONSET)
    world.lag = world.lag + np.where(slow, 2, 0)
    return made


def low_payer(share: float = 0.85, week: int = ONSET, codes: tuple[int, ...] = (0, 1, 2)) -> Practice:
    """Since a week the payer allows less of these procedures."""
    made = Practice()
    world = made.world
    cut = (world.payer == PAYER) & (world.decided >= week) & np.isin(world.code, codes)
    world.allowed = world.allowed * np.where(cut, share, 1.0)
    return made


def rulings(judged: Judged) -> dict[str, str]:
    return {str(verdict.cause): str(verdict.ruling) for verdict in judged.verdicts}


def wins(made: Practice, cause: Cause, family: str = "denial") -> None:
    judged = made.judged(family)
    told = {v.cause: (str(v.ruling), v.share, v.numbers, v.words) for v in judged.verdicts}
    assert judged.cause == cause, told[cause]
    assert told[cause][0] == Ruling.EXPLAINS


def test_a_payers_change_has_no_innocent_cause() -> None:
    judged = payer_change().judged()
    assert judged.cause == ""
    assert set(rulings(judged)) == {str(cause) for cause in Cause}
    assert {name for name, ruling in rulings(judged).items() if ruling != Ruling.RULED_OUT} == set()


def test_a_change_of_one_procedure_has_no_innocent_cause() -> None:
    made = Practice()
    made.world.deny_more(made.late & (made.world.code == 1), 0.5, reason=1)
    judged = made.judged()
    assert (judged.cause, rulings(judged)["procedure_mix"]) == ("", Ruling.RULED_OUT)


def test_each_verdict_says_its_numbers_in_words() -> None:
    for made, family in ((payer_change(), "denial"), (late_payer(), DELAY), (low_payer(), UNDERPAYMENT)):
        for verdict in made.judged(family).verdicts:
            assert verdict.words.endswith(".")
            assert verdict.numbers or verdict.ruling is Ruling.UNKNOWN
            assert "nan" not in verdict.numbers + verdict.words


def test_denials_of_claims_from_one_file_are_a_bad_batch() -> None:
    made = Practice()
    made.file = np.where(made.mine, made.world.submitted + 1, made.file)
    bad = made.mine & (made.file == 61)
    made.world.deny_more(bad, 0.8)
    wins(made, Cause.BATCH)


def test_denials_of_one_remittance_are_a_bad_batch() -> None:
    made = Practice()
    world = made.world
    bad = made.mine & (world.decided == 63) & (made.day == 2)
    made.payment = np.where(bad, 5, np.where(made.mine, 6 + world.decided * 5 + made.day, 0))
    world.deny_more(bad, 1.0)
    made.world.deny_more(made.mine & (world.decided == 64) & (made.day == 2), 0.0)
    wins(made, Cause.BATCH)


def test_claims_of_one_file_that_nobody_answered_are_a_bad_batch() -> None:
    made = Practice()
    lost = made.mine & np.isin(made.world.submitted, (60, 61, 62))
    made.file = np.where(lost & (made.world.rng.random(len(lost)) < 0.6), 999, made.file)
    made.world.lag = np.where(made.file == 999, 40, made.world.lag)
    judged = made.judged(DELAY)
    assert rulings(judged)["one_batch"] == Ruling.EXPLAINS


def test_denials_of_a_new_provider_are_ours_to_check() -> None:
    made = Practice()
    new = made.mine & (made.world.submitted >= 58) & (made.world.rng.random(len(made.provider)) < 0.35)
    made.provider = np.where(new, "1999999999", made.provider)
    made.world.deny_more(new, 0.7)
    wins(made, Cause.PROVIDERS)


def test_a_new_provider_is_ruled_out_where_all_are_denied_more() -> None:
    made = payer_change()
    new = made.mine & (made.world.submitted >= 58) & (made.world.rng.random(len(made.provider)) < 0.35)
    made.provider = np.where(new, "1999999999", made.provider)
    assert made.verdicts()["new_provider"].ruling is Ruling.RULED_OUT


def test_files_without_providers_cannot_tell() -> None:
    made = payer_change()
    made.provider = np.full(len(made.provider), "", dtype=object)
    made.service_place = np.full(len(made.provider), "", dtype=object)
    told = made.verdicts()
    assert {told["new_provider"].ruling, told["place_mix"].ruling} == {Ruling.UNKNOWN}


def test_denials_of_a_new_site_are_ours_to_check() -> None:
    made = Practice()
    world = made.world
    world.place = np.zeros_like(world.place)
    new = made.mine & (world.submitted >= 58) & (world.rng.random(len(world.place)) < 0.35)
    world.place = np.where(new, 1, world.place)
    world.deny_more(new, 0.7)
    judged = made.judged()
    assert rulings(judged)["new_site"] == Ruling.EXPLAINS
    assert judged.cause == Cause.SITES


def test_more_claims_of_a_dear_place_explain_more_denials() -> None:
    made = Practice(World(a_week=300))
    world = made.world
    world.deny_more(made.mine & (made.service_place == "22"), 0.5)
    moved = made.mine & (world.submitted >= 58) & (made.service_place == "11")
    gone = moved & (world.rng.random(len(moved)) < 0.75)
    made.service_place = np.where(gone, "22", made.service_place)
    world.deny_more(gone, 0.5)
    wins(made, Cause.PLACES)


def test_the_mix_of_procedures_is_said_and_is_not_counted_twice() -> None:
    """Procedures that are denied more come more often: detectors take that out, so that nothing is left to explain."""
    made = Practice(World(a_week=300))
    world = made.world
    world.deny_more(made.mine & (world.code == 2), 0.4)
    moved = made.mine & (world.submitted >= 58) & (world.code == 0) & (world.rng.random(len(world.code)) < 0.5)
    world.code = np.where(moved, 2, world.code)
    world.deny_more(moved, 0.4)
    world.deny_more(made.late, 0.25)
    told = made.verdicts()["procedure_mix"]
    assert told.ruling is Ruling.POSSIBLE
    assert "points" in told.numbers


def test_a_catch_up_of_held_denials_is_late_posting() -> None:
    """Denials of eight weeks were held and come at once, on top of the usual ones."""
    made = Practice(World(a_week=300))
    world = made.world
    world.deny_more(made.mine, 0.1)
    held = made.mine & world.denied & (world.decided >= 54) & (world.decided < 62)
    world.lag = np.where(held, 62 - world.submitted + world.rng.integers(0, 2, len(held)), world.lag)
    draft_week = next(week for week in (63, 64, 65) if _has(made, week))
    judged = made.judged(week=draft_week)
    assert rulings(judged)["late_posting"] == Ruling.EXPLAINS
    assert judged.cause == Cause.LATE


def _has(made: Practice, week: int) -> bool:
    from tests.detection.pure.practices import BUDGET

    return any(
        d.scope.payer == PAYER and d.family == "denial" and d.direction == "adverse"
        for d in made.view(week).drafts(BUDGET)
    )


def test_answers_that_we_learn_of_late_are_late_posting() -> None:
    made = late_payer()
    made.posting = np.where(made.mine & (made.world.decided >= ONSET), 14, 0)
    wins(made, Cause.LATE, DELAY)


def test_a_payer_that_answers_late_is_no_late_posting() -> None:
    judged = late_payer().judged(DELAY)
    assert (judged.cause, rulings(judged)["late_posting"]) == ("", Ruling.RULED_OUT)


def test_a_payer_of_which_nothing_comes_may_miss_a_file() -> None:
    made = Practice()
    made.world.lag = np.where(made.mine & (made.world.decided >= 64), 40, made.world.lag)
    wins(made, Cause.FILES, DELAY)


def test_a_payer_silent_beyond_its_rhythm_misses_a_file() -> None:
    made = late_payer()
    last = ONSET_DAY
    made.context = Context(silences={PAYER: Silence(last, 20, 14.0, 1e-9)})
    wins(made, Cause.FILES, DELAY)


def test_half_of_the_claims_missing_is_a_missing_file() -> None:
    made = payer_change(0.5)
    gone = made.mine & (made.world.submitted >= 63) & (made.world.rng.random(len(made.raw)) < 0.7)
    for name in ("service_place", "provider", "raw", "file", "day", "payment", "posting"):
        setattr(made, name, getattr(made, name)[~gone])
    made.world.drop(gone)
    assert made.judged().cause == Cause.FILES


def test_claims_that_are_there_twice_are_a_double_file() -> None:
    made = Practice()
    double = made.mine & np.isin(made.world.submitted, (60, 61, 62)) & (made.world.rng.random(len(made.raw)) < 0.5)
    made.file = np.where(double, 999, made.file)
    made.world.deny_more(double, 0.8)
    made.context = Context(doubts=(Doubt("repeated_claims", 999, PAYER, 150),))
    assert made.verdicts()["missing_or_double_files"].ruling is Ruling.EXPLAINS


def moved_names(made: Practice) -> Practice:
    renamed = made.mine & (made.world.submitted >= 58) & (made.world.rng.random(len(made.raw)) < 0.35)
    made.raw = np.where(renamed, OTHER_NAME, made.raw)
    return made


def test_denials_under_a_name_that_was_moved_are_ours_to_check() -> None:
    made = moved_names(Practice())
    made.world.deny_more(made.raw == OTHER_NAME, 0.7)
    made.context = Context(moves=(Move((PAYER, 2), (OTHER_NAME,), ONSET_DAY),))
    wins(made, Cause.NAMES)
    assert replace(made.context, moves=()) == Context()
    made.context = Context()
    wins(made, Cause.NAMES)


def test_a_moved_name_is_ruled_out_where_every_name_is_denied_more() -> None:
    made = moved_names(payer_change())
    made.context = Context(moves=(Move((PAYER, 2), (OTHER_NAME,), ONSET_DAY),))
    assert made.verdicts()["payer_names"].ruling is Ruling.RULED_OUT


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
