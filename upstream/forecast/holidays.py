"""Weeks with a holiday: fewer claims go out and fewer answers come. How many fewer is learned, from a guess on."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE, OTHER = 0, 5
KINDS = {"Thanksgiving Day": 1, "Christmas Day": 2, "New Year's Day": 3, "Independence Day": 4}
# What is left of a week's claims, and of its answers, before a practice's own past says otherwise.
SENT = np.array([1.0, 0.75, 0.65, 0.78, 0.9, 0.95])
DECIDED = np.array([1.0, 0.85, 0.75, 0.85, 0.93, 0.97])
GUESS_SPREAD, WEEK_SPREAD = 0.08, 0.05
FEWEST = 20.0


def kinds_of(first: date, weeks: int, holidays: Iterable[tuple[str, date]]) -> Ints:
    """Which holiday lies in each of so many weeks from the Monday `first` on; the greater one where there are two."""
    found = np.zeros(weeks, dtype=np.int64)
    for name, day in holidays:
        week, kind = (day - first).days // 7, KINDS.get(name, OTHER)
        if 0 <= week < weeks and found[week] in (NONE, OTHER):
            found[week] = kind
    return found


class Factors:
    """What is left of a usual week by kind of holiday; drawn to the guess as far as few such weeks were seen."""

    def __init__(self, guess: Floats) -> None:
        self._sum = np.log(guess) / GUESS_SPREAD**2
        self._weight = np.full(len(guess), 1 / GUESS_SPREAD**2)

    def of(self, kind: int) -> float:
        return float(np.exp(self._sum[kind] / self._weight[kind]))

    def learn(self, kind: int, came: float, usual: float) -> None:
        """A week of this kind brought so many where a usual one would have brought `usual`."""
        if kind != NONE and usual > FEWEST and came > 0:
            weight = 1 / (1 / came + WEEK_SPREAD**2)
            self._sum[kind] += weight * np.log(came / usual)
            self._weight[kind] += weight
