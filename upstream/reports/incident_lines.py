"""Incidents as the report shows them: lines, deadlines, the claims behind them, the main one's chart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.rules import CLOSED
from upstream.claims.choices import Outcome
from upstream.core.charts import NowcastChart, RateWeek
from upstream.detection.choices import Metric
from upstream.reports import wording
from upstream.reports.facts import Facts
from upstream.reports.shapes import ClaimRow, DeadlineLine, IncidentLine, MoneyRange

SPARK_WEEKS = 26
SPOTLIGHT_WEEKS = 39


def incident_name(incident: Incident) -> str:
    """The name under which mail, PDF and Excel speak of an incident: the start of its public id."""
    return f"INC-{incident.public_id.hex[:8].upper()}"


def incident_line(incident: Incident) -> IncidentLine:
    """One incident as the report shows it."""
    weeks = [rate_week(row) for row in incident.finding.get("series", [])[-SPARK_WEEKS:]]
    onset = [place for place, week in enumerate(weeks) if week.week == incident.onset_week]
    closed = incident.get_outcome_display() or incident.get_state_display() if incident.state in CLOSED else ""
    return IncidentLine(
        id=incident_name(incident),
        title=wording.short_title(incident),
        sentence=wording.incident_sentence(incident),
        payer=incident.payer.name,
        onset=incident.onset_week,
        money=MoneyRange(incident.lost_low_cents, incident.lost_cents, incident.lost_high_cents),
        evidence=incident.get_strength_display(),
        severity=incident.get_severity_display(),
        state=incident.get_state_display(),
        deadline=incident.deadline,
        deadline_label="Nearest deadline" if incident.deadline else "",
        owner=_owner(incident),
        series=tuple(week.rate for week in weeks),
        onset_index=onset[0] if onset else None,
        claims=incident.observed,
        outcome=closed,
        at_stake_cents=incident.at_stake_cents,
        decision="",
        **_parts(incident),
    )


def decided(line: IncidentLine, deadlines: Iterable[DeadlineLine]) -> IncidentLine:
    """The line with what has to be decided about it while it is open."""
    first = next((one for one in deadlines if one.incident_id == line.id), None)
    return line if line.outcome else replace(line, decision=wording.decision(line, first))


def _parts(incident: Incident) -> dict[str, int | None]:
    """What became of the loss and what is to come, as far as the incident says so."""
    split, money = incident.finding.get("split"), incident.finding.get("money")
    if not split or not money:
        return {}
    return {
        "recovered_cents": split["back_cents"],
        "open_cents": split["open_cents"],
        "gone_cents": split["gone_cents"],
        "ahead_cents": max(round(money["ahead_cents"][1]), 0),
    }


def _owner(incident: Incident) -> str:
    return incident.assigned_to.user.get_full_name() if incident.assigned_to else ""


def deadline_lines(facts: Facts, as_of: date) -> tuple[DeadlineLine, ...]:
    """Dates of open incidents from `as_of` on, the nearest first, each with the claims due on it and our own date."""
    incidents = {incident.pk: incident for incident in facts.incidents if incident.state not in CLOSED}
    grouped: defaultdict[tuple[int, date, date, str], list[int]] = defaultdict(list)
    for member in facts.members:
        if member.due and member.due >= as_of and member.incident_id in incidents:
            key = (member.incident_id, member.due, member.internal_due or member.due, member.due_source)
            grouped[key].append(member.expected_cents)
    lines = [
        DeadlineLine(
            due=due,
            internal_due=internal,
            what=wording.deadline_words(source),
            payer=incidents[number].payer.name,
            incident_id=incident_name(incidents[number]),
            claims=len(cents),
            cents=sum(cents),
            owner=_owner(incidents[number]),
        )
        for (number, due, internal, source), cents in grouped.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.due, line.incident_id, line.what)))


def spotlight(facts: Facts) -> NowcastChart | None:
    """The weeks of the costliest open incident, with its usual rate and where it changed."""
    main = next((i for i in facts.incidents if i.state not in CLOSED and i.finding.get("series")), None)
    if main is None:
        return None
    weeks = tuple(rate_week(row) for row in main.finding["series"][-SPOTLIGHT_WEEKS:])
    scope = f", {main.procedure_code}" if main.procedure_code else ""
    title = f"{main.payer.name}{scope} week by week: {main.finding.get('series_is', 'share of claims denied')}"
    usual = None if main.metric == Metric.PAYMENT_DELAY else main.usual_rate
    return NowcastChart(title, weeks, usual, main.onset_week, wording.onset_label(main.finding))


def rate_week(row: Mapping[str, Any]) -> RateWeek:
    """One week of a series that detection left."""
    return RateWeek(
        week=date.fromisoformat(row["week"]),
        rate=float(row["mid"]) if row["submitted"] else None,
        low=float(row["low"]),
        high=float(row["high"]),
        claims=int(row["submitted"]),
        complete=not row["immature"],
    )


def claim_rows(facts: Facts) -> Iterator[ClaimRow]:
    """The claims of each incident, in the order of the incidents."""
    incidents = {incident.pk: incident for incident in facts.incidents}
    order = {number: place for place, number in enumerate(incidents)}
    for member in sorted(facts.members, key=lambda row: order[row.incident_id]):
        yield _claim_row(member, incidents[member.incident_id], facts.payers)


def _claim_row(member: IncidentClaim, incident: Incident, payers: dict[int, str]) -> ClaimRow:
    claim = member.claim
    decided = claim.outcome != Outcome.PENDING
    return ClaimRow(
        incident_id=incident_name(incident),
        claim=str(claim.public_id),
        payer=payers[claim.payer_id],
        procedure_code=claim.procedure_code,
        site=claim.site.name if claim.site else "",
        submitted=claim.submitted_date,
        decided=claim.decided_date,
        outcome=Outcome(claim.outcome).label,
        category=wording.cause(claim.denial_category) if claim.denial_carc else "",
        denial=f"{claim.denial_group}-{claim.denial_carc}".strip("-"),
        billed_cents=claim.billed_cents,
        allowed_cents=claim.allowed_cents if decided else None,
        paid_cents=claim.paid_cents if decided else None,
        deadline=member.due,
        expected_cents=member.expected_cents,
        lost_cents=member.lost_cents,
    )
