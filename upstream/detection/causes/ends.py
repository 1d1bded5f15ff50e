"""Changes for the better that only tell the end of an incident. Pure."""

from collections.abc import Iterable, Sequence

from upstream.detection.detectors.findings import ADVERSE
from upstream.detection.grouping import IncidentDraft, Tracked
from upstream.detection.spans import GAP, SPAN
from upstream.detection.triangle import ONE_WEEK


def own_causes(incidents: Iterable[Tracked], drafts: Sequence[IncidentDraft]) -> list[IncidentDraft]:
    """The drafts less those that only tell the end of an incident.

    Its denials stand in the baseline for 64 weeks, so that the usual rate afterwards looks like an improvement.
    """
    worse = [incident for incident in incidents if incident.direction == ADVERSE]
    return [
        draft
        for draft in drafts
        if draft.direction == ADVERSE
        or not any(
            incident.family == draft.family
            and incident.scope.overlaps(draft.scope)
            and draft.as_of - incident.raised <= (GAP + SPAN) * ONE_WEEK
            for incident in worse
        )
    ]
