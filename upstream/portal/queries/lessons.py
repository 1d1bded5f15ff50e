"""What was learned of earlier incidents like this one, from those who closed them."""

from dataclasses import dataclass

from django.db.models import Q

from upstream.alerts.choices import ResolutionOutcome, StepKind
from upstream.alerts.models import Incident, Transition
from upstream.alerts.rules import CLOSED
from upstream.tenants.services import tenant_keys

MOST = 3
REAL = (ResolutionOutcome.PAYER_CHANGE, ResolutionOutcome.OUR_PROCESS)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A closed incident of the same payer or reason, and what was written when it was closed."""

    incident: Incident
    note: str


def lessons_for(incident: Incident) -> list[Lesson]:
    """The newest three that turned out to be real, those of the same payer before others. At most three queries."""
    like = Q(payer=incident.payer_id)
    if incident.denial_reason:
        like |= Q(denial_reason=incident.denial_reason)
    rows = Incident.objects.filter(like, metric=incident.metric, outcome__in=REAL, state__in=CLOSED, merged_into=None)
    found = list(rows.exclude(pk=incident.pk).select_related("payer").defer("finding").order_by("-changed_at")[:20])
    chosen = sorted(found, key=lambda one: one.payer_id != incident.payer_id)[:MOST]
    notes = _notes(chosen)
    return [Lesson(one, notes.get(one.pk, "")) for one in chosen]


def _notes(incidents: list[Incident]) -> dict[int, str]:
    """What was written at the last close of each, by its id."""
    if not incidents:
        return {}
    steps = Transition.objects.filter(incident__in=incidents, kind=StepKind.MOVED, to_state__in=CLOSED).order_by("pk")
    keys = tenant_keys()
    return {step.incident_id: step.note(keys) for step in steps}
