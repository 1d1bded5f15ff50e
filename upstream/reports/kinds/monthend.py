"""The month-end report: the month's measures beside the month before, what came back, payments, and incidents."""

from datetime import date, datetime, timedelta

from django.db.models import Q, Sum

from upstream.alerts import ledger_queries
from upstream.alerts.models import Incident, Opening
from upstream.alerts.queries import incidents
from upstream.alerts.rules import CLOSED
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer, SiteWeek
from upstream.core import charts, clock
from upstream.core.documents.tables import Column
from upstream.ingestion.reconciliation.choices import By
from upstream.ingestion.reconciliation.payments import payments
from upstream.ingestion.reconciliation.queries import reconciliation, total
from upstream.ingestion.reconciliation.rules import Range
from upstream.kpis.denials import REFUSED, Refused, refused_by_payer
from upstream.kpis.measures import Measures, measures
from upstream.kpis.rules import Span
from upstream.reports.briefs import Brief, Figure, Grid, Part
from upstream.reports.kinds.base import Fact, Kind, Made, Subject
from upstream.reports.kinds.pieces import defined, freshness, incident_grid, made, method, picture_grid, unknown_words
from upstream.reports.measured import measure_lines
from upstream.reports.render import words
from upstream.reports.render.sides import shown
from upstream.tenants.models import Site
from upstream.tenants.queries import bound_organization

BESIDE = (
    Column("Measure", width=36), Column("This month", width=30), Column("Month before", width=30),
    Column("Basis", width=40), Column("Formula", width=90),
)  # fmt: skip
PAYERS = (
    Column("Payer", width=30), Column("Denied, billed", "money", 16, total=True),
    Column("Denied, expected", "money", 16, total=True), Column("Month before, billed", "money", 18, total=True),
)  # fmt: skip
PAYMENTS = (Column("What", width=50), Column("Dollars", "money", 16))


def make(subject: Subject) -> Made:
    """The last month that is complete at the end of the day."""
    first, last = month_before(subject.as_of)
    earlier = month_before(first)
    practice = bound_organization()
    now, before = _measures(first, last), _measures(*earlier)
    value, value_before = (ledger_queries.value_of(ledger_queries.lines(*days)) for days in ((first, last), earlier))
    opened = _opened(first, last)
    closed = list(incidents().filter(state__in=CLOSED, **_within(first, last, practice.time_zone)))
    denied, denied_before = (round(found["denied_dollars"].numerator or 0) for found in (now, before))
    brief = Brief(
        id=f"ME-{first:%Y-%m}",
        title="Month-end report",
        practice=practice.name,
        period=f"{first:%B %Y}",
        period_start=first,
        period_end=last,
        as_of=subject.as_of,
        freshness=freshness(),
        summary=(
            f"{words.dollars(denied)} of charges were first refused, {words.change(denied - denied_before)} against the"
            " month before.",
            f"{words.dollars(value.recovered)} came back; {words.dollars(value.avoided)} were not lost again."
            if value.recovered or value.avoided
            else "No money is known to have come back in the month.",
            f"{words.count(len(opened), 'incident')} opened, {len(closed)} closed.",
        ),
        figures=(
            Figure(
                "Denied, billed",
                words.dollars(denied),
                f"{words.change(denied - denied_before)} against the month before",
            ),
            Figure(
                "Recovered", words.dollars(value.recovered), f"{words.dollars(value_before.recovered)} the month before"
            ),
            Figure("Incidents", f"{len(opened)} opened", f"{len(closed)} closed"),
        ),
        parts=(
            _beside(now, before),
            Part("Denied dollars by payer", grid=_payers(now.span, before.span)),
            _places(now.span),
            Part("Payments", grid=_payments(first, last)),
            Part("Incidents opened", grid=incident_grid(opened, "Opened", 8)),
            Part("Incidents closed", grid=incident_grid(closed, "Closed", 8)),
        ),
        definitions=defined(
            now[key] for key in ("denial_rate", "denied_dollars", "first_pass_yield", "take_back_rate")
        ),
        method=method(),
        link=subject.link,
    )
    facts: dict[str, Fact] = {
        "denied": words.dollars(denied),
        "recovered": words.dollars(value.recovered),
        "opened": len(opened),
    }
    return made(brief, subject, facts)


