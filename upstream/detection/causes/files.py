"""Missing or double files: claims that did not come, came twice, or answers that stopped altogether. Pure."""

import numpy as np

from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out, ruling_of
from upstream.detection.claimrows import FAR
from upstream.detection.rules import DELAY, SILENCE
from upstream.detection.triangle import ONE_WEEK

RECENT, BEFORE = 4, 26
HALF, DROP, TWICE = 0.5, 0.7, 2.0
LEAST_CHANCE = 0.001
LEAST_ANSWERS = 8.0
DOUBLED = "repeated_claims"
WAITING = (DELAY, SILENCE)


def files(evidence: Evidence) -> Verdict:
    """What weighs most of: half of the claims gone, double rows, silence beyond the rhythm, twice as many claims."""
    volume = volume_of(evidence)
    numbers = f"{volume:.0%} of the usual claims in the last {RECENT} weeks"
    if volume < HALF:
        return Verdict(Cause.FILES, Ruling.EXPLAINS, 1.0, numbers, "Half of the payer's claims are missing.")
    if (silent := _silent(evidence)) is not None:
        return silent
    if (double := _double(evidence, numbers)) is not None:
        return double
    if volume < DROP or volume >= TWICE:
        words = "Fewer claims came than usual." if volume < DROP else "Far more claims came than usual."
        return Verdict(Cause.FILES, Ruling.POSSIBLE, None, numbers, f"{words} Look whether every file came once.")
    return ruled_out(Cause.FILES, numbers, "About as many claims came as usual, and none of them twice.")


def volume_of(evidence: Evidence) -> float:
    """Claims a week in the last 4 weeks as a share of the 26 weeks before; 1 where nothing can be said.

    Weeks that are left out count on neither side.
    """
    every = evidence.case.week - np.arange(RECENT + BEFORE) * ONE_WEEK
    kept = ~evidence.masks.left_out(evidence.payer, every)
    weeks = ((evidence.case.week - evidence.case.claims.submitted_week) // ONE_WEEK).astype(np.int64)
    counts = np.bincount(weeks[(weeks >= 0) & (weeks < len(every))], minlength=len(every))[kept]
    recent = np.arange(len(every))[kept] < RECENT
    if not recent.any() or not counts[~recent].sum():
        return 1.0
    return float(counts[recent].mean() / counts[~recent].mean())


def _silent(evidence: Evidence) -> Verdict | None:
    """Where answers or amounts are missing: has the payer sent anything at all?"""
    case = evidence.case
    silence = (evidence.context.silences or {}).get(evidence.payer)
    if silence is not None and silence.chance <= LEAST_CHANCE:
        numbers = f"no remittance for {silence.days} days, {silence.expected:g} were due"
        words = "The payer has sent no remittance for longer than its rhythm explains: a file may be missing."
        ruling = Ruling.EXPLAINS if case.draft.family in WAITING else Ruling.POSSIBLE
        return Verdict(Cause.FILES, ruling, 1.0 if ruling is Ruling.EXPLAINS else None, numbers, words)
    if case.draft.family not in WAITING:
        return None
    weeks = np.where(case.claims.decision_week < FAR, case.claims.decision_week, np.datetime64("NaT", "D"))
    since = int(((weeks >= case.draft.onset) & (weeks <= case.week)).sum())
    span = int((case.week - case.draft.onset) // ONE_WEEK) + 1
    usual = ((weeks >= case.draft.onset - BEFORE * ONE_WEEK) & (weeks < case.draft.onset)).sum() / BEFORE * span
    if usual >= LEAST_ANSWERS and since <= usual / 10:
        words = "Hardly any answer of the payer came since: look for a missing file first."
        return Verdict(Cause.FILES, Ruling.EXPLAINS, 1.0, f"{since:,} answers, usually {usual:,.0f}", words)
    return None


def _double(evidence: Evidence, numbers: str) -> Verdict | None:
    """Claims of files in which the same claims stand under other numbers."""
    case = evidence.case
    mine = [doubt for doubt in evidence.context.doubts if doubt.payer in (None, evidence.payer)]
    found = {doubt.batch: doubt.count for doubt in mine if doubt.check == DOUBLED}
    inside = np.isin(evidence.kinds.batch, sorted(found))
    if not (inside & case.since).any():
        return None
    share = case.share_of(inside)
    words = f"{sum(found.values()):,} claims of recent files are there under another number already."
    return Verdict(Cause.FILES, ruling_of(share), share, f"{case.said(inside)} in such files; {numbers}", words)
