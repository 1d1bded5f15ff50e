"""Another mix of procedures, or of places of service: each claim at the rate that its kind had before. Pure."""

import numpy as np

from upstream.detection.causes.case import LEAST_EXCESS, Floats, Ints, expected_cents, factors
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out, ruling_of, unknown
from upstream.detection.detectors.mix import PROCEDURE, mix_of
from upstream.detection.rules import DENIAL, UNDERPAYMENT

POINTS = 100


def procedure_mix(evidence: Evidence) -> Verdict:
    """Of denials, as the detectors count them, the mix is taken out beforehand: the numbers say how much that was."""
    case = evidence.case
    if case.draft.scope.procedure_code:
        words = "The change is in one procedure: no mix can make it."
        return ruled_out(Cause.PROCEDURES, f"one procedure, {case.draft.scope.procedure_code}", words)
    if case.draft.family != DENIAL:
        return _by_factor(evidence, Cause.PROCEDURES, case.claims.procedure, "procedures")
    found = mix_of(case.claims.facts_of(evidence.payer), case.week, case.draft.onset)
    if found is None or abs(found.change) < LEAST_EXCESS:
        return unknown(Cause.PROCEDURES, "There are too few claims from before to compare with.")
    axis = next(axis for axis in found.axes if axis.axis == PROCEDURE)
    share = min(max(axis.explained / found.change, 0.0), 1.0)
    explained = round(axis.explained * POINTS, 1) + 0.0
    numbers = f"{explained:+.1f} of {found.change * POINTS:+.1f} points, {axis.moved:.0%} of claims moved"
    ruling = ruling_of(share)
    words = {
        Ruling.RULED_OUT: "The procedures are much the same as before, and each is compared with its own past.",
        Ruling.POSSIBLE: "Other procedures than before make part of it; what is counted here is beyond that.",
    }.get(ruling, "Other procedures than before, at their usual rates, make most of it.")
    return Verdict(Cause.PROCEDURES, ruling, share, numbers, words)


def place_mix(evidence: Evidence) -> Verdict:
    """Places of service as the files name them: office, hospital, surgery center."""
    place = evidence.kinds.place
    if not (place.known & evidence.case.since).any():
        return unknown(Cause.PLACES, "The files name no place of service.")
    return _by_factor(evidence, Cause.PLACES, place.index, "places of service")


def _by_factor(evidence: Evidence, cause: Cause, kind: Ints, words: str) -> Verdict:
    """What the change loses when each kind is compared with its own past."""
    case = evidence.case
    if not case.before.any() or case.excess <= LEAST_EXCESS:
        return unknown(cause, "There are too few claims from before to compare with.")
    if case.draft.family != UNDERPAYMENT and not case.usual[case.before].any():
        return unknown(cause, f"There was next to none of this before, whatever the {words}.")
    usual = _usual(evidence, kind)
    explained = float((usual - case.usual)[case.since].sum())
    share = min(max(explained / case.excess, 0.0), 1.0)
    moved = _moved(evidence, kind)
    numbers = f"{share:.0%} of the change, {moved:.0%} of claims moved"
    said = f"The {words} are much as before." if moved < 0.1 else f"Other {words} than before do not make it."
    if ruling_of(share) is Ruling.RULED_OUT:
        return ruled_out(cause, numbers, said, share)
    part = "most" if ruling_of(share) is Ruling.EXPLAINS else "part"
    return Verdict(cause, ruling_of(share), share, numbers, f"Other {words} than before make {part} of it.")


def _usual(evidence: Evidence, kind: Ints) -> Floats:
    case = evidence.case
    if case.draft.family == UNDERPAYMENT:
        both = case.claims.procedure * (int(kind.max(initial=0)) + 1) + kind
        own = expected_cents(case.claims, both, case.before)
        plain = expected_cents(case.claims, case.claims.procedure, case.before)
        return np.asarray(np.where(own > 0, plain - own, 0.0), dtype=np.float64)
    return np.asarray(case.usual * factors(kind, case.seen, case.usual, case.before)[kind], dtype=np.float64)


def _moved(evidence: Evidence, kind: Ints) -> float:
    """Share of the claims that changed kind: 0 for the same mix, 1 for nothing in common."""
    case, size = evidence.case, int(kind.max(initial=0)) + 1
    was, now = (np.bincount(kind[part], minlength=size) / max(int(part.sum()), 1) for part in (case.before, case.since))
    return float(np.abs(now - was).sum() / 2)