def month_before(day: date) -> tuple[date, date]:
    """First and last day of the last month that is complete at the end of the day; the day's own on its last day."""
    after = (day + timedelta(days=1)).replace(day=1)
    last = after - timedelta(days=1)
    return last.replace(day=1), last


def _within(first: date, last: date, time_zone: str) -> dict[str, datetime]:
    after = clock.start_of(last + timedelta(days=1), time_zone)
    return {"changed_at__gte": clock.start_of(first, time_zone), "changed_at__lt": after}


def _measures(first: date, last: date) -> Measures:
    """Of the weeks that end in the month: each week is in one month alone."""
    end = last - timedelta(days=(last.weekday() + 1) % 7)
    begin = first + timedelta(days=(6 - first.weekday()) % 7)
    return measures(begin - timedelta(days=6), end)


def _weeks(span: Span) -> str:
    return f"Of the {words.count(span.weeks, 'week')} that end in the month: {words.period(span.first, span.end)}."


def _beside(now: Measures, before: Measures) -> Part:
    """The known measures of both months; what is not known in one sentence."""
    earlier = {line.key: line for line in measure_lines(before)}
    lines = sorted(measure_lines(now), key=lambda line: line.value is None)
    rows = tuple((line.name, shown(line), shown(earlier[line.key]), line.basis, line.formula) for line in lines)
    known = sum(line.value is not None for line in lines)
    grid = Grid("Measures", BESIDE, rows, "", shown=known, columns_shown=3, silent=True)
    return Part("Measures", (_weeks(now.span),), grid=grid, note=unknown_words(lines))


def _payers(span: Span, before: Span) -> Grid:
    now, then, names = refused_by_payer(span), refused_by_payer(before), dict(Payer.objects.values_list("pk", "name"))
    nothing = Refused()
    payers = sorted(set(now) | set(then), key=lambda payer: (-now.get(payer, nothing).billed, names[payer]))
    rows = tuple((names[payer], *_cents(now.get(payer, nothing)), then.get(payer, nothing).billed) for payer in payers)
    return Grid("Payers", PAYERS, rows, "No denial.", shown=12)


def _cents(refused: Refused) -> tuple[int, int]:
    return refused.billed, refused.expected


def _places(span: Span) -> Part:
    """Refused of decided claims by place of service, against the limits of chance."""
    rows = SiteWeek.objects.filter(known_week__gte=span.first, known_week__lte=span.last)
    counted = (
        rows.exclude(outcome=Outcome.PENDING)
        .values_list("site_id")
        .annotate(refused=Sum("claims", filter=Q(outcome__in=REFUSED), default=0), decided=Sum("claims"))
    )
    names = dict(Site.objects.values_list("pk", "name"))
    points = [charts.FunnelPoint(names.get(site, "No place named"), some, of) for site, some, of in counted.order_by()]
    chart = charts.FunnelChart("Refused claims by place", tuple(sorted(points, key=lambda p: (-p.of, p.name))))
    return Part(
        "Places",
        (
            "Dashed: what chance alone leaves 95 times in 100; dotted: 998 in 1,000. What lies outside the dotted lines"
            " is a sign.",
        ),
        chart=charts.funnel(chart, width=640, height=210) if points else "",
        grid=picture_grid("Places", chart.headings, chart.rows(), 10),
    )


def _payments(first: date, last: date) -> Grid:
    """The sums of the reconciliation page for the month."""
    wanted = Range(first, last, By.MONTH)
    whole = total(reconciliation(wanted, payments(wanted)))
    rows = (
        ("Checks and transfers", whole.amount), ("Paid on claims", whole.claims_paid),
        ("Provider level", whole.adjustments), ("Difference", whole.difference),
        ("Loaded", whole.loaded), ("Not loaded", whole.not_loaded),
    )  # fmt: skip
    return Grid("Payments", PAYMENTS, rows, "No payment.", exact=True)


def _opened(first: date, last: date) -> list[Incident]:
    rows = Opening.objects.filter(as_of__gte=first, as_of__lte=last).values("incident")
    return list(incidents().filter(pk__in=rows).order_by("-at_stake_cents", "pk"))


KIND = Kind(
    code="monthend",
    title="Month-end report",
    says="The month's measures beside the month before, what came back, payments tied out, incidents.",
    formats=("pdf", "xlsx"),
    period="month",
    make=make,
)
