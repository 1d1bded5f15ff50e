"""The weekly report: four pages that a director forwards unchanged, and the workbook behind them."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from upstream.core.charts import Bar, BarChart
from upstream.core.documents.pdf import paper_of
from upstream.reports.assemble import Assembled, assemble
from upstream.reports.kinds.base import Fact, Kind, Made, Subject, Summary
from upstream.reports.letterhead import logo_address
from upstream.reports.render import words
from upstream.reports.render.pdf import render_pdf
from upstream.reports.rules import SOON_DAYS
from upstream.reports.shapes import MoneyRange, WeeklyReport
from upstream.tenants.queries import bound_organization

MOST_BARS = 6


def make(subject: Subject) -> Made:
    """The last complete week at the end of the day."""
    practice, made = bound_organization(), assemble(subject.as_of, portal_url=subject.link)
    return Made(
        files={
            "pdf": partial(render_pdf, made.report, paper_of(subject.paper or practice.paper), logo_address()),
            "xlsx": partial(_book, made),
        },
        summary=summary(made),
    )


def _book(made: Assembled) -> bytes:
    from upstream.reports.render.xlsx import render_xlsx  # its library is 17 MB, of no use to the PDF

    return render_xlsx(made.report, made.claims, made.underpaid, made.at_risk)


def summary(made: Assembled) -> Summary:
    """Counts and money of the week."""
    report, facts = made.report, _facts(made)
    return Summary(
        report_id=report.id,
        period=words.period(report.period_start, report.period_end),
        period_start=report.period_start,
        period_end=report.period_end,
        lines=(
            f"New incidents: {facts['new']}",
            f"Open incidents: {facts['open']}, {facts['money']} lost so far",
        ),
        facts=facts,
        content_hash=report.content_hash,
        chart=_chart(report),
    )


def _chart(report: WeeklyReport) -> BarChart | None:
    """Denied dollars of the biggest causes, if any."""
    bars = tuple(Bar(line.cause, line.denied_cents, line.before_cents) for line in report.causes[:MOST_BARS])
    return BarChart(f"Denied dollars by cause, {report.cause_period}", bars, report.cause_before) if bars else None


def _facts(made: Assembled) -> Mapping[str, Fact]:
    report = made.report
    money = [line.money for line in report.open_incidents]
    soon = report.as_of + timedelta(days=SOON_DAYS)
    return {
        "new": made.new_incidents,
        "open": len(report.open_incidents),
        "money": words.between(MoneyRange(sum(m.low_cents for m in money), 0, sum(m.high_cents for m in money))),
        "at_stake": words.dollars(sum(line.at_stake_cents for line in report.open_incidents)),
        "deadlines": len({line.incident_id for line in report.deadlines if line.due <= soon}),
    }


KIND = Kind(
    code="weekly",
    title="Weekly report",
    says="What payers changed, what it costs, who is as usual and what has to be decided, on four pages.",
    formats=("pdf", "xlsx"),
    period="week",
    make=make,
)
