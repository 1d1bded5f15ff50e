"""What an incident's figures rest on, said beside them: which claims, known by when, how many of them are decided."""

from dataclasses import dataclass
from datetime import date

from upstream.alerts.models import Incident
from upstream.core.charts import percent
from upstream.detection.rules import DELAY, DENIAL, SILENCE
from upstream.detection.spans import BY_DECISION
from upstream.portal import words


@dataclass(frozen=True, slots=True)
class Basis:
    """In words; `as_of` is the last day that is known, `method` the version that worked the figures out."""

    counted: str
    as_of: date
    maturity: str
    method: str


def basis_of(incident: Incident) -> Basis:
    """Of an incident as it stands."""
    finding, week = incident.finding, words.day(incident.onset_week)
    family = finding.get("family", DENIAL)
    counted = f"First answers known since the week of {week}"
    if family in (DELAY, SILENCE):
        counted = "Claims that wait for their first answer"
    elif finding.get("clock") != BY_DECISION:
        counted = f"First answers to claims submitted since the week of {week}"
    return Basis(counted, incident.last_as_of, _maturity(incident, family), incident.last_run.method)


def _maturity(incident: Incident, family: str) -> str:
    if family in (DELAY, SILENCE):
        share = percent(1.0 - incident.observed / incident.decided) if incident.decided else "None"
        return f"{share} of the {incident.decided:,} claims old enough to have an answer have one."
    if family != DENIAL:
        return "Claims without an answer are not in these figures and may still join them."
    weeks = [row for row in incident.finding.get("series", ()) if row["week"] >= incident.onset_week.isoformat()]
    sent = sum(row["submitted"] for row in weeks)
    if not sent:
        return "No claim submitted since then is known yet."
    share = percent(min(sum(row["decided"] for row in weeks) / sent, 1.0))
    return f"{share} of the {sent:,.0f} claims submitted since then are decided; the chart estimates the rest."
