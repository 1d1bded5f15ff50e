"""What is said of incidents: counts, money and a link. No payer, no claim and no person is named."""

from typing import Any

from django.conf import settings

from upstream.alerts.models import Incident
from upstream.alerts.wording import day, money
from upstream.core.money import dollars_of, show_dollars
from upstream.routing.services import Said


def link_to(incident: Incident) -> str:
    return f"{settings.PORTAL_BASE_URL}/portal/incidents/{incident.public_id}/"


def opened(incident: Incident, note: str = "") -> Said:
    """A new incident; `note` is one more sentence."""
    deadline = f"{incident.deadline.day} {incident.deadline:%B %Y}" if incident.deadline else ""
    lost = money(incident.lost_low_cents, incident.lost_high_cents)
    lines = [f"Claims so far: {incident.observed:,}", f"Lost so far: {lost}"]
    lines += [f"Nearest deadline: {deadline}"] if deadline else []
    context = {
        "severity": incident.get_severity_display(), "claims": incident.observed, "money": lost,
        "at_stake": show_dollars(incident.at_stake_cents, whole=True), "deadline": deadline, "note": note,
    }  # fmt: skip
    return Said(
        f"A payer has changed: one new {incident.get_severity_display().lower()} incident",
        [*lines, *([note] if note else [])], link_to(incident), data_of(incident), "incident_opened", context,
    )  # fmt: skip


def closed(incident: Incident) -> Said:
    outcome = incident.get_outcome_display()
    lines = [f"Claims behind it: {incident.observed:,}"]
    data = {**data_of(incident), "outcome": incident.outcome}
    return Said(f"An incident is closed: {outcome.lower()}", lines, link_to(incident), data)


def woken(incident: Incident, why: str, note: str = "") -> Said:
    """It was put aside and is back; `why` is the system's own reason, `note` one more sentence."""
    lines = [
        f"Why: {why}.",
        f"Claims so far: {incident.observed:,}",
        f"Lost so far: {money(incident.lost_low_cents, incident.lost_high_cents)}",
    ]
    severity = incident.get_severity_display().lower()
    return Said(
        f"A {severity} incident that was put aside is back", [*lines, *([note] if note else [])], link_to(incident),
        data_of(incident),
    )  # fmt: skip


def escalated(incident: Incident, hours: int) -> Said:
    """Nobody has taken it up in so many hours of work."""
    severity = incident.get_severity_display().lower()
    lines = [
        f"It opened on {day(incident.opened_at.date())}; {hours} working hours have passed.",
        f"Lost so far: {money(incident.lost_low_cents, incident.lost_high_cents)}",
    ]
    return Said(f"Nobody has taken up a {severity} incident", lines, link_to(incident), data_of(incident))


def data_of(incident: Incident) -> dict[str, Any]:
    """What a machine needs to fetch the rest from the API."""
    return {
        "incident": str(incident.public_id),
        "state": incident.state,
        "severity": incident.severity,
        "metric": incident.metric,
        "claims": incident.observed,
        "lost_low": str(dollars_of(incident.lost_low_cents)),
        "lost_high": str(dollars_of(incident.lost_high_cents)),
        "deadline": incident.deadline.isoformat() if incident.deadline else None,
        "link": link_to(incident),
    }
