"""Late posting: answers that come later, or that catch up, move rates by themselves. Pure."""

import numpy as np

from upstream.detection.causes.case import LEAST_EXCESS, Case, Floats, Weeks, age_of
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out, ruling_of, unknown
from upstream.detection.claimrows import FAR
from upstream.detection.rules import DELAY, DENIAL
from upstream.detection.spans import SPAN
from upstream.detection.triangle import LAGS, ONE_WEEK

BEFORE_WEEKS = 8
LEAST_ANSWERS = 20
DAYS = 7.0


def late_posting(evidence: Evidence) -> Verdict:
    """Denials: counted per submitted claim too, and against those missing just before. Delays: how late we learned."""
    case = evidence.case
    if case.draft.family == DENIAL:
        return _of_denials(case)
    if case.draft.family == DELAY:
        return _of_delay(case)
    return ruled_out(Cause.LATE, "does not matter", "When an answer comes makes no difference to what this counts.")


def _of_denials(case: Case) -> Verdict:
    """A change of speed moves denials per answered claim; denials per submitted claim it only moves in time."""
    hazard, cohorts = _hazard(case)
    if not cohorts or case.excess <= LEAST_EXCESS:
        return unknown(Cause.LATE, "There are too few claims from before to say how fast they used to be answered.")
    by_submission = float(case.seen[case.since].sum()) - _expected(case, hazard, case.draft.onset)
    missing = _missing_before(case, hazard)
    share = min(max(1.0 - by_submission / case.excess, missing / case.excess, 0.0), 1.0)
    ruling = ruling_of(share)
    numbers = f"{case.excess:,.0f} more per answered claim, {max(by_submission, 0.0):,.0f} more per submitted claim"
    if ruling is Ruling.RULED_OUT:
        words = "Denials are more per submitted claim too, so that faster or slower answers do not make them."
    elif missing / case.excess >= share - LEAST_EXCESS:
        words = f"{missing:,.0f} denials were missing in the {BEFORE_WEEKS} weeks before: the payer may be catching up."
    else:
        words = "Per submitted claim there are hardly more denials: answers come at another speed."
    return Verdict(Cause.LATE, ruling, share, numbers, words)


def _hazard(case: Case) -> tuple[Floats, int]:
    """[LAGS] denials by weeks since submission per claim of the settled cohorts, and how many claims these are."""
    claims, draft = case.claims, case.draft
    last = draft.onset_low - LAGS * ONE_WEEK
    cohort = (claims.submitted_week < last) & (claims.submitted_week >= last - SPAN * ONE_WEEK) & _asked(case)
    denied = cohort & (case.seen > 0)
    counts = np.bincount(np.minimum(age_of(claims)[denied], LAGS - 1), minlength=LAGS).astype(np.float64)
    return counts / max(int(cohort.sum()), 1), int(cohort.sum())


def _asked(case: Case) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Claims that the draft could be about, answered or not."""
    scope, claims = case.draft.scope, case.claims
    found = np.ones(len(claims.claim), dtype=np.bool_)
    if scope.procedure_code:
        found &= np.array(claims.labels.procedures)[claims.procedure] == scope.procedure_code
    if scope.location:
        found &= np.array(claims.labels.locations)[claims.location] == scope.location
    return found


def _expected(case: Case, hazard: Floats, first: np.datetime64, last: np.datetime64 | None = None) -> float:
    """Denials to expect between two weeks of the draft's clock from what was submitted, at the usual speed."""
    weeks: Weeks = case.claims.submitted_week[_asked(case)]
    until = case.week if last is None else last
    grown = np.concatenate([[0.0], np.cumsum(hazard)])
    end = np.clip(((until - weeks) // ONE_WEEK).astype(np.int64) + 1, 0, LAGS)
    if case.draft.clock != "decision":
        return float(grown[end[weeks >= first]].sum())
    begin = np.clip(((first - weeks) // ONE_WEEK).astype(np.int64), 0, LAGS)
    return float((grown[end] - grown[np.minimum(begin, end)]).sum())


def _missing_before(case: Case, hazard: Floats) -> float:
    """Denials that should have come in the weeks just before the onset and did not, beyond one standard deviation."""
    if case.draft.clock != "decision":
        return 0.0
    first, last = case.draft.onset - BEFORE_WEEKS * ONE_WEEK, case.draft.onset - ONE_WEEK
    expected = _expected(case, hazard, first, last)
    came = (case.claims.decision_week >= first) & (case.claims.decision_week <= last) & _asked(case)
    return max(expected - float(case.seen[came].sum()) - float(np.sqrt(expected + 1.0)), 0.0)


def _of_delay(case: Case) -> Verdict:
    """Of claims answered since the onset: how much later the payer's own date is, and how much later we learned."""
    claims = case.claims
    answered = (claims.decision_week < FAR) & _asked(case)
    now = answered & (claims.decision_week >= case.draft.onset)
    then = answered & case.before
    if now.sum() < LEAST_ANSWERS or then.sum() < LEAST_ANSWERS:
        return unknown(Cause.LATE, "Too few answers have come since to tell late answers from late news of them.")
    known = (claims.decision_week - claims.submitted_date).astype(np.float64)
    dated = (claims.decided_date - claims.submitted_date).astype(np.float64)
    later = float(known[now].mean() - known[then].mean())
    payers = float(dated[now].mean() - dated[then].mean())
    share = min(max((later - payers) / later, 0.0), 1.0) if later >= 1.0 else 0.0
    numbers = f"we learn {later:+.0f} days later, the payer's own dates are {payers:+.0f} days later"
    if ruling_of(share) is Ruling.EXPLAINS:
        words = "The payer's own dates are nearly as before: what comes later is the posting, or the file."
    else:
        words = "The payer's own dates are later too, so that it is not our posting alone."
    return Verdict(Cause.LATE, ruling_of(share), share, numbers, words)
