"""The dossier of one incident: what changed, how sure that is, where, what it costs, and every claim behind it."""

from collections.abc import Iterable
from typing import Any

from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.alerts.queries import history_of, incident, members_of
from upstream.claims.choices import Outcome
from upstream.core import charts
from upstream.core.documents.tables import Column
from upstream.core.errors import Invalid
from upstream.detection.choices import Metric
from upstream.reports import wording
from upstream.reports.briefs import Brief, Figure, Grid, Part
from upstream.reports.incident_lines import incident_line, incident_name, rate_week
from upstream.reports.kinds.base import Fact, Kind, Made, Subject
from upstream.reports.kinds.pieces import freshness, id_asked, made, picture_grid
from upstream.reports.render import words
from upstream.reports.shapes import IncidentLine
from upstream.tenants.queries import bound_organization

WEEKS_DRAWN = 39
AXES = {"procedure": "Procedure", "reason": "Reason", "location": "Place", "provider": "Provider"}
PARTS = (Column("By", width=14), Column("What", width=30), Column("Seen", "count", 10), Column("Usual", "number", 10))
MONEY = (Column("What", width=60), Column("Dollars", "money", 16))
CLAIMS = (
    Column("Procedure", width=11), Column("Place", width=22), Column("Submitted", "date", 12),
    Column("Decided", "date", 12), Column("Reason", width=12), Column("Billed", "money", 14, total=True),
    Column("Expected", "money", 14, total=True), Column("Lost", "money", 14, total=True),
    Column("Answer by", "date", 12), Column("Outcome", width=14), Column("Claim", width=38),
)  # fmt: skip
STEPS = (Column("When", "date", 12), Column("Step", width=14), Column("State", width=20))
PLACES = 3


def make(subject: Subject) -> Made:
    """The incident as it stands."""
    found = incident(id_asked(subject))
    if found is None:
        raise Invalid("unknown_incident", "there is no such incident")
    line, members = incident_line(found), list(members_of(found))
    brief = Brief(
        id=incident_name(found),
        title="Incident dossier",
        practice=bound_organization().name,
        period=f"{found.payer.name}, since the week of {words.long_day(found.onset_week)}",
        period_start=found.onset_week,
        period_end=max(subject.as_of, found.onset_week),
        as_of=subject.as_of,
        freshness=freshness(),
        summary=(f"{line.title}.", line.sentence),
        figures=(
            Figure("Lost so far", words.dollars(found.lost_cents), f"95% range {words.between(line.money)}"),
            Figure("At stake", words.dollars(found.at_stake_cents), "lower bounds, with the next 30 days"),
            Figure("Nearest deadline", words.short_day(found.deadline), found.deadline_source),
        ),
        parts=(_changed(found), _sure(found, line), _where(found), _costs(line), _claims(members), _steps(found)),
        definitions=wording.DEFINITIONS,
        method=found.last_run.method,
        link=subject.link,
    )
    facts: dict[str, Fact] = {
        "claims": len(members), "lost_so_far": words.dollars(found.lost_cents),
        "at_stake": words.dollars(found.at_stake_cents),
    }  # fmt: skip
    return made(brief, subject, facts)


def _changed(found: Incident) -> Part:
    weeks = tuple(rate_week(row) for row in found.finding.get("series", [])[-WEEKS_DRAWN:])
    usual = None if found.metric == Metric.PAYMENT_DELAY else found.usual_rate
    title = f"Week by week: {found.finding.get('series_is', 'share of claims denied')}"
    chart = charts.NowcastChart(title, weeks, usual, found.onset_week, wording.onset_label(found.finding))
    picture = charts.nowcast_chart(chart, width=640, height=200) if weeks else ""
    return Part("What changed", chart=picture, grid=picture_grid("Weeks", chart.headings, chart.rows()[::-1], 8))


def _sure(found: Incident, line: IncidentLine) -> Part:
    checked = [str(said) for said in found.finding.get("checked") or found.last_run.ruled_out]
    verdicts = [str(verdict["words"]) for verdict in found.finding.get("verdicts", []) if verdict.get("words")]
    said = f"{line.evidence} evidence, {line.severity.lower()} severity, state {line.state.lower()}."
    return Part("Is it real?", (said, *checked, *verdicts))


def _where(found: Incident) -> Part:
    """Where the excess lies, the largest part of each axis first."""
    parts: dict[str, Any] = found.finding.get("parts", {})
    rows = tuple(
        (
            AXES.get(axis, axis.capitalize()),
            str(part["key"]),
            round(part["observed"]),
            round(float(part["expected"]), 1),
        )
        for axis, listed in sorted(parts.items())
        for part in listed[:PLACES]
    )
    note = f"Counts are {found.finding['parts_are']}." if found.finding.get("parts_are") and rows else ""
    return Part("Where", grid=Grid("Where", PARTS, rows, "The change has no part that stands out."), note=note)


def _costs(line: IncidentLine) -> Part:
    parts = (
        ("Lost so far, low", line.money.low_cents), ("Lost so far", line.money.mid_cents),
        ("Lost so far, high", line.money.high_cents), ("Of it paid after all", line.recovered_cents),
        ("Of it still to be got back", line.open_cents), ("Of it gone", line.gone_cents),
        ("The next 30 days, if nothing changes", line.ahead_cents), ("At stake", line.at_stake_cents),
    )  # fmt: skip
    return Part("How much", grid=Grid("Money", MONEY, parts, "Not worked out yet."))


def _claims(members: Iterable[IncidentClaim]) -> Part:
    rows = tuple(
        (
            *(m.claim.procedure_code, m.claim.site.name if m.claim.site else "", m.claim.submitted_date),
            *(m.claim.decided_date, f"{m.claim.denial_group}-{m.claim.denial_carc}".strip("-"), m.claim.billed_cents),
            *(m.expected_cents, m.lost_cents, m.due, Outcome(m.claim.outcome).label, str(m.claim.public_id)),
        )
        for m in members
    )
    grid = Grid("Claims", CLAIMS, rows, "No claim.", shown=20, columns_shown=9, exact=True)
    return Part("Claims behind it", ("They add up to what is lost, to the cent.",), grid=grid)


def _steps(found: Incident) -> Part:
    """What happened to it, without what people wrote."""
    rows = tuple(_step(step) for step in history_of(found))
    return Part("History", grid=Grid("History", STEPS, rows, "Nothing happened to it yet.", shown=12))


def _step(step: Transition) -> tuple[Any, ...]:
    return step.at.date(), step.get_kind_display(), step.get_to_state_display()


KIND = Kind(
    code="dossier",
    title="Incident dossier",
    says="One incident whole: what changed, how sure, where, how much, and every claim behind it.",
    formats=("pdf", "xlsx"),
    period="incident",
    make=make,
)
