"""What down-coding, take-backs and silence amount to since they began: the claims behind them and their money."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upstream.core.money import show_dollars
from upstream.detection.bootstrap import seed_of
from upstream.detection.claimrows import Claims
from upstream.detection.detectors.drafts import IncidentDraft, Interval
from upstream.detection.detectors.scope import Scope
from upstream.detection.measure import Measured, monthly_cents
from upstream.detection.money import DAYS_A_WEEK, DAYS_AHEAD, Money, summed_money
from upstream.detection.prices import prices_of
from upstream.detection.rules import DOWN_CODING, SILENCE, TAKE_BACKS
from upstream.detection.triangle import ONE_WEEK, PENDING
from upstream.detection.world import View

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = list[tuple[str, float, float]]

FROM_SHARE = (
    "charge times the share of charges that the payer allows on claims of the billed code, less what it allowed"
)
FROM_PAYER = "what the payer took back"
CALLED = {
    DOWN_CODING: "claims answered with a cheaper code",
    TAKE_BACKS: "claims of which money was taken back",
    SILENCE: "claims without an answer",
}


def measure_event(view: View, draft: IncidentDraft, onset: np.datetime64) -> Measured:
    """The draft's cause since `onset`, of one of the families in CALLED."""
    if draft.family == DOWN_CODING:
        return _down_coding(view, draft, onset)
    return _take_backs(view, draft, onset) if draft.family == TAKE_BACKS else _silence(view, draft, onset)


def _down_coding(view: View, draft: IncidentDraft, onset: np.datetime64) -> Measured:
    """Claims that were answered with another code; each with what that brought less."""
    paid = view.events.paid(view.claims)
    since = paid.only(paid.inside(draft.scope) & (paid.known_week >= onset))
    hit = since.pair >= 0
    if draft.detail:
        hit &= since.pair == since.pairs.index((draft.scope.procedure_code, draft.detail))
    parts = {
        "procedure": _parts(since.code, list(since.codes), hit, draft.baseline_rate),
        "location": _parts(since.location, list(since.locations), hit, draft.baseline_rate),
    }
    claim, cents = since.claim[hit], since.short_cents[hit]
    return _measured(view, draft, _Found(claim, cents, len(hit), 0, FROM_SHARE), parts, onset)


def _take_backs(view: View, draft: IncidentDraft, onset: np.datetime64) -> Measured:
    """Claims of which money was taken back, each with how much; amounts of no claim are told beside them."""
    taken = view.events.taken(view.week)
    chosen = (taken.payer == draft.scope.payer) & (taken.known_week >= onset)
    mine = taken.only(chosen & ~view.masks.hold(taken.payer, taken.known_week))
    inside = _inside(view.claims, draft.scope)
    if draft.scope.procedure_code:
        mine = mine.only(np.isin(mine.claim, view.claims.claim[inside]))
    named = mine.claim > 0
    claim, at = np.unique(mine.claim[named], return_inverse=True)
    cents = np.bincount(at, mine.cents[named], len(claim)).astype(np.int64)
    weeks = int((view.week - onset) // ONE_WEEK) + 1
    paid = inside & (view.claims.paid > 0) & (view.claims.decision_week > view.week - 12 * ONE_WEEK)
    among = max(round(int(paid.sum()) / 12 * weeks), len(claim))
    alone = int(mine.cents[~named].sum())
    number = int((~named).sum())
    source = FROM_PAYER
    if number:
        source += f"; {show_dollars(alone)} more in provider adjustments that name no claim of ours ({number:,})"
    return _measured(view, draft, _Found(claim, cents, among, alone, source), {}, onset)


def _silence(view: View, draft: IncidentDraft, onset: np.datetime64) -> Measured:
    """Claims without an answer that are older than nearly all others were at theirs; each with what it should bring."""
    mine = view.claims.of_payer(draft.scope.payer)
    newest = view.week - int(draft.detail) * ONE_WEEK
    asked = _inside(mine, draft.scope) & (mine.submitted_week >= onset) & (mine.submitted_week <= newest)
    asked &= ~np.isin(mine.claim, view.events.statuses.turned_away()) | (mine.outcome != PENDING)
    open_ = asked & (mine.outcome == PENDING)
    prices = prices_of(mine, onset)
    labels = mine.labels
    parts = {
        "procedure": _parts(mine.procedure[asked], list(labels.procedures), open_[asked], draft.baseline_rate),
        "location": _parts(mine.location[asked], list(labels.locations), open_[asked], draft.baseline_rate),
    }
    return _measured(
        view, draft, _Found(mine.claim[open_], prices.cents[open_], int(asked.sum()), 0, prices.source), parts, onset
    )


@dataclass(frozen=True)
class _Found:
    """Claims with their cents, among how many they are, cents besides that no claim stands for, and what money is."""

    claim: Ints
    cents: Ints
    among: int
    alone: int
    source: str


def _measured(
    view: View, draft: IncidentDraft, found: _Found, parts: dict[str, Rows], onset: np.datetime64
) -> Measured:
    number = len(found.claim)
    expected = draft.baseline_rate * found.among
    each = float(found.cents.mean()) if number else 0.0
    scope = (draft.scope.procedure_code, draft.scope.denial_reason, draft.scope.location)
    seed = seed_of(draft.family, *scope, onset, view.week)
    ahead = DAYS_AHEAD / (DAYS_A_WEEK * (int((view.week - onset) // ONE_WEEK) + 1))
    lost: Money = summed_money(found.cents, found.claim, expected * each - found.alone, ahead, seed)
    reach = 1.96 * max(number, 1) ** 0.5
    low, mid, high = (min(max(number + d, 0.0) / max(found.among, 1), 1.0) for d in (-reach, 0.0, reach))
    mine = view.claims.of_payer(draft.scope.payer)
    order = np.argsort(found.claim, kind="stable")
    return Measured(
        found.claim[order], found.cents[order], number, found.among, expected, draft.baseline_rate,
        Interval(low, mid, high), replace(lost, shares=lost.shares[order]), monthly_cents(mine, view.week),
        found.source, parts, called=CALLED[draft.family],
    )  # fmt: skip


def _inside(claims: Claims, scope: Scope) -> Bools:
    """Claims of the scope's payer, procedure and place."""
    found = claims.payer == scope.payer
    if scope.procedure_code:
        found = found & (np.array(claims.labels.procedures)[claims.procedure] == scope.procedure_code)
    if scope.location:
        found = found & (np.array(claims.labels.locations)[claims.location] == scope.location)
    return np.asarray(found, dtype=np.bool_)


def _parts(key: Ints, names: list[str], hit: Bools, usual: float) -> Rows:
    """Per key how many were seen and how many the usual share of all would be, what is most beyond that first."""
    seen, every = np.bincount(key[hit], minlength=len(names)), np.bincount(key, minlength=len(names)) * usual
    order = np.argsort(-(seen - every), kind="stable")
    return [(names[i], float(seen[i]), float(every[i])) for i in order if seen[i] or every[i]]
