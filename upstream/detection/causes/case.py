"""One change as innocent causes look at it: its payer's claims, what is complained of, what of that is usual. Pure.

Every claim since the onset carries what was seen (a denial, a claim without answer, cents short) and what is usual for
its age and procedure; the difference, summed over any part of the claims, is what that part has of the change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upstream.detection.claimrows import FAR, Claims
from upstream.detection.grouping import IncidentDraft
from upstream.detection.rules import DELAY, DENIAL, UNDERPAYMENT
from upstream.detection.spans import BY_DECISION, SPAN
from upstream.detection.triangle import LAGS, ONE_WEEK, PAID, PENDING

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Weeks = NDArray[np.datetime64]

AGE_WEIGHT, KIND_WEIGHT = 10.0, 20.0
LEAST_EXCESS = 1e-9


@dataclass(frozen=True)
class Case:
    """`claims` of the payer as known at the end of `week`; `since` those judged since the onset, `before` those before.

    `seen` and `usual` are per claim, over both; `counted` says what they count. `when` is the week that counts for the
    draft's clock, FAR for a claim that has none.
    """

    draft: IncidentDraft
    week: np.datetime64
    claims: Claims
    when: Weeks
    since: Bools
    before: Bools
    seen: Floats
    usual: Floats
    counted: str

    @property
    def excess(self) -> float:
        """What was seen since the onset beyond the usual."""
        return self.excess_of(self.since)

    def excess_of(self, part: Bools) -> float:
        inside = self.since & part
        return float((self.seen - self.usual)[inside].sum())

    def share_of(self, part: Bools) -> float:
        """What a part of the claims has of the whole change, 0 to 1."""
        return min(max(self.excess_of(part) / max(self.excess, LEAST_EXCESS), 0.0), 1.0)

    def size_of(self, part: Bools) -> float:
        """Which share of the change a part would have if it were spread evenly over all claims."""
        weight = self.usual if self.draft.family in (DENIAL, DELAY) else np.ones(len(self.usual))
        whole = float(weight[self.since].sum())
        return float(weight[self.since & part].sum()) / whole if whole > 0 else 0.0

    def said(self, part: Bools) -> str:
        """ "34 of 41 extra denials" or "$1,200 of $1,500 short"."""
        mine, whole = max(self.excess_of(part), 0.0), max(self.excess, 0.0)
        if self.draft.family == UNDERPAYMENT:
            return f"${mine / 100:,.0f} of ${whole / 100:,.0f} {self.counted}"
        return f"{mine:,.0f} of {whole:,.0f} {self.counted}"


def case_of(claims: Claims, week: np.datetime64, draft: IncidentDraft, behind: Ints) -> Case:
    """The case of a draft; `claims` as known at the end of `week`, `behind` the ids of those that it is about."""
    mine = claims.of_payer(draft.scope.payer)
    when = mine.decision_week if draft.clock == BY_DECISION else mine.submitted_week
    build = {DENIAL: _denials, DELAY: _waiting, UNDERPAYMENT: _short}.get(draft.family)
    return build(mine, when, week, draft) if build else _others(mine, when, week, draft, behind)


def _inside(claims: Claims, draft: IncidentDraft) -> Bools:
    """The claims of the draft's procedure, place and price band, whatever their outcome."""
    found = np.ones(len(claims.claim), dtype=np.bool_)
    scope, names = draft.scope, claims.labels
    if scope.procedure_code:
        found &= np.array(names.procedures)[claims.procedure] == scope.procedure_code
    if scope.location:
        found &= np.array(names.locations)[claims.location] == scope.location
    return found & claims.dear if draft.metric == "denial_dollars" else found


def _usual_weeks(when: Weeks, draft: IncidentDraft) -> Bools:
    return np.asarray((when < draft.onset_low) & (when >= draft.onset_low - SPAN * ONE_WEEK), dtype=np.bool_)


