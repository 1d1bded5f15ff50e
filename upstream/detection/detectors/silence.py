"""Silent claims: no answer long after nearly all claims like them were answered, at a payer that is not just slow.

A claim counts once it is older than the age by which 99 % of its payer's answered claims had their answer. Weeks in
which the payer answered hardly anything do not age a claim, and where its answers come later than they used to, the age
is that much higher: late decisions are a payment delay and not silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import counts, windows
from upstream.detection.detectors.baseline import by_known
from upstream.detection.detectors.counts import Kind, Usual, Watched
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.detectors.findings import ADVERSE, Finding, Priced
from upstream.detection.detectors.masks import NO_MASKS, Masks, over
from upstream.detection.detectors.scope import Scope
from upstream.detection.rules import SILENCE, Budget
from upstream.detection.spans import BY_SUBMISSION, GAP, MIN_WEEKS, SPAN
from upstream.detection.triangle import LAGS, PAID, Triangle, aligned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

METRIC = "silent_claims"
KIND = Kind(METRIC, SILENCE, BY_SUBMISSION, drift=0.25, wobble=0.1, directions=(ADVERSE,))
SHARES = {"payer": 0.6, "procedure": 0.25, "location": 0.15}
ANSWERED = 0.99
LEAST_AGE, MOST_AGE = 3, LAGS - 2
# Cohorts that stand for the usual are old enough to be told to their end, and begin a month before the judged ones.
BASELINE = slice(LAGS + 4, LAGS + 4 + SPAN)
HELD = 0.5
SLOWER = 0.25
OPEN_WEIGHT = 40.0
OWN_WEIGHT = 2.0
LEAST_CLAIMS = 100.0


@dataclass(frozen=True)
class Patience:
    """[P] per payer: weeks after which a claim of it is silent, by how many weeks its answers are late now, and
    [P, LAGS] the usual share still open after so many weeks."""

    age: Ints
    late: Ints
    open_share: Floats
    error: Floats
    known: Bools


def judge(
    triangles: Sequence[Triangle], facts: Mapping[int, ClaimFacts], budget: Budget, calendar: Masks = NO_MASKS
) -> list[Finding]:
    """Payers, codes and places with more claims unanswered than usual, strongest first; `facts` give their prices.

    The `detail` of a finding is the number of weeks without an answer after which a claim counted.
    """
    by_name = {t.level: t for t in triangles if t.level in SHARES}
    payers = by_name["payer"]
    if len(payers.weeks) < BASELINE.start + MIN_WEEKS or not payers.keys:
        return []
    held = _held(payers) | np.atleast_2d(over(calendar, triangles))[:, ::-1]
    patience = _patience(payers)
    row = {payer: i for i, (payer, _) in enumerate(payers.keys)}
    found: list[Priced] = []
    for name, triangle in by_name.items():
        parent = np.array([row[payer] for payer, _ in triangle.keys], dtype=np.int64)
        found += _level(aligned(triangle, payers.weeks), name, parent, patience, held, budget)
    priced = (_priced(finding, facts) for finding in found if finding.payer in facts)
    return counts.described(list(priced))


def _priced(finding: Priced, facts: Mapping[int, ClaimFacts]) -> Priced:
    """Each claim at the mean allowed cents of the paid ones of its payer, and of its procedure where it has one."""
    known = facts[finding.payer].known_by(finding.as_of)
    paid = (known.outcome == PAID) & (known.allowed_cents > 0)
    if finding.scope.procedure_code:
        own = paid & (known.procedure == known.procedures.index(finding.scope.procedure_code))
        paid = own if own.any() else paid
    price = float(known.allowed_cents[paid].mean()) if paid.any() else 0.0
    lost, annual = (tuple(price * claims for claims in part) for part in (finding.lost, finding.annual))
    return replace(finding, lost=(lost[0], lost[1], lost[2]), annual=(annual[0], annual[1], annual[2]))


def _held(payers: Triangle) -> Bools:
    """[P, J] weeks back in which the payer answered less than half of what its claims of those ages let expect."""
    span = slice(GAP, GAP + SPAN)
    decided = by_known(payers.decided, len(payers.weeks))
    at_age = by_known(np.repeat(payers.submitted[:, :, None], LAGS, axis=2), len(payers.weeks))
    share = decided[:, span].sum(1) / np.maximum(at_age[:, span].sum(1), 1.0)
    expected = (at_age * share[:, None, :])[:, :, : LAGS - 1].sum(axis=2)
    return np.asarray(decided[:, :, : LAGS - 1].sum(axis=2) < HELD * expected, dtype=np.bool_)


def _patience(payers: Triangle) -> Patience:
    newest_first = payers.decided[:, ::-1]
    submitted = payers.submitted[:, ::-1]
    answered = newest_first[:, BASELINE].sum(axis=1)
    among = submitted[:, BASELINE].sum(axis=1)
    prompt = np.cumsum(answered[:, : LAGS - 1], axis=1) / np.maximum(answered[:, : LAGS - 1].sum(1, keepdims=True), 1.0)
    age = np.clip((prompt < ANSWERED).sum(axis=1) + 1, LEAST_AGE, MOST_AGE).astype(np.int64)
    still = among[:, None] - np.cumsum(answered, axis=1)
    tenant = still.sum(0) / max(float(among.sum()), 1.0)
    share = (still + OPEN_WEIGHT * tenant + 0.5) / (among[:, None] + OPEN_WEIGHT)
    error = 1.0 / (still[np.arange(len(age)), age] + OPEN_WEIGHT * tenant[age] + 0.5)
    late = np.array([_late(newest_first[p], answered[p], int(age[p])) for p in range(len(age))], dtype=np.int64)
    return Patience(age, late, share, error, np.asarray(among >= LEAST_CLAIMS, dtype=np.bool_))


def _late(decided: Floats, usual: Floats, age: int) -> int:
    """By how many weeks the answers of the claims now old enough came later than those of the baseline, rounded up."""
    weeks = np.arange(LAGS - 1)
    window = decided[age : age + windows.SIZES[-1], : LAGS - 1].sum(axis=0)
    if window.sum() < 1 or usual[: LAGS - 1].sum() < 1:
        return 0
    mean, before = (float((part * weeks).sum() / part.sum()) for part in (window, usual[: LAGS - 1]))
    return ceil(mean - before) if mean - before > SLOWER else 0


def _level(triangle: Triangle, name: str, parent: Ints, above: Patience, held: Bools, budget: Budget) -> list[Priced]:
    """Findings of series that began to be silent at the same age: one group for each newest cohort that counts."""
    own = above if name == "payer" else _within(triangle, parent, above)
    ages = _ages(held)[parent] - own.late[:, None]
    old = ages >= own.age[:, None]
    first = np.where(old.any(axis=1), old.argmax(axis=1), len(triangle.weeks))
    busy = int(own.known.sum())
    found: list[Priced] = []
    for start in np.unique(first[own.known]).tolist():
        rows = np.flatnonzero((first == start) & own.known)
        if start + MIN_WEEKS < len(triangle.weeks):
            share = SHARES[name] * len(rows) / busy
            age = np.clip(ages[rows][:, start:], 0, LAGS - 2)
            found += _group(triangle, name, rows, age, share, own, budget)
    return found


def _within(triangle: Triangle, parent: Ints, above: Patience) -> Patience:
    """The parents' patience, with the share that the series itself usually leaves open, and its own lateness."""
    newest_first, submitted = triangle.decided[:, ::-1], triangle.submitted[:, ::-1]
    answered, among = newest_first[:, BASELINE].sum(axis=1), submitted[:, BASELINE].sum(axis=1)
    rows, age = np.arange(len(parent)), above.age[parent]
    still = (among[:, None] - np.cumsum(answered, axis=1))[rows, age]
    expected = among * above.open_share[parent, age]
    ratio = (still + OWN_WEIGHT) / (expected + OWN_WEIGHT)
    late = np.array([_late(newest_first[s], answered[s], int(age[s])) for s in rows], dtype=np.int64)
    return Patience(
        age, np.maximum(late, above.late[parent]), np.minimum(above.open_share[parent] * ratio[:, None], 1.0),
        1.0 / (still + OWN_WEIGHT), above.known[parent] & (among >= LEAST_CLAIMS),
    )  # fmt: skip


