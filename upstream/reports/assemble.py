"""From the facts of a week to the report that the PDF, the Excel and the mail say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.alerts.choices import ResolutionOutcome
from upstream.alerts.rules import CLOSED
from upstream.claims.choices import Outcome
from upstream.claims.models import Remittance
from upstream.detection.models import Baseline, DetectionRun
from upstream.reports import wording
from upstream.reports.facts import Cell, Facts
from upstream.reports.figures import expected_cash
from upstream.reports.incident_lines import claim_rows, deadline_lines, incident_line, spotlight
from upstream.reports.payer_lines import cause_lines, lag_curves, payer_lines
from upstream.reports.reading import last_known, read_facts
from upstream.reports.render import words
from upstream.reports.rules import WEEKS, Period, period_of
from upstream.reports.shapes import (
    CauseLine,
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

HORIZON_WEEKS = 4


@dataclass(frozen=True)
class Assembled:
    """The report and the claims behind its incidents."""

    report: WeeklyReport
    claims: tuple[ClaimRow, ...]
    new_incidents: int


def assemble(as_of: date, *, portal_url: str = "") -> Assembled:
    """The bound practice's week at the end of `as_of`; the same database gives the same report. In a transaction."""
    period = period_of(as_of)
    facts = read_facts(period)
    lines = tuple(incident_line(incident) for incident in facts.incidents)
    still_open = tuple(line for line in lines if not line.outcome)
    new = sum(i.state not in CLOSED and period.start <= i.first_as_of for i in facts.incidents)
    payers, causes, deadlines = payer_lines(facts, period), cause_lines(facts, period), deadline_lines(facts, as_of)
    report = WeeklyReport(
        id=period.report_id,
        practice=facts.practice.name,
        period_start=period.start,
        period_end=period.end,
        as_of=as_of,
        data_through=_data_through(facts.cells, period),
        completeness=wording.completeness(facts.files, facts.rejected_rows),
        summary=wording.summary(still_open, new, deadlines, payers),
        headlines=_headlines(facts, period, still_open, causes),
        incidents=lines,
        payers=payers,
        causes=causes,
        method=wording.method(facts.run, list(facts.baselines.values())),
        spotlight=spotlight(facts),
        lag=lag_curves(facts, payers),
        deadlines=deadlines,
        ruled_out=tuple(str(sentence) for sentence in facts.run.ruled_out) if facts.run else (),
        horizons=_horizons(facts),
        changes=_changes(facts.runs, period),
        remits=tuple(_remit_line(row, facts) for row in facts.remittances),
        outcomes=_outcomes(facts.outcomes),
        portal_url=portal_url,
        caveats=tuple(caveat.words for caveat in facts.caveats),
    )
    return Assembled(sealed(report), tuple(claim_rows(facts)), new)


def _data_through(cells: Iterable[Cell], period: Period) -> date:
    week = last_known(cells)
    return period.end if week is None else week + timedelta(days=6)


def _headlines(
    facts: Facts, period: Period, still_open: Sequence[IncidentLine], causes: Sequence[CauseLine]
) -> tuple[Headline, ...]:
    now, before = (expected_cash(_weekly_paid(facts.cells, period, back)) for back in (0, 1))
    denied, earlier = sum(c.denied_cents for c in causes), sum(c.before_cents for c in causes)
    return (
        Headline(
            "Cash expected, 4 weeks",
            now,
            now.mid_cents - before.mid_cents if now and before else None,
            note="" if now else "fewer than 6 weeks of payments are known",
        ),
        Headline("Lost so far, open incidents", _sum_of(still_open), note=_stake_note(still_open)),
        Headline(
            "Denied, last 13 weeks", MoneyRange(denied, denied, denied), denied - earlier, "against 13 weeks before"
        ),
    )


def _weekly_paid(cells: Iterable[Cell], period: Period, back: int) -> list[int]:
    """Paid cents of the 13 weeks that end `back` weeks before this one, from the first week with a decision on."""
    paid = {period.weeks_back(number): 0 for number in range(back + WEEKS - 1, back - 1, -1)}
    first = None
    for cell in sorted(cells, key=lambda cell: cell.week):
        if cell.week in paid and cell.outcome != Outcome.PENDING:
            first = first or cell.week
            paid[cell.week] += cell.paid_cents
    return [cents for week, cents in paid.items() if first is not None and week >= first]


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


def _changes(runs: Sequence[DetectionRun], period: Period) -> tuple[ChangeLine, ...]:
    """A method that differs from that of the run before this week."""
    before = next((run for run in runs if run.as_of < period.start), None)
    if not before or before.method == runs[0].method:
        return ()
    words = f"Detection method {before.method} replaced by {runs[0].method}"
    return (ChangeLine(runs[0].as_of, "Method", words, "Rates and ranges may differ slightly from last week's"),)


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


def _outcomes(counts: dict[str, int]) -> Outcomes:
    """What was merged into another incident is counted with that one."""
    told = [outcome.value for outcome in ResolutionOutcome if outcome != ResolutionOutcome.MERGED]
    named = {outcome: counts.get(outcome, 0) for outcome in told}
    return Outcomes(**named, still_open=counts.get("", 0))
