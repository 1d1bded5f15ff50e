from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.detection.pure.worlds import START
from upstream.detection.detectors.down_coding import Paid, judge
from upstream.detection.detectors.findings import Finding, Priced
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
SINCE = 60
PROCEDURES = ("99213", "99214", "72148", "")
PLACES = ("Main", "North", "")
PAIRS = (("99213", "99212"), ("99214", "99213"))
AS_BILLED = -1


@dataclass
class World:
    """Paid claims of three payers by week; of visits one in a hundred is answered with the next cheaper code."""

    seed: int = 1
    a_week: int = 100
    weeks: int = 80
    usual: float = 0.01
    week: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        counts = self.rng.poisson(self.a_week, (self.weeks, 3))
        self.week = np.repeat(np.repeat(np.arange(self.weeks), 3), counts.ravel())
        self.payer = np.repeat(np.tile(np.arange(3), self.weeks), counts.ravel())
        size = len(self.week)
        self.code = self.rng.choice(3, size, p=[0.4, 0.3, 0.3])
        self.place = self.rng.choice(2, size)
        self.pair = np.where((self.rng.random(size) < self.usual) & (self.code < 2), self.code, AS_BILLED)

    def down_code(self, chosen: np.ndarray, share: float) -> None:
        """That share of the chosen visits is answered with the next cheaper code."""
        hit = chosen & (self.code < 2) & (self.rng.random(len(chosen)) < share)
        self.pair = np.where(hit, self.code, self.pair)

    def found(self, week: int) -> list[Finding]:
        seen = self.week <= week
        short = np.where(self.pair >= 0, 3_500, 0)
        paid = Paid(
            PROCEDURES, PLACES, PAIRS, np.arange(seen.sum()), self.payer[seen], self.code[seen], self.place[seen],
            START + self.week[seen] * ONE_WEEK, self.pair[seen], short[seen],
        )  # fmt: skip
        return judge(paid, START + week * ONE_WEEK, BUDGET)

    def alarms(self, week: int) -> list[Finding]:
        return [f for f in self.found(week) if f.strength is not Strength.WATCH]


def test_one_code_paid_as_a_cheaper_one_is_found_within_two_weeks():
    world = World()
    world.down_code((world.payer == 1) & (world.code == 1) & (world.week >= SINCE), 0.35)
    lead = world.alarms(SINCE + 1)[0]
    assert isinstance(lead, Priced)
    assert (lead.payer, lead.direction, lead.scope.procedure_code, lead.detail) == (1, "adverse", "99214", "99213")
    assert (lead.onset - START) // ONE_WEEK == SINCE
    assert lead.current_low < 0.35 < lead.current_high
    assert lead.baseline_rate == pytest.approx(0.01, abs=0.01)
    low, mid, high = lead.lost
    assert mid == pytest.approx(3_500 * (lead.observed - lead.expected))
    assert 0 < low < mid < high
    assert lead.annual[1] > lead.lost[1]


def test_a_programme_over_all_visits_is_the_payers():
    world = World()
    world.down_code((world.payer == 2) & (world.week >= SINCE), 0.3)
    lead = world.alarms(SINCE + 2)[0]
    assert (lead.level, lead.payer, lead.key) == ("payer", 2, "")


def test_less_of_it_is_an_improvement():
    world = World(usual=0.25)
    world.pair = np.where((world.payer == 1) & (world.week >= SINCE), AS_BILLED, world.pair)
    assert {(f.payer, f.direction) for f in world.alarms(SINCE + 4)} == {(1, "improve")}


def test_more_visits_are_no_more_down_coding():
    world = World(usual=0.03)
    gone = (world.payer == 1) & (world.week < SINCE) & (world.code < 2) & (world.rng.random(len(world.week)) < 0.8)
    for name in ("week", "payer", "code", "place", "pair"):
        setattr(world, name, getattr(world, name)[~gone])
    assert [f for week in range(SINCE, 80, 2) for f in world.alarms(week) if f.scope.procedure_code] == []


def test_a_practice_without_any_says_nothing():
    assert World(usual=0.0).found(70) == []


@pytest.mark.parametrize("usual", [0.002, 0.02, 0.2])
def test_quiet_worlds_are_silent(usual: float):
    made = [World(seed=seed, a_week=60, usual=usual) for seed in range(10)]
    assert [f for world in made for week in (50, 60, 70) for f in world.alarms(week)] == []
