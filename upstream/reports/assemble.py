"""From the facts of a week to the report that the PDF, the Excel and the mail say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.alerts.choices import ResolutionOutcome
from upstream.alerts.rules import CLOSED
from upstream.claims.models import Remittance
from upstream.detection.models import Baseline
from upstream.reports import wording
from upstream.reports.ahead import forecast_lines, forecast_told, headline
from upstream.reports.beside_lines import authorization_line, risk_lines, risk_row, underpaid_rows
from upstream.reports.facts import Cell, Facts
from upstream.reports.incident_lines import claim_rows, deadline_lines, decided, incident_line, spotlight
from upstream.reports.measured import late_lines, measure_lines
from upstream.reports.payer_lines import cause_lines, lag_curves, payer_lines
from upstream.reports.reading import last_known, read_facts
from upstream.reports.render import words
from upstream.reports.rules import Period, period_of
from upstream.reports.shapes import (
    ChangeLine,
    ClaimRow,
    Headline,
    Horizon,
    IncidentLine,
    MoneyRange,
    Outcomes,
    RemitLine,
    WeeklyReport,
    sealed,
)
from upstream.reports.side_lines import RiskRow, UnderpaidRow

HORIZON_WEEKS = 4


@dataclass(frozen=True)
class Assembled:
    """The report, and its rows that stand in the Excel alone: claims of incidents, prices, claims at risk."""

    report: WeeklyReport
    claims: tuple[ClaimRow, ...]
    new_incidents: int
    underpaid: tuple[UnderpaidRow, ...] = ()
    at_risk: tuple[RiskRow, ...] = ()


def assemble(as_of: date, *, portal_url: str = "") -> Assembled:
    """The bound practice's week at the end of `as_of`; the same database gives the same report. In a transaction."""
    period = period_of(as_of)
    facts = read_facts(period)
    deadlines = deadline_lines(facts, as_of)
    lines = tuple(decided(incident_line(incident), deadlines) for incident in facts.incidents)
    still_open = tuple(line for line in lines if not line.outcome)
    new = sum(i.state not in CLOSED and period.start <= i.first_as_of for i in facts.incidents)
    payers, causes = payer_lines(facts, period), cause_lines(facts, period)
    report = WeeklyReport(
        id=period.report_id,
        practice=facts.practice.name,
        period_start=period.start,
        period_end=period.end,
        as_of=as_of,
        data_through=_data_through(facts.cells, period),
        completeness=wording.completeness(facts.files, facts.rejected_rows),
        summary=wording.summary(still_open, new, deadlines, payers),
        headlines=_headlines(facts, still_open),
        incidents=lines,
        payers=payers,
        causes=causes,
        method=wording.method(facts.run, list(facts.baselines.values()), facts.measured.whole),
        spotlight=spotlight(facts),
        lag=lag_curves(facts, payers),
        deadlines=deadlines,
        ruled_out=tuple(str(sentence) for sentence in facts.run.ruled_out) if facts.run else (),
        horizons=_horizons(facts),
        changes=_changes(facts, period),
        remits=tuple(_remit_line(row, facts) for row in facts.remittances),
        outcomes=_outcomes(facts),
        portal_url=portal_url,
        caveats=tuple(caveat.words for caveat in facts.caveats),
        measures=measure_lines(facts.measured.whole),
        late=late_lines(facts.measured, facts.payers),
        authorizations=tuple(authorization_line(row) for row in facts.authorizations.near),
        risks=risk_lines(facts.authorizations.risks),
        forecast=forecast_lines(facts.ahead),
        forecast_told=forecast_told(facts.ahead),
    )
    rows = tuple(claim_rows(facts))
    at_risk = tuple(risk_row(risk) for risk in facts.authorizations.risks)
    return Assembled(sealed(report), rows, new, tuple(underpaid_rows(facts)), at_risk)


def _data_through(cells: Iterable[Cell], period: Period) -> date:
    week = last_known(cells)
    return period.end if week is None else week + timedelta(days=6)


def _headlines(facts: Facts, still_open: Sequence[IncidentLine]) -> tuple[Headline, ...]:
    came, earlier = facts.recovered.now, facts.recovered.before
    against = "against the same days of last quarter"
    return (
        headline(facts.ahead),
        Headline("Lost so far, open incidents", _sum_of(still_open), note=_stake_note(still_open)),
        Headline("Recovered this quarter", MoneyRange(came, came, came), came - earlier, against),
    )


def _stake_note(lines: Iterable[IncidentLine]) -> str:
    return f"at stake: {words.dollars(sum(line.at_stake_cents for line in lines))}"


def _sum_of(lines: Iterable[IncidentLine]) -> MoneyRange:
    money = [line.money for line in lines]
    return MoneyRange(
        sum(m.low_cents for m in money), sum(m.mid_cents for m in money), sum(m.high_cents for m in money)
    )


def _horizons(facts: Facts) -> tuple[Horizon, ...]:
    """The largest payers first, as far as a smallest visible rise is known."""
    rows: list[Baseline] = sorted(facts.baselines.values(), key=lambda row: (-row.weekly_claims, row.payer_id))
    return tuple(
        Horizon(facts.payers[row.payer_id], round(100 * row.visible_in_4_weeks, 1), HORIZON_WEEKS)
        for row in rows
        if row.visible_in_4_weeks is not None
    )


def _changes(facts: Facts, period: Period) -> tuple[ChangeLine, ...]:
    """A method that differs from that of the run before this week, and what people decided in it."""
    said = [ChangeLine(row.on, row.kind, row.what, row.effect) for row in facts.decided]
    before = next((run for run in facts.runs if run.as_of < period.start), None)
    if before and before.method != facts.runs[0].method:
        words = f"Detection method {before.method} replaced by {facts.runs[0].method}"
        effect = "Rates and ranges may differ slightly from last week's"
        said.append(ChangeLine(facts.runs[0].as_of, "Method", words, effect))
    return tuple(sorted(said, key=lambda line: (line.on, line.kind, line.what)))


def _remit_line(row: Remittance, facts: Facts) -> RemitLine:
    return RemitLine(
        reference=row.check_number or "no number",
        payer=facts.payers[row.payer_id],
        paid_on=row.payment_date or row.known_at.date(),
        check_cents=row.amount_cents,
        claims_cents=row.claims_paid_cents,
        adjustments_cents=row.amount_cents - row.claims_paid_cents - row.difference_cents,
        matched=None if facts.deposited is None else facts.deposited[row.pk],
    )


def _outcomes(facts: Facts) -> Outcomes:
    """What was merged into another incident is counted with that one."""
    told = [outcome.value for outcome in ResolutionOutcome if outcome != ResolutionOutcome.MERGED]
    named = {outcome: facts.outcomes.get(outcome, 0) for outcome in told}
    return Outcomes(**named, still_open=facts.outcomes.get("", 0), recovered_cents=facts.recovered.ever)
