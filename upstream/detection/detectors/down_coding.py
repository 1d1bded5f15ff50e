"""Down-coding: a payer answers a cheaper procedure code than was billed and pays that one, so no denial is seen."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import counts
from upstream.detection.detectors.counts import Kind, Watched
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.scope import Scope
from upstream.detection.rules import DOWN_CODING, Budget
from upstream.detection.spans import BY_DECISION, GAP, MIN_WEEKS, SPAN
from upstream.detection.triangle import ONE_WEEK

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Weeks = NDArray[np.datetime64]

METRIC = "down_coding"
KIND = Kind(METRIC, DOWN_CODING, BY_DECISION, drift=0.1, wobble=0.1)
SHARES = {"payer": 0.4, "procedure": 0.2, "code_pair": 0.3, "location": 0.1}
LOOK_BACK = GAP + SPAN
LEAST_CLAIMS = 30


@dataclass(frozen=True)
class Paid:
    """Paid claims of the practice, one row each, as known at the end of a week.

    `pair` is -1 where the payer answered what was billed, else the index in `pairs` of (billed code, answered code);
    `short_cents` is what the answered code brings less than the billed one usually does, 0 without a pair.
    """

    procedures: tuple[str, ...]
    locations: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    claim: Ints
    payer: Ints
    procedure: Ints
    location: Ints
    known_week: Weeks
    pair: Ints
    short_cents: Ints

    def only(self, kept: Bools) -> "Paid":
        names = ("claim", "payer", "procedure", "location", "known_week", "pair", "short_cents")
        return Paid(self.procedures, self.locations, self.pairs, *(getattr(self, name)[kept] for name in names))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Names of codes that count as billed."""
        return tuple(dict.fromkeys((*self.procedures, *(billed for billed, _ in self.pairs))))

    @cached_property
    def code(self) -> Ints:
        """What counts as billed: the code of the line that was answered otherwise, else the claim's own."""
        place = {name: i for i, name in enumerate(self.codes)}
        of_pair = np.array([*(place[billed] for billed, _ in self.pairs), 0], dtype=np.int64)
        return np.where(self.pair >= 0, of_pair[self.pair], self.procedure)

    def inside(self, scope: Scope) -> Bools:
        """Which claims the scope is about: those billed with its code, or answered otherwise than with it."""
        found = self.payer == scope.payer
        if scope.procedure_code:
            found = found & (self.code == self.codes.index(scope.procedure_code))
        if scope.location:
            found = found & (self.location == self.locations.index(scope.location))
        return np.asarray(found, dtype=np.bool_)


def judge(paid: Paid, as_of: np.datetime64, budget: Budget) -> list[Finding]:
    """Payers, codes, pairs of codes and places whose share of down-coded claims changed, strongest first.

    By the week in which the decision became known. Nothing for a payer whose paid claims go back fewer than 32 weeks.
    """
    back = np.asarray((as_of - paid.known_week) // ONE_WEEK, dtype=np.int64)
    kept = (back >= 0) & (back < LOOK_BACK)
    paid, back = paid.only(kept), back[kept]
    ripe = [p for p in np.unique(paid.payer).tolist() if back[paid.payer == p].max() >= GAP + MIN_WEEKS]
    if not ripe or not (paid.pair >= 0).any():
        return []
    top = _payers(paid, back, ripe)
    usual = counts.usual_of(top, counts.tenant_rate(top))
    found = counts.findings_of(KIND, top, usual, as_of, budget)
    for level in ("procedure", "code_pair", "location"):
        watched = _parts(paid, back, ripe, level)
        if watched is not None:
            own = counts.usual_of(watched, usual.rate[watched.parent])
            found += counts.findings_of(KIND, watched, own, as_of, budget)
    return counts.described(found)


def _payers(paid: Paid, back: Ints, payers: list[int]) -> Watched:
    rows = [_row(paid, back, paid.payer == payer, paid.pair >= 0) for payer in payers]
    scopes = tuple(Scope(payer) for payer in payers)
    return _watched("payer", scopes, ("",) * len(payers), list(range(len(payers))), rows)


def _parts(paid: Paid, back: Ints, payers: list[int], level: str) -> Watched | None:
    """The series of a level below the payers that have claims enough; None where there are none."""
    scopes, details, parents, rows = [], [], [], []
    for at, payer in enumerate(payers):
        mine = paid.payer == payer
        for scope, detail in _scopes(paid, mine & (paid.pair >= 0), payer, level):
            inside = paid.inside(scope)
            if inside.sum() < LEAST_CLAIMS:
                continue
            hit = inside & (paid.pair >= 0)
            if detail:
                hit = hit & (paid.pair == paid.pairs.index((scope.procedure_code, detail)))
            scopes.append(scope)
            details.append(detail)
            parents.append(at)
            rows.append(_row(paid, back, inside, hit))
    return _watched(level, tuple(scopes), tuple(details), parents, rows) if rows else None


def _scopes(paid: Paid, hit: Bools, payer: int, level: str) -> list[tuple[Scope, str]]:
    """Only what was ever down-coded, and every place, can have more or less of it."""
    if level == "location":
        return [(Scope(payer, location=name), "") for name in paid.locations if name]
    pairs = [paid.pairs[i] for i in np.unique(paid.pair[hit])]
    if level == "code_pair":
        return [(Scope(payer, billed), answered) for billed, answered in pairs]
    return [(Scope(payer, billed), "") for billed in sorted({billed for billed, _ in pairs})]


def _row(paid: Paid, back: Ints, inside: Bools, hit: Bools) -> tuple[Floats, Floats, Floats]:
    hit = hit & inside
    return (
        np.bincount(back[hit], minlength=LOOK_BACK).astype(np.float64),
        np.bincount(back[inside], minlength=LOOK_BACK).astype(np.float64),
        np.bincount(back[hit], paid.short_cents[hit], LOOK_BACK).astype(np.float64),
    )


def _watched(
    level: str, scopes: tuple[Scope, ...], details: tuple[str, ...], parents: list[int],
    rows: list[tuple[Floats, Floats, Floats]],
) -> Watched:  # fmt: skip
    seen, of, cents = (np.stack([row[i] for row in rows]) for i in range(3))
    return Watched(level, SHARES[level], scopes, details, np.array(parents, dtype=np.int64), seen, of, cents)
