"""Our own release: files read in another way since the onset, or a method that had not looked before. Pure."""

import numpy as np

from upstream.detection.causes.arrivals import Arrival, judged, of_index
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.parts import newcomers
from upstream.detection.causes.verdict import Cause, Ruling, Verdict, ruled_out
from upstream.detection.layout import NOBODY

READER = Arrival(Cause.RELEASE, "way of reading", "")


def our_release(evidence: Evidence) -> Verdict:
    """The readers of claims and of answers, as files remember them; then the method."""
    case = evidence.case
    answered = np.where(case.since | case.before, case.claims.answer_batch, NOBODY)
    found = []
    for batches in (evidence.kinds.batch, answered):
        ids, at = np.unique(batches, return_inverse=True)
        files = evidence.books.files(ids[ids >= 0])
        readers = sorted({file.reader for file in files.values()})
        number = {batch: readers.index(file.reader) for batch, file in files.items()}
        kinds = of_index(np.array([number.get(batch, NOBODY) for batch in ids.tolist()])[at], dict(enumerate(readers)))
        part = newcomers(case, kinds.index, kinds.known)
        if (part & case.since).any():
            found.append(judged(evidence, part, READER, "files that are read in a new way"))
    if found:
        return max(found, key=lambda verdict: (verdict.ruling is Ruling.EXPLAINS, verdict.share or 0.0))
    since = evidence.context.method_since
    if since is not None and (evidence.last_day - since).days < 14:
        said = f"The method of detection is new since {since.day} {since:%B}: the one before had not told of this."
        return Verdict(Cause.RELEASE, Ruling.POSSIBLE, None, "new method", said)
    return ruled_out(Cause.RELEASE, "same readers, same method", "Files are read as before, and judged as before.")
