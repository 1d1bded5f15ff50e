"""What is learned of payers week by week: how fast they decide, what they pay, and how much is sent to them.

All are sums that fade, so that what is known after a week comes from that week and those before.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

YEAR = 52
TINY = 1e-9


def fading(weeks: float) -> float:
    """What is left of a week's weight one week later, where half is left after so many."""
    return float(0.5 ** (1 / weeks))


FAST, SLOW = fading(5), fading(40)


class Counts:
    """[P, A] claims at risk and decided at each age."""

    def __init__(self, payers: int, ages: int, keep: float) -> None:
        self.other, self.refused, self.at_risk = (np.zeros((payers, ages)) for _ in range(3))
        self._keep = keep

    def take(self, other: Floats, refused: Floats, at_risk: Floats, use: Floats) -> None:
        keep = np.where(use > 0, self._keep, 1.0)[:, None]
        self.other = self.other * keep + other * use[:, None]
        self.refused = self.refused * keep + refused * use[:, None]
        self.at_risk = self.at_risk * keep + at_risk * use[:, None]


class Pace:
    """Shares of undecided claims of each age that a week decides: the last weeks' as far as they hold enough claims,
    else the payer's last year, else all payers'. Refusals keep the year's shape by age and move in level alone."""

    POOLED, OWN, LEVEL = 30.0, 60.0, 20.0

    def __init__(self, payers: int, ages: int) -> None:
        self._fast, self._slow = Counts(payers, ages, FAST), Counts(payers, ages, SLOW)

    def take(self, other: Floats, refused: Floats, at_risk: Floats, use: Floats) -> None:
        """One week; `at_risk` as far as a usual week would have looked at them, `use` [P] 0 where it is left out."""
        for counts in (self._fast, self._slow):
            counts.take(other, refused, at_risk, use)

    def hazards(self) -> tuple[Floats, Floats]:
        """[P, A] shares decided otherwise, and refused."""
        fast, slow = self._fast, self._slow
        other, refused = self._year(slow.other), self._year(slow.refused)
        now = (fast.other + self.OWN * other) / (fast.at_risk + self.OWN)
        usual = (fast.at_risk * refused).sum(axis=1)
        level = (fast.refused.sum(axis=1) + self.LEVEL) / (usual + self.LEVEL)
        return now, refused * level[:, None]

    def _year(self, decided: Floats) -> Floats:
        at_risk = self._slow.at_risk
        pooled = decided.sum(axis=0) / np.maximum(at_risk.sum(axis=0), TINY)
        return np.asarray((decided + self.POOLED * pooled) / (at_risk + self.POOLED), dtype=np.float64)


class Pay:
    """Cents that a claim brings which is not refused."""

    RECENT, OWN, POOLED = fading(10), 60.0, 5.0

    def __init__(self, payers: int) -> None:
        self._recent, self._year = np.zeros((2, payers)), np.zeros((2, payers))

    def take(self, cents: Floats, claims: Floats, use: Floats) -> None:
        week = np.stack([cents, claims]) * use
        self._recent = self._recent * np.where(use > 0, self.RECENT, 1.0) + week
        self._year = self._year * np.where(use > 0, SLOW, 1.0) + week

    def each(self) -> Floats:
        """[P]"""
        cents, claims = self._year
        pooled = cents.sum() / max(claims.sum(), TINY)
        usual = (cents + self.POOLED * pooled) / (claims + self.POOLED)
        return np.asarray((self._recent[0] + self.OWN * usual) / (self._recent[1] + self.OWN), dtype=np.float64)


class Volume:
    """Claims that become known in a usual week; a season counts as far as last year's has told this year's."""

    RECENT, STEP, DRAWN = fading(5), 4, 0.05

    def __init__(self, payers: int, ages: int) -> None:
        self._sum, self._weight, self._ages = np.zeros(payers), np.zeros(payers), np.zeros(ages)
        self._totals: list[float] = []
        self._levels: list[float] = []
        self._with, self._of = 0.0, self.DRAWN

    def take(self, arrived: Floats, factor: float, use: Floats) -> None:
        """[P, A] claims of one week, of which a holiday left `factor`."""
        claims = arrived.sum(axis=1) / factor
        begun = ((self._sum > 0) | (claims > 0)) * use
        keep = np.where(use > 0, self.RECENT, 1.0)
        self._sum, self._weight = self._sum * keep + claims * use, self._weight * keep + begun
        self._ages = self._ages * SLOW + (arrived * use[:, None]).sum(axis=0)
        self._learn(float(claims.sum()))

    def level(self) -> Floats:
        """[P] claims of a usual week now."""
        return np.asarray(self._sum / np.maximum(self._weight, TINY), dtype=np.float64)

    def ahead(self, step: int) -> Floats:
        """[P, A] claims of the week `step` weeks on, were there no holiday."""
        share = min(max(self._with / self._of, 0.0), 1.0)
        season = np.exp(share * self._season(len(self._totals) - 1, step))
        ages = self._ages / max(self._ages.sum(), TINY)
        return np.asarray(self.level()[:, None] * season * ages, dtype=np.float64)

    def _learn(self, total: float) -> None:
        before = len(self._totals) - self.STEP
        self._totals.append(total)
        if before > YEAR and total > 0 and self._levels[before] > 0:
            said = self._season(before, self.STEP)
            self._with += said * float(np.log(total / self._levels[before]))
            self._of += said * said
        self._levels.append(float(self.level().sum()))

    def _season(self, week: int, step: int) -> float:
        """Log of how the weeks a year before the target stood to those before them."""
        then = week - YEAR
        if then < self.STEP:
            return 0.0
        middle = then + step
        later = np.mean(self._totals[middle - 2 : min(middle + 3, week + 1)])
        earlier = np.mean(self._totals[max(then - 5, 0) : then + 1])
        return float(np.log(later / earlier)) if later > 0 and earlier > 0 else 0.0
