"""The one place that runs all innocent causes over a draft. Pure: what was known stands in the view and the context."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from upstream.detection.causes.arrivals import new_provider, new_site
from upstream.detection.causes.batches import one_batch
from upstream.detection.causes.case import Ints, case_of
from upstream.detection.causes.codes import new_meaning
from upstream.detection.causes.context import Context
from upstream.detection.causes.evidence import Evidence
from upstream.detection.causes.files import files
from upstream.detection.causes.late import late_posting
from upstream.detection.causes.mix import place_mix, procedure_mix
from upstream.detection.causes.names import payer_names
from upstream.detection.causes.release import our_release
from upstream.detection.causes.schedule import fee_schedule
from upstream.detection.causes.sent import Books, Kinds
from upstream.detection.causes.verdict import Verdict, winner
from upstream.detection.causes.weeks import calendar
from upstream.detection.detectors.findings import ADVERSE
from upstream.detection.grouping import IncidentDraft
from upstream.detection.world import View

CAUSES: tuple[Callable[[Evidence], Verdict], ...] = (
    late_posting, files, one_batch, payer_names, procedure_mix, place_mix, new_provider, new_site, calendar,
    fee_schedule, our_release, new_meaning,
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """All verdicts on one draft, the cause that explains it ("" for none), and a hash of what was looked up."""

    verdicts: tuple[Verdict, ...] = ()
    cause: str = ""
    seen: str = ""

    def kept(self) -> Mapping[str, Any]:
        """As a finding keeps it."""
        return {"verdicts": [v.kept() for v in self.verdicts], "innocent": self.cause, "looked_up": self.seen}


NOT_JUDGED = Judged()


def judge(view: View, draft: IncidentDraft, behind: Ints, context: Context, books: Books) -> Judged:
    """The verdicts on a change for the worse; none on one for the better. `behind`: ids of the claims it is about."""
    if draft.direction != ADVERSE:
        return NOT_JUDGED
    case = case_of(view.claims, view.week, draft, behind)
    kinds = Kinds.of(case.claims)
    evidence = Evidence(case, kinds, books, context, view.masks)
    verdicts = tuple(look(evidence) for look in CAUSES)
    won = winner(verdicts)
    return Judged(verdicts, str(won) if won else "", kinds.content())
