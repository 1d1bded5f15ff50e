"""The weekly report as the page shows it: every figure already a text, every list already cut to its room.

At most 150 table rows in all; where something is left out, `rest` says how much and that it stands in the Excel.
"""

from collections.abc import Sequence

from upstream.core import charts
from upstream.reports.render import words
from upstream.reports.render.sides import measure_words, side_rows, sides
from upstream.reports.shapes import CauseLine, DeadlineLine, Headline, IncidentLine, PayerLine, RemitLine, WeeklyReport

LETTER_INCIDENTS = 3
THIRD_PAGE_ROWS = 18
PAYERS = 12
INCIDENTS = 6
CAUSES = 6
DEADLINES = 3
CHANGES = 3
UNTIED_REMITS = 3
SENTENCES = 3
HORIZONS = 4
CAVEATS = 2
SURE = ("Moderate", "Strong")
WIDE = 640
CAUSE_ROW = 18
# Points on the second page for rows of the two tables, when the chart is to fit below them.
TABLE_ROOM, PAYER_HEIGHT, INCIDENT_HEIGHT = 290, 25, 31
SECOND_PAGE, FULL_PAYER_HEIGHT = 460, 28

Row = dict[str, object]


def page(report: WeeklyReport) -> Row:
    """Everything that `templates/reports/weekly.html` names."""
    return {
        "report": report,
        "period": words.period(report.period_start, report.period_end),
        "data_through": words.long_day(report.data_through),
        "as_of": words.long_day(report.as_of),
        "summary": report.summary[:SENTENCES],
        "caveats": report.caveats[:CAVEATS],
        "caveats_rest": max(0, len(report.caveats) - CAVEATS),
        "ruled_out": report.ruled_out[:SENTENCES],
        "headlines": [_headline(h) for h in report.headlines],
        "letter_incidents": [_incident(i) for i in report.open_incidents[:LETTER_INCIDENTS]],
        "more_incidents": max(0, len(report.open_incidents) - LETTER_INCIDENTS),
        "horizons": _horizons(report),
        "scorecard": _scorecard(report.payers),
        "incidents": [_incident(i) for i in report.open_incidents[: _incident_room(report)]],
        "incidents_rest": rest(report.open_incidents, _incident_room(report), "incident"),
        "spotlight": _spotlight(report),
        **_causes(report),
        **_lag(report),
        "deadlines": [_deadline(d) for d in report.deadlines[: _deadline_room(report)]],
        "deadlines_rest": rest(report.deadlines, _deadline_room(report), "deadline"),
        "changes": [{"on": words.short_day(c.on), "line": c} for c in report.changes[:CHANGES]],
        "changes_rest": rest(report.changes, CHANGES, "change"),
        "reconciliation": _reconciliation(report.remits),
        "recovered": words.dollars(report.outcomes.recovered_cents),
        "denied_lines": words.dollars(sum(p.denied_cents for p in report.payers)),
        **sides(report),
        "precision": measure_words(report, "alert_precision"),
        "lead": measure_words(report, "alert_lead"),
    }


def rest(lines: Sequence[object], shown: int, one: str) -> str:
    """ "4 more incidents are in the Excel.", or nothing when all are shown."""
    left = len(lines) - shown
    if left <= 0:
        return ""
    return f"{words.count(left, f'more {one}')} {'is' if left == 1 else 'are'} in the Excel."


def _headline(line: Headline) -> Row:
    known = line.amount is not None
    return {
        "label": line.label,
        "value": words.dollars(line.amount.mid_cents) if line.amount else "not known",
        "range": words.between(line.amount) if line.amount and _is_range(line) else "",
        "change": f"{words.change(line.change_cents)} {line.change_label}" if line.change_cents is not None else "",
        "note": line.note,
        "known": known,
    }


def _is_range(line: Headline) -> bool:
    return line.amount is not None and line.amount.low_cents != line.amount.high_cents


def _incident(line: IncidentLine) -> Row:
    spark = charts.Sparkline(f"Week by week: {line.title}", line.series, line.onset_index)
    return {
        "line": line,
        "onset": words.short_day(line.onset),
        "money": words.between(line.money),
        "middle": words.dollars(line.money.mid_cents),
        "at_stake": words.dollars(line.at_stake_cents),
        "deadline": words.short_day(line.deadline),
        "spark": charts.sparkline(spark, width=120, height=30) if line.series else "",
    }


def _horizons(report: WeeklyReport) -> list[str]:
    shown = report.horizons[:HORIZONS]
    return [f"{h.payer}: {words.points(h.points)} points within {words.count(h.weeks, 'week')}" for h in shown]


def _scorecard(payers: Sequence[PayerLine]) -> list[Row]:
    shown, pooled = payers[:PAYERS], payers[PAYERS:]
    return [_payer(p) for p in shown] + ([_pooled(pooled)] if pooled else [])


def _payer(line: PayerLine) -> Row:
    sure = line.evidence in SURE and not line.small_n and line.points_change is not None
    return {
        "payer": line.payer,
        "doubtful": line.doubtful,
        "share": charts.percent(line.revenue_share),
        "claims": f"{line.claims:,}",
        "rate": words.rate(line.rate),
        "back": words.rate(line.taken_back),
        "won": words.whole_rate(line.won),
        "short": words.dollars(line.paid_short_cents) if line.paid_short_cents else words.NOT_KNOWN,
        "interval": words.rate_between(line.rate_low, line.rate_high) if line.rate is not None else "",
        "points": words.points(line.points_change),
        "tone": ("worse" if (line.points_change or 0) > 0 else "better") if sure else "",
        "evidence": line.evidence,
        "denied": words.dollars(line.denied_cents),
        "allowed": words.dollars(line.denied_allowed_cents),
        "median": words.days(line.median_lag_days),
        "slow": words.days(line.slow_lag_days),
        "incidents": str(line.open_incidents) if line.open_incidents else words.NOT_KNOWN,
        "small": line.small_n,
    }


