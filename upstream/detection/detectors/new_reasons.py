"""A denial reason that a payer never gave before, or never for this procedure, and now gives more than once or twice.

"Never" has a price: after `past` decisions without one, a reason's rate is Gamma(1/2, past), so that k denials among
`since` further decisions have a negative binomial tail. Denials that come in one remittance are counted for less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import log10

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import counts, tails
from upstream.detection.detectors.facts import ClaimFacts
from upstream.detection.detectors.findings import ADVERSE, Finding
from upstream.detection.detectors.masks import NO_MASKS, Masks
from upstream.detection.detectors.windows import SIZES
from upstream.detection.rules import DENIAL, NEW_REASON, Budget
from upstream.detection.spans import BY_DECISION, MIN_WEEKS, SPAN
from upstream.detection.triangle import DECIDED, ONE_WEEK, REFUSED

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

METRIC = "denial_rate"
SHARES = {"reason": 0.5, "procedure_reason": 0.5}
LEAST_DENIALS, LEAST_PAST = 3, 40
TOGETHER = 0.05
REPLACED, SURELY = 0.7, 1.5


@dataclass(frozen=True)
class Decided:
    """Decided claims of one payer: weeks back of the decision, procedure, and reason (-1 unless denied)."""

    facts: ClaimFacts
    back: Ints
    procedure: Ints
    reason: Ints
    denied: Bools


@dataclass(frozen=True)
class First:
    """A reason (of one procedure, or -1 for all) whose denials all lie in the newest `weeks`."""

    procedure: int
    reason: int
    weeks: int
    denials: int
    since: int
    past: int

    @property
    def raw(self) -> float:
        """log10 of one over the chance of so many after none."""
        if self.past < LEAST_PAST:
            return 0.0
        worth = self.denials / (1.0 + TOGETHER * (self.denials - 1))
        mean = 0.5 * self.since / self.past
        variance = mean * (1.0 + self.since / self.past)
        return -float(tails.log10_at_least(np.array([worth]), np.array([mean]), np.array([variance]))[0])


def judge(
    facts: Mapping[int, ClaimFacts], as_of: np.datetime64, budget: Budget, calendar: Masks = NO_MASKS
) -> list[Finding]:
    """Reasons of payers, and pairs of procedure and reason, that are new and deny, strongest first.

    Their evidence is put on the scale of the denial family, whose findings they join.
    """
    decided = {payer: _decided(own, as_of, calendar) for payer, own in facts.items()}
    reasons = len({name for own in facts.values() for name in own.reasons})
    found: list[Finding] = []
    series = {"reason": len(decided) * reasons, "procedure_reason": reasons * sum(_codes(d) for d in decided.values())}
    for payer, own in decided.items():
        if not own.back.size or own.back.max() < MIN_WEEKS:
            continue
        for level, firsts in (("reason", _reasons(own)), ("procedure_reason", _pairs(own))):
            taken_off = log10(max(series[level], 1) / SHARES[level])
            found += [f for first in firsts if (f := _finding(own, payer, level, first, taken_off, as_of, budget))]
    return sorted(found, key=lambda f: -f.evidence)


def _decided(facts: ClaimFacts, as_of: np.datetime64, masks: Masks) -> Decided:
    rows = np.flatnonzero((facts.known_week <= as_of) & (facts.submitted_week <= as_of) & (facts.outcome > 0))
    rows = rows[~masks.left_out(facts.payer, facts.known_week[rows])] if masks else rows
    back = np.asarray((as_of - facts.known_week[rows]) // ONE_WEEK, dtype=np.int64)
    outcome = facts.outcome[rows]
    rows, back, outcome = (part[np.isin(outcome, DECIDED)] for part in (rows, back, outcome))
    return Decided(facts, back, facts.procedure[rows], facts.reason[rows], np.isin(outcome, REFUSED))


def _codes(own: Decided) -> int:
    """Procedures with past enough to say never."""
    return int((np.bincount(own.procedure[own.back >= SIZES[-1]]) >= LEAST_PAST).sum()) if own.back.size else 0


def _reasons(own: Decided) -> list[First]:
    """New reasons over all procedures with a past: what a new procedure is denied for is nothing new of the payer."""
    firsts = []
    for reason, weeks in _new(own.reason, own):
        past = own.back >= weeks
        known = np.bincount(own.procedure[past], minlength=len(own.facts.procedures))[own.procedure] >= LEAST_PAST
        hit = known & (own.reason == reason)
        if not _replaces(own, known, weeks, int(hit.sum())):
            firsts.append(
                First(-1, reason, weeks, int(hit.sum()), int((known & ~past).sum()), int((known & past).sum()))
            )
    return firsts


def _pairs(own: Decided) -> list[First]:
    width = len(own.facts.reasons)
    firsts = []
    for pair, weeks in _new(np.where(own.reason >= 0, own.procedure * width + own.reason, -1), own):
        procedure, reason = divmod(pair, width)
        mine, past = own.procedure == procedure, own.back >= weeks
        hit = int((mine & (own.reason == reason)).sum())
        if not _replaces(own, mine, weeks, hit):
            firsts.append(First(procedure, reason, weeks, hit, int((mine & ~past).sum()), int((mine & past).sum())))
    return firsts


def _new(key: Ints, own: Decided) -> list[tuple[int, int]]:
    """Keys with denials enough whose first denial is at most 12 weeks old, with the window that holds them all."""
    size = int(key.max()) + 1 if key.size else 0
    first, number = np.full(size, -1), np.bincount(key[key >= 0], minlength=size)
    np.maximum.at(first, key[key >= 0], own.back[key >= 0])
    found = np.flatnonzero((number >= LEAST_DENIALS) & (first >= 0) & (first < SIZES[-1]))
    return [(int(k), next(weeks for weeks in SIZES if weeks > first[k])) for k in found]


def _replaces(own: Decided, mine: Bools, weeks: int, hits: int) -> bool:
    """Whether as many denials for other reasons are missing: then the payer only gives its reason another name."""
    before = mine & (own.back >= weeks) & (own.back < weeks + SPAN)
    window = mine & (own.back < weeks)
    usual = float(own.denied[before].mean()) if before.any() else 0.0
    expected = usual * float(window.sum())
    missing = expected - (float((window & own.denied).sum()) - hits)
    return missing >= REPLACED * hits and missing > SURELY * expected**0.5


def _finding(
    own: Decided, payer: int, level: str, first: First, taken_off: float, as_of: np.datetime64, budget: Budget
) -> Finding | None:
    harder = budget.evidence_for(NEW_REASON) - budget.evidence_for(DENIAL)
    evidence = first.raw - taken_off - harder
    strength = budget.strength(evidence, DENIAL)
    if strength is None or not own.facts.reasons[first.reason]:
        return None
    chosen = own.procedure == first.procedure if first.procedure >= 0 else np.ones_like(own.denied)
    hit = chosen & (own.reason == first.reason)
    length = int(own.back.max()) + 1
    seen, of = (np.bincount(own.back[part], minlength=length).astype(np.float64) for part in (hit, chosen))
    began = int(own.back[hit].max())
    low, mid, high = _rate(first)
    named = (own.facts.procedures[first.procedure] if first.procedure >= 0 else "", own.facts.reasons[first.reason])
    return Finding(
        level=level,
        payer=payer,
        key="|".join(part for part in named if part),
        metric=METRIC,
        direction=ADVERSE,
        as_of=as_of,
        clock=BY_DECISION,
        weeks_back=first.weeks,
        onset=as_of - began * ONE_WEEK,
        onset_low=as_of - (first.weeks - 1) * ONE_WEEK,
        onset_high=as_of - began * ONE_WEEK,
        p_value=float(10**-first.raw),
        evidence=evidence,
        strength=strength,
        baseline_rate=0.0,
        current_rate=mid,
        current_low=low,
        current_high=high,
        observed=float(first.denials),
        expected=0.5 * first.since / max(first.past, 1),
        chart=partial(counts.shares_by_week, seen, of, 0.0, as_of),
    )


def _rate(first: First) -> tuple[float, float, float]:
    """Denied share since, with a 95 % interval of the count."""
    reach = 1.96 * first.denials**0.5
    low, mid, high = (max(first.denials + d, 0.0) / max(first.since, 1) for d in (-reach, 0.0, reach))
    return low, mid, min(high, 1.0)
