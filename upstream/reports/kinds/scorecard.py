"""The scorecard of one payer: how it behaves, in every measure, with what is open; for a talk with its people."""

from django.db.models import Sum

from upstream.alerts.queries import open_incidents
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer, ReasonWeek
from upstream.core import charts
from upstream.core.documents.tables import Column
from upstream.detection.models import Baseline
from upstream.detection.queries import latest_run
from upstream.ingestion.quality.queries import caveats
from upstream.kpis.measures import Measures, measures
from upstream.reports import wording
from upstream.reports.briefs import Brief, Figure, Grid, Part
from upstream.reports.incident_lines import rate_week
from upstream.reports.kinds.base import Kind, Made, Subject
from upstream.reports.kinds.pieces import (
    freshness,
    incident_grid,
    made,
    measure_part,
    method,
    payer_asked,
    picture_grid,
)
from upstream.reports.measured import measure_lines_of, span_of
from upstream.reports.render import words
from upstream.reports.render.sides import shown
from upstream.reports.rules import Period, period_of
from upstream.tenants.queries import bound_organization

WEEKS_DRAWN = 39
CAUSES = (
    Column("Cause", width=34), Column("Claims", "count", 10, total=True), Column("Billed", "money", 16, total=True),
)  # fmt: skip


def make(subject: Subject) -> Made:
    """The 13 weeks up to the last complete one."""
    payer, period = payer_asked(subject), period_of(subject.as_of)
    practice, span = bound_organization(), span_of(period)
    found = measures(span.first, span.last, payer)
    mine = [incident for incident in open_incidents() if incident.payer_id == payer.pk]
    chart = _chart(payer)
    brief = Brief(
        id=f"PS-{period.end:%G-%V}-{payer.public_id.hex[:6].upper()}",
        title=f"Scorecard of {payer.name}",
        practice=practice.name,
        period=words.period(span.first, period.end),
        period_start=span.first,
        period_end=period.end,
        as_of=subject.as_of,
        freshness=freshness(),
        caveats=tuple(fault.words for fault in caveats(payer.pk, since=span.first, until=period.end)[:2]),
        summary=_summary(payer, found, len(mine)),
        figures=tuple(_figure(found, key) for key in ("denial_rate", "denied_dollars", "payment_lag_50")),
        parts=(
            Part(
                "Denial rate week by week",
                chart=charts.nowcast_chart(chart, width=640, height=190) if chart.weeks else "",
                grid=picture_grid("Weeks", chart.headings, chart.rows()[::-1], 12),
                note="By submission week, estimated to its final value; hatched weeks are still filling.",
            ),
            Part("Denials by cause", grid=_causes(payer, period), note=_of_causes(found)),
            Part("Open incidents", grid=incident_grid(mine, shown_rows=6)),
            measure_part("Every measure", found),
        ),
        method=method(),
        link=subject.link,
    )
    return made(brief, subject, {"open_incidents": len(mine), "denial_rate": _said(found, "denial_rate")})


def _said(found: Measures, key: str) -> str:
    (line,) = measure_lines_of([found[key]])
    return shown(line)


def _figure(found: Measures, key: str) -> Figure:
    value, _, interval = _said(found, key).partition(" (")
    known = found[key].is_known
    note = f"95% interval {interval.rstrip(')')}" if interval else ""
    return Figure(found[key].definition.name, value if known else "not known", note if known else found[key].unknown)


def _summary(payer: Payer, found: Measures, open_now: int) -> tuple[str, ...]:
    rate, dollars = found["denial_rate"], found["denied_dollars"]
    said = []
    if rate.is_known:
        said.append(f"{payer.name} refuses {_said(found, 'denial_rate')} of our claims in whole or in part.")
    if dollars.is_known:
        said.append(f"{words.dollars(round(dollars.numerator or 0))} of charges were refused in these 13 weeks.")
    said.append(f"{words.count(open_now, 'incident')} {'is' if open_now == 1 else 'are'} open.")
    return tuple(said)


def _chart(payer: Payer) -> charts.NowcastChart:
    row = Baseline.objects.filter(run=latest_run(), payer=payer).first()
    weeks = tuple(rate_week(week) for week in row.series[-WEEKS_DRAWN:]) if row else ()
    return charts.NowcastChart(f"{payer.name}: denial rate by week", weeks, row.usual_rate if row else None)


def _causes(payer: Payer, period: Period) -> Grid:
    span = span_of(period)
    rows = ReasonWeek.objects.filter(
        payer=payer, known_week__gte=span.first, known_week__lte=span.last,
        outcome__in=(Outcome.DENIED, Outcome.PARTIAL),
    )  # fmt: skip
    sums = (
        rows.values_list("category").annotate(Sum("claims"), cents=Sum("billed_cents")).order_by("-cents", "category")
    )
    found = tuple((wording.cause(category), claims, cents) for category, claims, cents in sums)
    return Grid("Causes", CAUSES, found, "No denial in these weeks.", shown=10)


def _of_causes(found: Measures) -> str:
    """Why these dollars are more than those of the summary."""
    lines = found["denied_dollars"].numerator
    return "Whole charges of claims refused in whole or in part" + (
        f"; the refused lines of them are {words.dollars(round(lines))}." if lines else "."
    )


KIND = Kind(
    code="scorecard",
    title="Payer scorecard",
    says="One payer in every measure: denials week by week and by cause, speed, money taken back, what is open.",
    formats=("pdf", "xlsx"),
    period="payer",
    make=make,
)
