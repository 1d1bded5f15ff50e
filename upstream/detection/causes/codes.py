"""A new meaning of a reason code on our map: what did not count as a denial may count as one now. Pure."""

import numpy as np

from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, listed, ruled_out, ruling_of
from upstream.detection.rules import DENIAL


def new_meaning(evidence: Evidence) -> Verdict:
    """Codes that were given another meaning in the weeks in which the change began, and their part in it."""
    case = evidence.case
    if case.draft.family != DENIAL:
        return ruled_out(Cause.CODES, "reasons play no part", "Reason codes make no difference to this count.")
    changed = {made.carc: made for made in evidence.context.meanings if evidence.near_onset(made.day)}
    if not changed:
        return ruled_out(Cause.CODES, "no code changed its meaning", "Our map of reason codes is as it was.")
    carcs = np.array([name.rpartition("-")[2] for name in (*case.claims.labels.reasons, "")])[case.claims.reason]
    part = np.isin(carcs, sorted(changed))
    share = case.share_of(part)
    names = listed(sorted(changed))
    whose = "by your own word" if any(made.own for made in changed.values()) else "on our map"
    numbers = f"{case.said(part)} for {names}, changed {whose}"
    words = {
        Ruling.RULED_OUT: f"Codes that changed their meaning ({names}) have no part in it.",
        Ruling.POSSIBLE: f"Codes that changed their meaning ({names}) have a part in it.",
    }.get(ruling_of(share), f"The reason {names} counts as something else since: that alone may make the change.")
    return Verdict(Cause.CODES, ruling_of(share), share, numbers, words)
