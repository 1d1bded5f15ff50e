"""One bad batch: the change sits in claims of one file, or in answers of one file or payment. Pure."""

import numpy as np

from upstream.detection.causes.case import Bools
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.parts import Concentration, concentration, largest
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out, unknown
from upstream.detection.rules import DOWN_CODING, TAKE_BACKS


def one_batch(evidence: Evidence) -> Verdict:
    """By the largest share that any one file or payment has, judged against all the others."""
    case = evidence.case
    if case.draft.family in (DOWN_CODING, TAKE_BACKS):
        return ruled_out(Cause.BATCH, "the payer's own word", "Only the payer's answer can do this, no file of ours.")
    kinds = {
        "one file of claims": evidence.kinds.batch,
        "one file of answers": case.claims.answer_batch,
        "one payment": case.claims.payment,
    }
    found: list[tuple[str, int, Concentration, Bools]] = []
    for words, kind in kinds.items():
        number = largest(case, kind)
        part = kind == number
        if number >= 0 and len(np.unique(kind[case.since & (kind >= 0)])) > 1:
            found.append((words, number, concentration(case, part), part))
    if not found:
        return unknown(Cause.BATCH, "All of it came in one file so far: the next one will tell.")
    words, number, of, part = max(found, key=lambda one: (one[2].alone, one[2].share))
    day = "" if words == "one payment" else _day(evidence, number)
    numbers = f"{case.said(part)} in {words}{day}, which holds {of.claims:,} of {int(case.since.sum()):,} claims"
    if of.alone:
        said = f"The change sits in {words}{day}; the others are as usual."
        return Verdict(Cause.BATCH, Ruling.EXPLAINS, of.share, numbers, said)
    if not of.told:
        return unknown(Cause.BATCH, "There are too few claims in other files to tell.", numbers)
    return ruled_out(Cause.BATCH, numbers, "Other files and payments show the change too.", of.share)


def _day(evidence: Evidence, number: int) -> str:
    file = evidence.books.files(np.array([number], dtype=np.int64)).get(number)
    return f" of {file.day}" if file else ""
