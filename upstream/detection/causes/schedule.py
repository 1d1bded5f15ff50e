"""A new fee schedule: all procedures of a payer move by the same ratio, from the start of a quarter on. Pure."""

from datetime import date

import numpy as np

from upstream.detection.causes.case import Case, Floats
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out, unknown
from upstream.detection.rules import UNDERPAYMENT

LEAST_CLAIMS, LEAST_CODES = 5, 3
SAME, CLOSE = 0.8, 0.015
QUARTERS = ((1, 1), (4, 1), (7, 1), (10, 1))
NEAR_WEEKS = 2


def fee_schedule(evidence: Evidence) -> Verdict:
    """Only of amounts: whether one ratio fits the procedures, and whether it began at a new year or quarter."""
    case = evidence.case
    if case.draft.family != UNDERPAYMENT:
        return ruled_out(
            Cause.SCHEDULE, "amounts play no part", "What a payer allows makes no difference to this count."
        )
    ratios, claims = ratios_of(case)
    if len(ratios) < LEAST_CODES:
        words = "Too few procedures were paid since to tell one ratio for all from a cut of some."
        return unknown(Cause.SCHEDULE, words, f"{len(ratios)} procedures")
    middle = float(np.average(ratios, weights=claims))
    same = float(claims[np.abs(np.log(ratios / middle)) <= CLOSE].sum() / claims.sum())
    began = next((day for day in _starts(evidence) if evidence.near_onset(day, NEAR_WEEKS)), None)
    when = f"from about {began.day} {began:%B}" if began else "not from the start of a quarter"
    numbers = f"{same:.0%} of paid claims at {middle:.1%} of before, {when}"
    if same >= SAME and began and (began.month, began.day) == (1, 1):
        said = "All procedures moved by one ratio at the new year, as a new fee schedule does: check the contract."
        return Verdict(Cause.SCHEDULE, Ruling.EXPLAINS, same, numbers, said)
    if same >= SAME:
        said = "All procedures moved by one ratio, as a new fee schedule does: check the contract."
        return Verdict(Cause.SCHEDULE, Ruling.POSSIBLE, same, numbers, said)
    return ruled_out(Cause.SCHEDULE, numbers, "Procedures moved by different ratios: no schedule as a whole.", 0.0)


def ratios_of(case: Case) -> tuple[Floats, Floats]:
    """By procedure with enough claims: median allowed share of the charge since, over that before; and claims since."""
    share = case.claims.allowed / np.maximum(case.claims.billed, 1)
    ratios, claims = [], []
    for code in np.unique(case.claims.procedure[case.since]):
        own = case.claims.procedure == code
        now, then = share[own & case.since], share[own & case.before]
        if len(now) >= LEAST_CLAIMS and len(then) >= LEAST_CLAIMS:
            ratios.append(float(np.median(now) / np.median(then)))
            claims.append(float(len(now)))
    return np.array(ratios), np.array(claims)


def _starts(evidence: Evidence) -> list[date]:
    years = {evidence.first_day.year, evidence.last_day.year, evidence.last_day.year + 1}
    return [date(year, month, day) for year in sorted(years) for month, day in QUARTERS]