def _pooled(lines: Sequence[PayerLine]) -> Row:
    """The payers beyond the room of the page as one row; an interval of a pool would mean nothing."""
    claims = sum(p.claims for p in lines)
    known = [p for p in lines if p.rate is not None]
    weight = sum(p.claims for p in known)
    whole = PayerLine(
        payer=words.count(len(lines), "other payer"),
        revenue_share=sum(p.revenue_share for p in lines),
        claims=claims,
        rate=sum((p.rate or 0) * p.claims for p in known) / weight if weight else None,
        rate_low=0,
        rate_high=0,
        points_change=None,
        denied_cents=sum(p.denied_cents for p in lines),
        denied_allowed_cents=sum(p.denied_allowed_cents for p in lines),
        median_lag_days=None,
        slow_lag_days=None,
        open_incidents=sum(p.open_incidents for p in lines),
        paid_short_cents=sum(p.paid_short_cents for p in lines),
    )
    return {**_payer(whole), "interval": "pooled"}


def _incident_room(report: WeeklyReport) -> int:
    """Rows that the scorecard above leaves of the second page: three at least, six at most."""
    left = SECOND_PAGE - min(len(report.payers), PAYERS + 1) * FULL_PAYER_HEIGHT
    return max(LETTER_INCIDENTS, min(INCIDENTS, left // INCIDENT_HEIGHT))


def _spotlight(report: WeeklyReport) -> str:
    """The chart of the main incident where the second page has room for it; its series stands in the portal."""
    payers, incidents = min(len(report.payers), PAYERS + 1), min(len(report.open_incidents), INCIDENTS)
    if report.spotlight is None or payers * PAYER_HEIGHT + incidents * INCIDENT_HEIGHT > TABLE_ROOM:
        return ""
    return charts.nowcast_chart(report.spotlight, width=WIDE, height=190)


def _causes(report: WeeklyReport) -> Row:
    shown, pooled = report.causes[:CAUSES], report.causes[CAUSES:]
    lines = [*shown, _other_causes(pooled)] if pooled else list(shown)
    now, before = sum(c.denied_cents for c in lines), sum(c.before_cents for c in lines)
    chart = charts.WaterfallChart(
        f"Denied dollars by cause, {report.cause_period} against the {report.cause_before}",
        report.cause_before.capitalize(),
        before,
        tuple(charts.Step(c.cause, c.denied_cents - c.before_cents) for c in lines),
        report.cause_period.capitalize(),
    )
    return {
        "cause_chart": charts.waterfall(chart, width=WIDE, row=CAUSE_ROW) if lines else "",
        "causes": [_cause(c) for c in lines],
        "causes_total": words.dollars(now),
        "causes_change": words.change(now - before),
    }


def _other_causes(lines: Sequence[CauseLine]) -> CauseLine:
    return CauseLine(
        words.count(len(lines), "other cause"),
        sum(c.claims for c in lines),
        sum(c.denied_cents for c in lines),
        sum(c.before_cents for c in lines),
    )


def _cause(line: CauseLine) -> Row:
    return {
        "line": line,
        "claims": f"{line.claims:,}",
        "denied": words.dollars(line.denied_cents),
        "before": words.dollars(line.before_cents),
        "change": words.change(line.denied_cents - line.before_cents),
    }


def _lag(report: WeeklyReport) -> Row:
    chart = charts.LagChart("Share of claims decided by days since submission", report.lag[: charts.MOST_CURVES])
    return {
        "lag_chart": charts.lag_curves(chart, width=420, height=150) if chart.curves else "",
        "lag_headings": chart.headings,
        "lag_rows": chart.rows(),
    }


def _deadline_room(report: WeeklyReport) -> int:
    """Rows of the third page that its other tables leave; without any, the deadlines stand in the Excel alone."""
    causes, curves = min(len(report.causes), CAUSES + 1), min(len(report.lag), charts.MOST_CURVES)
    beside = max(side_rows(report))
    return max(0, min(DEADLINES, THIRD_PAGE_ROWS - causes - curves - beside))


def _deadline(line: DeadlineLine) -> Row:
    return {
        "line": line,
        "due": words.short_day(line.due),
        "internal": words.short_day(line.internal_due),
        "money": words.dollars(line.cents),
        "claims": f"{line.claims:,}",
        "owner": line.owner or "not assigned",
    }


def _reconciliation(remits: Sequence[RemitLine]) -> Row:
    untied = [r for r in remits if not r.ties]
    return {
        "count": words.count(len(remits), "remittance"),
        "checks": words.dollars_and_cents(sum(r.check_cents for r in remits)),
        "claims": words.dollars_and_cents(sum(r.claims_cents for r in remits)),
        "adjustments": words.dollars_and_cents(sum(r.adjustments_cents for r in remits)),
        "difference": words.dollars_and_cents(sum(r.difference_cents for r in remits)),
        "any": bool(remits),
        "untied": [_untied(r) for r in untied[:UNTIED_REMITS]],
        "untied_rest": rest(untied, UNTIED_REMITS, "remittance"),
    }


def _untied(line: RemitLine) -> Row:
    why = (
        "no deposit found"
        if line.matched is False
        else f"{words.dollars_and_cents(line.difference_cents)} does not tie"
    )
    check = words.dollars_and_cents(line.check_cents)
    return {"line": line, "paid_on": words.short_day(line.paid_on), "check": check, "why": why}