def age_of(claims: Claims) -> Ints:
    """Weeks from submission to decision, at most LAGS - 1; LAGS for the undecided."""
    lag = ((claims.decision_week - claims.submitted_week) // ONE_WEEK).astype(np.int64)
    return np.where(claims.decision_week == FAR, LAGS, np.clip(lag, 0, LAGS - 1))


def _denials(claims: Claims, when: Weeks, week: np.datetime64, draft: IncidentDraft) -> Case:
    decided = (claims.decision_week < FAR) & _inside(claims, draft)
    seen = claims.denied & decided
    if draft.scope.denial_reason:
        seen &= np.array([*claims.labels.reasons, ""])[claims.reason] == draft.scope.denial_reason
    since, before = decided & (when >= draft.onset), decided & _usual_weeks(claims.decision_week, draft)
    value = seen.astype(np.float64)
    rate = (value[before].sum() + 0.5) / (before.sum() + AGE_WEIGHT)
    usual = np.full(len(value), float(rate))
    for kind in (age_of(claims), claims.procedure):
        usual = np.minimum(usual * factors(kind, value, usual, before)[kind], 0.97)
    return Case(draft, week, claims, when, since, before, value, usual, "extra denials")


def _waiting(claims: Claims, _when: Weeks, week: np.datetime64, draft: IncidentDraft) -> Case:
    """A claim waits longer than usual when it is still without answer at an age at which most others had theirs."""
    inside = _inside(claims, draft)
    age = np.clip(((week - claims.submitted_week) // ONE_WEEK).astype(np.int64), 0, LAGS - 1)
    ripe = claims.submitted_week < draft.onset_low - LAGS * ONE_WEEK
    before = inside & ripe & (claims.submitted_week >= draft.onset_low - (LAGS + SPAN) * ONE_WEEK)
    waited = age_of(claims)
    counts = np.bincount(waited[before], minlength=LAGS + 1).astype(np.float64)
    waits = 1.0 - np.cumsum(counts)[:LAGS] / max(counts.sum(), 1.0)
    since = inside & (claims.submitted_week >= draft.onset - LAGS * ONE_WEEK) & (waits[age] < 0.5)
    seen = np.where(before, waited.astype(np.float64), (claims.outcome == PENDING).astype(np.float64))
    usual = np.where(before, float(waited[before].mean()) if before.any() else 1.0, waits[age])
    return Case(draft, week, claims, claims.submitted_week, since, before, seen, usual, "claims without an answer")


def _short(claims: Claims, when: Weeks, week: np.datetime64, draft: IncidentDraft) -> Case:
    """Cents that a paid claim brought less than its procedure used to, by its own charge."""
    paid = (claims.outcome == PAID) & (claims.allowed > 0) & (claims.billed > 0) & _inside(claims, draft)
    since, before = paid & (when >= draft.onset), paid & _usual_weeks(claims.decision_week, draft)
    expected = expected_cents(claims, claims.procedure, before)
    since &= expected > 0
    seen = np.where(since | before, expected - claims.allowed, 0.0)
    return Case(draft, week, claims, when, since, before, seen, np.zeros(len(seen)), "short")


def expected_cents(claims: Claims, kind: Ints, before: Bools) -> Floats:
    """Each claim's charge times the median allowed share that its kind had before; 0 where it had none."""
    ratio = claims.allowed / np.maximum(claims.billed, 1)
    kinds, at = np.unique(kind, return_inverse=True)
    middle = np.zeros(len(kinds))
    order = np.flatnonzero(before)[np.argsort(at[before], kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(at[order])) + 1):
        if len(group):
            middle[at[group[0]]] = np.median(ratio[group])
    return np.asarray(middle[at.reshape(-1)] * claims.billed, dtype=np.float64)


def _others(claims: Claims, when: Weeks, week: np.datetime64, draft: IncidentDraft, behind: Ints) -> Case:
    """Of families without a rate of their own: the claims behind the draft, over all that its weeks hold."""
    seen = np.isin(claims.claim, behind)
    inside = _inside(claims, draft)
    since = inside & ((when >= draft.onset) & (when < FAR) | seen)
    before = inside & _usual_weeks(when, draft) & ~since
    extra = max(draft.observed - draft.expected, 0.0) / max(draft.observed, 1.0) if draft.observed > 0 else 1.0
    usual = np.where(since, seen.sum() * (1.0 - extra) / max(int(since.sum()), 1), 0.0)
    return Case(draft, week, claims, when, since, before, seen.astype(np.float64), usual, "claims of this incident")


def factors(kind: Ints, seen: Floats, usual: Floats, before: Bools) -> Floats:
    """By kind: how much more was seen before than the usual says, thin kinds drawn to 1."""
    size = int(kind.max(initial=0)) + 1
    found = np.bincount(kind[before], seen[before], size)
    expected = np.bincount(kind[before], usual[before], size)
    weight = KIND_WEIGHT * float(usual[before].mean()) if before.any() else 1.0
    return np.asarray((found + weight) / (expected + weight), dtype=np.float64)
