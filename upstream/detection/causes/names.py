"""Payer names: claims that came to this payer under another name, or were led to it by a person. Pure."""

import numpy as np

from upstream.detection.causes.arrivals import Arrival, judged, of_index
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.parts import newcomers
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out

NAME = Arrival(Cause.NAMES, "payer name", "")


def payer_names(evidence: Evidence) -> Verdict:
    """Names that people moved as it began, then names that files did not use before."""
    case, kinds = evidence.case, evidence.kinds
    moves = [m for m in evidence.context.moves if evidence.payer in m.payers and evidence.near_onset(m.day)]
    moved = np.isin(kinds.raw, sorted({raw for move in moves for raw in move.raws}))
    if (moved & case.since).any():
        return judged(evidence, moved, NAME, "names that were decided on in these weeks")
    words = evidence.books.raws(np.unique(kinds.raw[case.since]))
    labelled = of_index(kinds.raw, dict(words))
    part = newcomers(case, labelled.index, labelled.known)
    if (part & case.since).any():
        return judged(evidence, part, NAME, "a payer name that is new")
    if moves:
        said = "Names of this payer were decided on in these weeks; none of these claims stood under them."
        return Verdict(Cause.NAMES, Ruling.POSSIBLE, None, "names decided on as it began", said)
    return ruled_out(Cause.NAMES, "same names as before", "No name of this payer is new or was moved as it began.")
