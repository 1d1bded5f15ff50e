"""Money taken back: payments that a payer reverses, and provider adjustments that carry out what no answer told of.

No sum counts twice. A claim's reversal and its new answer are one change of what was paid. A provider adjustment of a
claim that was reversed only carries that out, as does one whose amount an earlier adjustment had put off. Balances that
are carried from one remittance to the next take nothing.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.detectors import counts
from upstream.detection.detectors.counts import Kind, Watched
from upstream.detection.detectors.findings import Finding
from upstream.detection.detectors.masks import NO_MASKS, Masks, Mondays
from upstream.detection.detectors.scope import Scope
from upstream.detection.rules import TAKE_BACKS, Budget
from upstream.detection.spans import BY_DECISION, GAP, MIN_WEEKS, SPAN
from upstream.detection.triangle import ONE_WEEK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Weeks = NDArray[np.datetime64]

METRIC = "take_backs"
KIND = Kind(METRIC, TAKE_BACKS, BY_DECISION, drift=0.15, wobble=0.3)
SHARES = {"payer": 0.7, "procedure": 0.3}
LOOK_BACK = GAP + SPAN
PAID_WEEKS = 12
LEAST_PAID = 30


@dataclass(frozen=True)
class Answers:
    """Every answer to the claims that were ever reversed, one row each; `moment` orders them, `paid` is as sent."""

    claim: Ints
    payer: Ints
    moment: Ints
    known_week: Weeks
    reversal: Bools
    paid: Ints

    def only(self, kept: Bools | Ints) -> "Answers":
        names = ("claim", "payer", "moment", "known_week", "reversal", "paid")
        return Answers(*(getattr(self, name)[kept] for name in names))


@dataclass(frozen=True)
class Adjusted:
    """Provider adjustments that take money or put that off, one row each: positive `cents` take.

    `reference` is a number for what the payer refers to, 0 for nothing; `claim` the claim of that number, 0 for none.
    """

    payer: Ints
    moment: Ints
    known_week: Weeks
    reference: Ints
    claim: Ints
    cents: Ints

    def only(self, kept: Bools) -> "Adjusted":
        names = ("payer", "moment", "known_week", "reference", "claim", "cents")
        return Adjusted(*(getattr(self, name)[kept] for name in names))


@dataclass(frozen=True)
class Taken:
    """What was taken back, one row an amount of one claim (0: of none that is known), with the week it became known."""

    claim: Ints
    payer: Ints
    known_week: Weeks
    cents: Ints

    def only(self, kept: Bools) -> "Taken":
        return Taken(self.claim[kept], self.payer[kept], self.known_week[kept], self.cents[kept])


def taken_of(answers: Answers, adjusted: Adjusted, as_of: np.datetime64) -> Taken:
    """Each amount once, as known at the end of the week of `as_of`."""
    reversed_ = _reversed(answers.only(answers.known_week <= as_of))
    carried = _adjusted(adjusted.only(adjusted.known_week <= as_of), reversed_)
    return Taken(*(np.concatenate([getattr(part, name) for part in (reversed_, carried)]) for name in _COLUMNS))


_COLUMNS = ("claim", "payer", "known_week", "cents")


def _reversed(answers: Answers) -> Taken:
    """What is paid less on each claim since its first reversal, where it is less."""
    rows = np.lexsort((answers.moment, answers.payer, answers.claim))
    answers = answers.only(rows)
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (np.diff(answers.claim) != 0) | (np.diff(answers.payer) != 0)
    group = np.cumsum(new) - 1
    number = int(new.sum())
    never = np.iinfo(np.int64).max
    first = np.full(number, never)
    np.minimum.at(first, group[answers.reversal], answers.moment[answers.reversal])
    before = answers.moment < first[group]
    # Answer and reversal in one file: the first answer of that moment is what was taken back.
    alone = np.bincount(group, before, number) == 0
    same = np.flatnonzero(~answers.reversal & (answers.moment == first[group]) & alone[group])
    opening = before.copy()
    opening[same[np.unique(group[same], return_index=True)[1]]] = True
    balance = np.bincount(group, answers.paid, number)
    was = np.bincount(group, np.where(opening, answers.paid, 0), number)
    less = np.rint(was - balance).astype(np.int64)
    at = np.flatnonzero(new)
    week = np.full(number, np.datetime64("NaT", "D"))
    lead = answers.reversal & (answers.moment == first[group])
    week[group[lead]] = answers.known_week[lead]
    kept = (first < never) & (less > 0)
    return Taken(answers.claim[at][kept], answers.payer[at][kept], week[kept], less[kept])


def _adjusted(adjusted: Adjusted, reversed_: Taken) -> Taken:
    """Adjustments that take what neither a reversal nor an earlier, put off amount has told of."""
    told = set(zip(reversed_.payer.tolist(), reversed_.claim.tolist(), strict=True))
    put_off: defaultdict[tuple[int, int], int] = defaultdict(int)
    kept, cents = [], []
    for i in np.lexsort((adjusted.cents, adjusted.moment)).tolist():
        payer, claim, amount = int(adjusted.payer[i]), int(adjusted.claim[i]), int(adjusted.cents[i])
        key = (payer, int(adjusted.reference[i]))
        if amount < 0:
            put_off[key] -= amount
            continue
        if (payer, claim) in told:
            continue
        carried = min(put_off[key], amount)
        put_off[key] -= carried
        amount -= carried
        if amount > 0:
            kept.append(i)
            cents.append(amount)
    at = np.array(kept, dtype=np.int64)
    return Taken(adjusted.claim[at], adjusted.payer[at], adjusted.known_week[at], np.array(cents, dtype=np.int64))


@dataclass(frozen=True)
class Payments:
    """Paid claims, one row each: payer, procedure (index) and the week in which the payment became known."""

    procedures: tuple[str, ...]
    claim: Ints
    payer: Ints
    procedure: Ints
    known_week: Weeks


def judge(
    taken: Taken, payments: Payments, as_of: np.datetime64, budget: Budget, calendar: Masks = NO_MASKS
) -> list[Finding]:
    """Payers and procedures of which more, or less, is taken back than usual, strongest first.

    Counted are amounts by the week in which they became known, among the payments of the 12 weeks up to it.
    """
    taken = taken.only(~calendar.hold(taken.payer, taken.known_week))
    payers = [p for p in np.unique(payments.payer).tolist() if _is_ripe(payments, p, as_of)]
    if not payers or not taken.cents.size:
        return []
    place = np.searchsorted(payments.claim, taken.claim)
    known = payments.claim[np.minimum(place, len(payments.claim) - 1)] == taken.claim
    procedure = np.where(known, payments.procedure[np.minimum(place, len(payments.claim) - 1)], -1)
    top = _watched(taken, payments, [(Scope(p), p, -1) for p in payers], "payer", procedure, as_of, calendar)
    usual = counts.usual_of(top, counts.tenant_rate(top))
    found = counts.findings_of(KIND, top, usual, as_of, budget)
    hit = np.unique(np.stack([taken.payer[known], procedure[known]]), axis=1).T.tolist()
    parts = [(Scope(p, payments.procedures[c]), p, c) for p, c in hit if p in payers and payments.procedures[c]]
    parts = [part for part in parts if _paid_lately(payments, part[1], part[2], as_of) >= LEAST_PAID]
    if parts:
        below = _watched(taken, payments, parts, "procedure", procedure, as_of, calendar)
        row = {payer: i for i, payer in enumerate(payers)}
        prior = usual.rate[np.array([row[p] for _, p, _ in parts], dtype=np.int64)]
        found += counts.findings_of(KIND, below, counts.usual_of(below, prior), as_of, budget)
    return counts.described(found)


def _is_ripe(payments: Payments, payer: int, as_of: np.datetime64) -> bool:
    mine = payments.known_week[payments.payer == payer]
    return len(mine) >= LEAST_PAID and bool((as_of - mine.min()) // ONE_WEEK >= GAP + MIN_WEEKS)


def _paid_lately(payments: Payments, payer: int, code: int, as_of: np.datetime64) -> int:
    mine = (payments.payer == payer) & (payments.procedure == code)
    return int((payments.known_week[mine] > as_of - SPAN * ONE_WEEK).sum())


def _watched(
    taken: Taken, payments: Payments, parts: list[tuple[Scope, int, int]], level: str, procedure: Ints,
    as_of: np.datetime64, calendar: Masks,
) -> Watched:  # fmt: skip
    rows = [
        _row(taken.only(_of(taken.payer, procedure, payer, code)),
             payments.known_week[_of(payments.payer, payments.procedure, payer, code)], as_of, calendar.of(payer))
        for _, payer, code in parts
    ]  # fmt: skip
    seen, of, cents = (np.stack([row[i] for row in rows]) for i in range(3))
    parent = np.zeros(len(parts), dtype=np.int64)
    scopes = tuple(scope for scope, _, _ in parts)
    return Watched(level, SHARES[level], scopes, ("",) * len(parts), parent, seen, of, cents)


def _of(payers: Ints, procedures: Ints, payer: int, code: int) -> Bools:
    return np.asarray((payers == payer) & ((procedures == code) | (code < 0)), dtype=np.bool_)


def _row(taken: Taken, paid: Weeks, as_of: np.datetime64, masked: Mondays) -> tuple[Floats, ...]:
    """Amounts, payments among which they are, and cents by week back; nothing in a masked week."""
    weeks = as_of - np.arange(LOOK_BACK + PAID_WEEKS) * ONE_WEEK
    counted = ~np.isin(weeks[:LOOK_BACK], sorted(masked))
    back = np.asarray((as_of - taken.known_week) // ONE_WEEK, dtype=np.int64)
    inside = back < LOOK_BACK
    number = np.bincount(back[inside], minlength=LOOK_BACK)[:LOOK_BACK]
    cents = np.bincount(back[inside], taken.cents[inside], LOOK_BACK)[:LOOK_BACK]
    paid_back = np.asarray((as_of - paid) // ONE_WEEK, dtype=np.int64)
    every = np.bincount(paid_back[(paid_back >= 0) & (paid_back < len(weeks))], minlength=len(weeks))
    total = np.concatenate([[0], np.cumsum(every)])
    among = (total[PAID_WEEKS:][:LOOK_BACK] - total[:LOOK_BACK]) / PAID_WEEKS
    return tuple(np.asarray(part * counted, dtype=np.float64) for part in (number, among, cents))