def _ages(held: Bools) -> Ints:
    """[P, J] how many weeks a claim submitted j weeks ago has waited at a payer that was at work."""
    waited = np.arange(held.shape[1])[None, :] - (np.cumsum(held, axis=1) - held)
    return np.asarray(waited, dtype=np.int64)


def _group(
    triangle: Triangle, name: str, rows: Ints, age: Ints, share: float, own: Patience, budget: Budget
) -> list[Priced]:
    start = len(triangle.weeks) - age.shape[1]
    submitted = triangle.submitted[rows][:, ::-1][:, start:]
    seen = (triangle.submitted[rows] - triangle.decided[rows].sum(axis=2))[:, ::-1][:, start:]
    scopes = tuple(_scope(name, *triangle.keys[r]) for r in rows)
    watched = Watched(name, share, scopes, tuple(str(start) for _ in rows), rows, seen, submitted, seen)
    expected = submitted * own.open_share[rows[:, None], age]
    recent = slice(0, windows.SIZES[-1])
    rate = expected[:, recent].sum(1) / np.maximum(submitted[:, recent].sum(1), 1.0)
    known = Usual(rate, own.error[rows], expected)
    return counts.findings_of(KIND, watched, known, triangle.as_of, budget, skipped=start)


def _scope(level: str, payer: int, key: str) -> Scope:
    return Scope(payer, key if level == "procedure" else "", "", key if level == "location" else "")
