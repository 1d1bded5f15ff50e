"""Which part of a payer changed: the smallest description that explains the excess denials (a scan statistic)."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors.facts import ClaimFacts, Cube

Floats = NDArray[np.float64]

AXES = ("procedure", "reason", "location")
SHAPES: tuple[tuple[str, ...], ...] = (
    (),
    ("procedure",),
    ("reason",),
    ("location",),
    ("procedure", "reason"),
    ("procedure", "location"),
    ("reason", "location"),
)
COMPLEXITY = {
    (): 0.0,
    ("procedure",): 0.5,
    ("reason",): 0.5,
    ("location",): 0.5,
    ("procedure", "reason"): 1.5,
    ("procedure", "location"): 2.5,
    ("reason", "location"): 2.5,
}
HARDLY = 0.5


@dataclass(frozen=True)
class Scope:
    """A payer and, where not blank, one procedure code, denial reason and location; blank means all."""

    payer: int
    procedure_code: str = ""
    denial_reason: str = ""
    location: str = ""

    def overlaps(self, other: "Scope") -> bool:
        """True when every key is equal or blank on either side."""
        mine = (self.payer, self.procedure_code, self.denial_reason, self.location)
        theirs = (other.payer, other.procedure_code, other.denial_reason, other.location)
        return self.payer == other.payer and all(a == b or not a or not b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class Part:
    """A scope with what it holds: denials seen and expected, gain in log likelihood, and share of the net excess."""

    scope: Scope
    observed: float
    expected: float
    gain: float
    explained: float


def best_part(facts: ClaimFacts, cube: Cube, *, adverse: bool) -> Part:
    """The scope with the largest gain in log likelihood, net of the log of how many there are of its kind."""
    net = float(cube.observed.sum() - cube.expected.sum())
    whole = Part(Scope(facts.payer), float(cube.observed.sum()), float(cube.expected.sum()), 0.0, 1.0)
    best_score, best = -np.inf, whole
    for shape in SHAPES:
        gone = tuple(i for i, axis in enumerate(AXES) if axis not in shape)
        observed, expected = cube.observed.sum(axis=gone), cube.expected.sum(axis=gone)
        gains = gain_of(observed, expected, adverse=adverse) * _named(facts, shape)
        score = gains - np.log(max(gains.size, 1)) - COMPLEXITY[shape]
        top = np.unravel_index(int(np.argmax(score)), score.shape) if shape else ()
        if float(score[top]) > best_score:
            best_score = float(score[top])
            o, e = float(observed[top]), float(expected[top])
            scope = _scope(facts, dict(zip(shape, (int(i) for i in top), strict=True)))
            best = Part(scope, o, e, float(gains[top]), (o - e) / net if abs(net) > 1e-9 else 0.0)
    return _narrowed(facts, cube, best) if adverse else best


def _narrowed(facts: ClaimFacts, cube: Cube, part: Part) -> Part:
    """A reason that was hardly ever given, now of one procedure alone: that procedure, unless most claims are of it.

    Where next to nothing was expected the gains of a reason and of its procedures are alike.
    """
    scope = part.scope
    if not scope.denial_reason or scope.procedure_code or scope.location or part.expected >= HARDLY:
        return part
    row = cube.observed[:, facts.reasons.index(scope.denial_reason)].sum(axis=1)
    top = int(row.argmax())
    share = float(cube.decided[top].sum()) / max(float(cube.decided.sum()), 1.0)
    worth = -part.observed * np.log(max(share, 1e-9)) - COMPLEXITY[AXES[:2]] - np.log(len(row))
    if row[top] < part.observed or worth <= 0 or not facts.procedures[top]:
        return part
    return replace(part, scope=replace(scope, procedure_code=facts.procedures[top]))


def _named(facts: ClaimFacts, shape: tuple[str, ...]) -> Floats:
    """1 for cells whose labels all have a name, 0 where a blank stands for "none" and cannot be a scope."""
    labels = {"procedure": facts.procedures, "reason": facts.reasons, "location": facts.locations}
    named = np.ones(())
    for axis in shape:
        named = np.multiply.outer(named, np.array([float(bool(label)) for label in labels[axis]]))
    return named


def gain_of(observed: Floats, expected: Floats, *, adverse: bool) -> Floats:
    """Poisson log-likelihood ratio of a multiplied rate in the adverse (or improving) direction, else 0."""
    e = np.maximum(expected, 0.02)
    ratio = np.maximum(observed, 1e-9) / e
    gain = observed * np.log(ratio) - (observed - e)
    return np.asarray(np.where((ratio > 1) == adverse, gain, 0.0), dtype=np.float64)


def _scope(facts: ClaimFacts, chosen: dict[str, int]) -> Scope:
    return Scope(
        facts.payer,
        facts.procedures[chosen["procedure"]] if "procedure" in chosen else "",
        facts.reasons[chosen["reason"]] if "reason" in chosen else "",
        facts.locations[chosen["location"]] if "location" in chosen else "",
    )


def mask_of(facts: ClaimFacts, scope: Scope) -> NDArray[np.bool_]:
    """[procedure, reason, location]: the cells that the scope holds."""
    labels = (facts.procedures, facts.reasons, facts.locations)
    wanted = (scope.procedure_code, scope.denial_reason, scope.location)
    sides = [np.array([not want or it == want for it in names]) for names, want in zip(labels, wanted, strict=True)]
    return np.asarray(sides[0][:, None, None] & sides[1][None, :, None] & sides[2][None, None, :], dtype=np.bool_)
