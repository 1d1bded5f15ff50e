"""Who is told of an incident by mail."""

from django.conf import settings

from upstream.alerts.choices import Severity
from upstream.alerts.models import Incident, Transition
from upstream.alerts.wording import money
from upstream.core.money import show_dollars
from upstream.delivery.services import queue_mail
from upstream.detection.choices import Direction, Strength
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members


def tell(incident: Incident) -> int:
    """One mail for each member who wants mail and may see it; how many.

    Nothing for Watch, for Low severity (that waits for the weekly report) and for changes to the better. A re-opened
    incident is told again.
    """
    if incident.strength == Strength.WATCH or incident.severity == Severity.LOW:
        return 0
    if incident.direction == Direction.IMPROVE:
        return 0
    openings = Transition.objects.filter(incident=incident, to_state="new", undoes=None).count()
    context = {
        "severity": incident.get_severity_display(),
        "claims": incident.observed,
        "money": money(incident.lost_low_cents, incident.lost_high_cents),
        "at_stake": show_dollars(incident.at_stake_cents, whole=True),
        "deadline": f"{incident.deadline.day} {incident.deadline:%B %Y}" if incident.deadline else "",
        "link": f"{settings.PORTAL_BASE_URL}/portal/incidents/{incident.public_id}/",
    }
    people = [m for m in active_members().filter(wants_mail=True) if Right.READ in m.rights]
    for member in people:
        queue_mail("incident_opened", about=f"{incident.public_id}:{openings}", recipient=member, context=context)
    return len(people)
