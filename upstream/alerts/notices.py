"""Who is told of an incident: people by mail, other systems by the channels that ask for it."""

from typing import Any

from django.conf import settings

from upstream.alerts.choices import Severity
from upstream.alerts.models import Incident, Transition
from upstream.alerts.wording import money
from upstream.core.money import dollars_of, show_dollars
from upstream.delivery.choices import Event
from upstream.delivery.services import Announcement, announce, queue_mail
from upstream.detection.choices import Direction, Strength
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members


def tell(incident: Incident) -> int:
    """One mail for each member who wants mail and may see it, and one message to each channel; how many mails.

    Nothing for Watch, for Low severity and where an innocent cause explains it (these wait for the weekly report), and
    for changes to the better. A re-opened incident is told again.
    """
    if not is_told(incident):
        return 0
    openings = Transition.objects.filter(incident=incident, to_state="new", undoes=None).count()
    about = f"{incident.public_id}:{openings}"
    context = {
        "severity": incident.get_severity_display(),
        "claims": incident.observed,
        "money": money(incident.lost_low_cents, incident.lost_high_cents),
        "at_stake": show_dollars(incident.at_stake_cents, whole=True),
        "deadline": f"{incident.deadline.day} {incident.deadline:%B %Y}" if incident.deadline else "",
        "link": _link(incident),
    }
    people = [m for m in active_members().filter(wants_mail=True) if Right.READ in m.rights]
    for member in people:
        queue_mail("incident_opened", about=about, recipient=member, context=context)
    announce(Event.INCIDENT_OPENED, about=about, said=_opened(incident, context))
    return len(people)


def tell_closed(incident: Incident) -> None:
    """The channels that ask for it learn that an incident they were told of is closed."""
    if not is_told(incident):
        return
    closings = Transition.objects.filter(incident=incident, to_state=incident.state, undoes=None).count()
    outcome = incident.get_outcome_display()
    said = Announcement(
        f"An incident is closed: {outcome.lower()}", [f"Claims behind it: {incident.observed:,}"],
        _link(incident), {**_data(incident), "outcome": incident.outcome},
    )  # fmt: skip
    announce(Event.INCIDENT_CLOSED, about=f"{incident.public_id}:{incident.state}:{closings}", said=said)


def is_told(incident: Incident) -> bool:
    """Whether an incident interrupts anybody at all."""
    quiet = incident.strength == Strength.WATCH or incident.severity == Severity.LOW
    return not quiet and not incident.finding.get("innocent") and incident.direction != Direction.IMPROVE


def _link(incident: Incident) -> str:
    return f"{settings.PORTAL_BASE_URL}/portal/incidents/{incident.public_id}/"


def _opened(incident: Incident, context: dict[str, Any]) -> Announcement:
    lines = [f"Claims so far: {incident.observed:,}", f"Lost so far: {context['money']}"]
    if context["deadline"]:
        lines.append(f"Nearest deadline: {context['deadline']}")
    return Announcement(
        f"A payer has changed: one new {context['severity'].lower()} incident", lines, context["link"], _data(incident)
    )


def _data(incident: Incident) -> dict[str, Any]:
    """What a machine needs to fetch the rest from the API; no payer, no claim and no person is named."""
    return {
        "incident": str(incident.public_id),
        "state": incident.state,
        "severity": incident.severity,
        "metric": incident.metric,
        "claims": incident.observed,
        "lost_low": str(dollars_of(incident.lost_low_cents)),
        "lost_high": str(dollars_of(incident.lost_high_cents)),
        "deadline": incident.deadline.isoformat() if incident.deadline else None,
        "link": _link(incident),
    }
