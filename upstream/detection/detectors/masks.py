"""Weeks that are left out of baselines and of tests, because everybody knows that they were unlike others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.baseline import baseline_weeks
from upstream.detection.spans import MIN_WEEKS
from upstream.detection.triangle import Triangle

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Weeks = NDArray[np.datetime64]
Mondays = frozenset[np.datetime64]


@dataclass(frozen=True)
class Masks:
    """Mondays of weeks left out at every payer, and of those left out at single ones besides."""

    everyone: Mondays = frozenset()
    single: Mapping[int, Mondays] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.everyone or any(self.single.values()))

    def of(self, payer: int) -> Mondays:
        """The Mondays left out at one payer."""
        return self.everyone | self.single.get(payer, frozenset())

    def left_out(self, payer: int, weeks: Weeks) -> Bools:
        """Which of these weeks are left out at one payer."""
        return _among(weeks, self.of(payer))

    def hold(self, payer: Ints, *clocks: Weeks) -> Bools:
        """[n] rows of these payers of which a week on any of the clocks is left out."""
        found = np.zeros(len(payer), dtype=np.bool_)
        for number in np.unique(payer).tolist() if self else ():
            mine = np.flatnonzero(payer == number)
            for weeks in clocks:
                found[mine] |= self.left_out(number, weeks[mine])
        return found

    def until(self, week: np.datetime64) -> "Masks":
        """Without the weeks after `week`, which no look as of then can see."""
        single = {payer: frozenset(w for w in weeks if w <= week) for payer, weeks in self.single.items()}
        everyone = frozenset(w for w in self.everyone if w <= week)
        return Masks(everyone, {payer: weeks for payer, weeks in single.items() if weeks})

    def content(self) -> str:
        """The same text for the same weeks."""
        single = {payer: sorted(map(str, weeks)) for payer, weeks in sorted(self.single.items()) if weeks}
        return repr((sorted(map(str, self.everyone)), single))


NO_MASKS = Masks()


def over(masks: Masks, triangles: Sequence[Triangle]) -> Bools:
    """[W] or, where payers differ, [payers, W]: the weeks of the payer triangle that are left out.

    A payer that keeps too few weeks for a baseline is left out wholly. Nothing without a payer triangle.
    """
    payers = next((made for made in triangles if made.level == "payer"), None)
    if payers is None:
        return np.zeros(0, dtype=np.bool_)
    out = np.array([masks.left_out(payer, payers.weeks) for payer, _ in payers.keys], dtype=np.bool_)
    if not any(masks.single.values()) or not len(out):
        return _among(payers.weeks, masks.everyone)
    for row in out:
        row |= baseline_weeks(row) < MIN_WEEKS
    return out


def _among(weeks: Weeks, chosen: Mondays) -> Bools:
    return np.asarray(np.isin(weeks, np.array(sorted(chosen), dtype="datetime64[D]")), dtype=np.bool_)
