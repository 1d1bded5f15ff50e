import numpy as np
import pytest

from tests.detection.pure.worlds import PAYERS, START, World
from upstream.detection import grouping
from upstream.detection.detectors import denial_rate
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.masks import Masks
from upstream.detection.detectors.new_reasons import judge
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
SINCE = 60
NEVER = 1


def world(**fields: int) -> World:
    """In which payer 1 never says CO-197."""
    made = World(**fields)
    made.reason = np.where((made.payer == 1) & (made.reason == NEVER), 0, made.reason)
    return made


def found(made: World, week: int) -> list[Finding]:
    facts = {payer: made.facts(payer) for payer in range(PAYERS)}
    return judge(facts, START + week * ONE_WEEK, BUDGET)


def alarms(made: World, week: int) -> list[tuple[str, int, str]]:
    return [(f.level, f.payer, f.key) for f in found(made, week) if f.strength is not Strength.WATCH]


def test_a_reason_never_given_before_is_found_soon():
    made = world()
    made.deny_more((made.payer == 1) & (made.code == 0) & (made.decided >= SINCE), 0.06, NEVER)
    told = alarms(made, SINCE + 2)
    assert ("reason", 1, "CO-197") in told
    assert ("procedure_reason", 1, "99213|CO-197") in told
    lead = found(made, SINCE + 2)[0]
    assert (lead.onset - START) // ONE_WEEK == SINCE
    assert lead.baseline_rate == 0.0
    assert lead.current_low <= lead.current_rate <= lead.current_high


def test_it_joins_the_denials_of_its_payer():
    made = world()
    made.deny_more((made.payer == 1) & (made.code == 0) & (made.decided >= SINCE), 0.12, NEVER)
    week = SINCE + 4
    facts = {payer: made.facts(payer) for payer in range(PAYERS)}
    drafts = grouping.group([*found(made, week), *denial_rate.judge(made.seen(week), BUDGET)], facts)
    (draft,) = [d for d in drafts if d.strength is not Strength.WATCH]
    assert (draft.family, draft.metric, draft.scope.procedure_code, draft.scope.denial_reason) == (
        "denial", "denial_rate", "99213", "CO-197",
    )  # fmt: skip


def test_a_new_procedure_is_not_a_new_rule():
    made = world()
    made.drop((made.payer == 1) & (made.code == 2) & (made.submitted < SINCE))
    made.deny_more((made.payer == 1) & (made.code == 2), 0.6, NEVER)
    assert [alarms(made, week) for week in range(SINCE, 80, 2)] == [[]] * 10


def test_another_name_for_the_same_denials_is_not_a_new_rule():
    made = world(a_week=200)
    made.reason = np.where((made.payer == 1) & (made.decided >= SINCE) & (made.reason == 0), NEVER, made.reason)
    assert [told for week in range(SINCE, SINCE + 10) for told in alarms(made, week) if told[0] == "reason"] == []


def test_one_or_two_are_chance():
    made = world()
    chosen = np.flatnonzero((made.payer == 1) & (made.decided == SINCE) & made.denied)[:2]
    made.reason[chosen] = NEVER
    assert found(made, SINCE + 1) == []


def test_weeks_that_are_left_out_say_nothing():
    made = world()
    made.deny_more((made.payer == 1) & (made.decided == SINCE), 0.3, NEVER)
    facts = {payer: made.facts(payer) for payer in range(PAYERS)}
    week = START + SINCE * ONE_WEEK
    assert judge(facts, week, BUDGET)
    assert judge(facts, week, BUDGET, Masks(frozenset({week}))) == []


@pytest.mark.parametrize("a_week", [15, 60, 200])
def test_quiet_worlds_are_silent(a_week: int):
    assert [told for seed in range(20) for told in alarms(World(seed=seed, a_week=a_week), 60)] == []
