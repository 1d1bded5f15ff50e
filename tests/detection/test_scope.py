"""The smallest description of a change, on cubes that can be read at a glance."""

import numpy as np
import pytest

from upstream.detection.detectors.facts import ClaimFacts, Cube
from upstream.detection.detectors.scope import Scope, best_part

NONE = np.zeros(0, dtype=np.int64)
WEEKS = np.zeros(0, dtype="datetime64[D]")
FACTS = ClaimFacts(
    5, ("73721", "99213", ""), ("CO-16", "CO-197", ""), ("North", "West", ""), NONE, NONE, NONE, WEEKS, WEEKS, NONE,
    NONE, NONE, NONE.astype(bool),
)  # fmt: skip
ALL = slice(0, 2)


@pytest.mark.parametrize(
    ("cells", "scope"),
    [
        ((ALL, ALL, ALL), Scope(5)),
        ((0, ALL, ALL), Scope(5, "73721")),
        ((ALL, 1, ALL), Scope(5, "", "CO-197")),
        ((ALL, ALL, 1), Scope(5, "", "", "West")),
        ((0, 1, ALL), Scope(5, "73721", "CO-197")),
        ((0, ALL, 1), Scope(5, "73721", "", "West")),
        ((ALL, 0, 1), Scope(5, "", "CO-16", "West")),
    ],
)
def test_the_cells_that_quadrupled_are_named(cells: tuple[int | slice, ...], scope: Scope) -> None:
    expected = np.zeros((3, 3, 3))
    expected[ALL, ALL, ALL] = 5.0
    observed = expected.copy()
    observed[cells] *= 4
    cube = Cube(observed, expected, np.ones((3, 3)), expected, np.ones(3))
    assert best_part(FACTS, cube, adverse=True).scope == scope
