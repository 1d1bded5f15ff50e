"""Of each innocent cause a practice in which it makes the change, and one in which the payer does."""

from dataclasses import replace
from datetime import date

import numpy as np

from tests.detection.pure.changes import late_payer, low_payer, payer_change, rulings, wins
from tests.detection.pure.practices import ONSET, OTHER_NAME, PAYER, Practice
from tests.detection.pure.worlds import START, World
from upstream.detection.causes.context import Context, Doubt, Move, Silence
from upstream.detection.causes.verdict import Cause, Ruling
from upstream.detection.rules import DELAY, UNDERPAYMENT
from upstream.detection.triangle import ONE_WEEK

ONSET_DAY: date = (START + ONSET * ONE_WEEK).astype(date)


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
