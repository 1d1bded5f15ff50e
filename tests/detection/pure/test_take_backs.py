from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.detection.pure.worlds import START
from upstream.detection.detectors.findings import Finding, Priced
from upstream.detection.detectors.masks import Masks
from upstream.detection.detectors.take_backs import Adjusted, Answers, Payments, Taken, judge, taken_of
from upstream.detection.rules import Budget, Strength
from upstream.detection.triangle import ONE_WEEK

BUDGET = Budget(0.2)
SINCE = 60
PAYER = 7


def week(number: int) -> np.datetime64:
    return START + number * ONE_WEEK


def answers(*rows: tuple[int, int, int, bool]) -> Answers:
    """(claim, week, cents paid, whether a reversal), in the order in which they were sent."""
    claim, weeks, paid, reversal = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    payer = np.full(len(rows), PAYER)
    return Answers(claim, payer, 7 * weeks, week(0) + weeks * ONE_WEEK, reversal.astype(np.bool_), paid)


def adjusted(*rows: tuple[int, int, int, int]) -> Adjusted:
    """(week, reference, claim of that reference, cents), positive ones take."""
    weeks, reference, claim, cents = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Adjusted(np.full(len(rows), PAYER), 7 * weeks, week(0) + weeks * ONE_WEEK, reference, claim, cents)


def told(a: Answers, b: Adjusted, by: int = 99) -> list[tuple[int, int, int]]:
    """(claim, week, cents) of what was taken back."""
    found = taken_of(a, b, week(by))
    weeks = ((found.known_week - START) // ONE_WEEK).tolist()
    return sorted(zip(found.claim.tolist(), weeks, found.cents.tolist(), strict=True))


PAID = (1, 2, 6_400, False)
REVERSAL = (1, 9, -6_400, True)


def test_a_reversal_takes_the_whole_payment():
    assert told(answers(PAID, REVERSAL), adjusted()) == [(1, 9, 6_400)]


def test_a_reversal_with_a_new_answer_takes_the_difference():
    assert told(answers(PAID, REVERSAL, (1, 9, 5_000, False)), adjusted()) == [(1, 9, 1_400)]
    assert told(answers(PAID, (1, 9, 5_000, False), REVERSAL), adjusted()) == [(1, 9, 1_400)]


def test_a_correction_upwards_takes_nothing():
    assert told(answers(PAID, REVERSAL, (1, 9, 7_000, False)), adjusted()) == []


def test_payment_and_reversal_in_one_file():
    assert told(answers((1, 9, 6_400, False), REVERSAL, (1, 9, 5_000, False)), adjusted()) == [(1, 9, 1_400)]


def test_a_later_answer_counts_from_when_it_is_known():
    rows = answers(PAID, REVERSAL, (1, 11, 5_000, False))
    assert told(rows, adjusted(), by=10) == [(1, 9, 6_400)]
    assert told(rows, adjusted(), by=11) == [(1, 9, 1_400)]
    assert told(rows, adjusted(), by=8) == []


def test_the_adjustment_that_carries_a_reversal_out_is_not_counted_again():
    assert told(answers(PAID, REVERSAL), adjusted((9, 55, 1, -6_400), (12, 55, 1, 6_400))) == [(1, 9, 6_400)]


def test_an_adjustment_of_a_claim_that_was_never_reversed_counts():
    assert told(answers(), adjusted((12, 55, 1, 6_400))) == [(1, 12, 6_400)]
    assert told(answers(), adjusted((12, 0, 0, 6_400))) == [(0, 12, 6_400)]


def test_what_was_put_off_before_is_not_counted_again():
    assert told(answers(), adjusted((9, 55, 0, -5_000), (12, 55, 0, 6_400))) == [(0, 12, 1_400)]


def test_an_adjustment_before_the_reversal_is_known_is_what_takes():
    rows = answers(PAID, (1, 14, -6_400, True))
    assert told(rows, adjusted((12, 55, 1, 6_400)), by=13) == [(1, 12, 6_400)]
    assert told(rows, adjusted((12, 55, 1, 6_400)), by=14) == [(1, 14, 6_400)]


@dataclass
class World:
    """Payments of three payers, of which one in two hundred is taken back some weeks later."""

    seed: int = 1
    a_week: int = 100
    usual: float = 0.005
    taken: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        counts = rng.poisson(self.a_week, (80, 3))
        weeks = np.repeat(np.repeat(np.arange(80), 3), counts.ravel())
        self.payer = np.repeat(np.tile(np.arange(3), 80), counts.ravel())
        self.weeks, size = weeks, len(weeks)
        self.code = rng.choice(2, size)
        back = np.flatnonzero(rng.random(size) < self.usual)
        self.taken += [(int(i), int(weeks[i] + rng.integers(3, 20)), 8_000) for i in back]

    def take(self, payer: int, at: int, number: int) -> None:
        mine = np.flatnonzero((self.payer == payer) & (self.weeks < at))[-number:]
        self.taken += [(int(i), at, 9_000) for i in mine]

    def found(self, by: int, masks: Masks | None = None) -> list[Finding]:
        seen = self.weeks <= by
        paid_in = week(0) + self.weeks[seen] * ONE_WEEK
        paid = Payments(("99213", "99214"), np.arange(seen.sum()), self.payer[seen], self.code[seen], paid_in)
        claim, weeks, cents = np.array([row for row in self.taken if row[1] <= by]).T
        taken = Taken(claim, self.payer[claim], week(0) + weeks * ONE_WEEK, cents)
        return judge(taken, paid, week(by), BUDGET, masks or Masks())

    def alarms(self, by: int) -> list[Finding]:
        return [f for f in self.found(by) if f.strength is not Strength.WATCH]


def test_a_round_of_take_backs_is_found_at_once():
    world = World()
    world.take(1, SINCE, 25)
    lead = world.alarms(SINCE)[0]
    assert isinstance(lead, Priced)
    assert (lead.level, lead.payer, lead.direction) == ("payer", 1, "adverse")
    assert (lead.onset - START) // ONE_WEEK == SINCE
    assert lead.lost[1] == pytest.approx(9_000 * 25, rel=0.1)


def test_weeks_that_are_left_out_take_nothing():
    world = World()
    world.take(1, SINCE, 25)
    assert world.found(SINCE, Masks(frozenset({week(SINCE)}))) == []


def test_fewer_are_an_improvement():
    world = World(usual=0.08)
    world.taken = [t for t in world.taken if world.payer[t[0]] != 1 or t[1] < SINCE]
    assert {(f.payer, f.direction) for f in world.alarms(SINCE + 6)} == {(1, "improve")}


@pytest.mark.parametrize("usual", [0.002, 0.02])
def test_quiet_worlds_are_silent(usual: float):
    made = [World(seed=seed, a_week=60, usual=usual) for seed in range(10)]
    assert [f for world in made for by in (50, 60, 70) for f in world.alarms(by)] == []
