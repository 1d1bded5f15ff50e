"""How much is refused, by three denominators and two kinds of dollars."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum

from upstream.claims.choices import DenialCategory, Outcome
from upstream.claims.models import PayerWeek, ReasonWeek
from upstream.detection.models import Baseline, DetectionRun
from upstream.kpis import definitions as d
from upstream.kpis import sums
from upstream.kpis.choices import Fact
from upstream.kpis.rules import WEEK, Cohort, Measure, Span, noted, nowcast, ratio, share, unknown
from upstream.kpis.sums import Ask, Places, Total
from upstream.worklist.pricing import Prices

REFUSED = (Outcome.DENIED, Outcome.PARTIAL)
BEFORE_WEEKS, YEAR_WEEKS = 13, 52
BY_PROCEDURE = (Fact.DENIED, Fact.PARTLY, Fact.BY_PROCEDURE, Fact.AUTH_DENIED, Fact.UNDER_AUTH)


def measures(ask: Ask, seen: list[Cohort], prices: Prices) -> Iterator[Measure]:
    """Five queries."""
    yield nowcast(d.DENIAL_RATE, seen)
    yield from _rates(ask)
    places = sums.by_place(BY_PROCEDURE, ask.span, ask.payer)
    yield from _dollars(places, prices)
    yield _authorizations(ask, places)
    yield _without_reason(ask)
    found = sums.totals([Fact.DOWN_CODED, Fact.BY_PROCEDURE], ask.span, ask.payer)
    yield share(d.DOWN_CODED, found[Fact.DOWN_CODED].number, found[Fact.BY_PROCEDURE].number)


def cohorts(run: DetectionRun | None, span: Span, payer: int | None) -> list[Cohort]:
    """The weeks of the span as the last look saw them. One query."""
    rows = Baseline.objects.filter(run=run).only("payer_id", "series")
    if payer is not None:
        rows = rows.filter(payer=payer)
    return [
        Cohort(
            row.payer_id,
            date.fromisoformat(week["week"]),
            week["submitted"],
            week["low"],
            week["mid"],
            week["high"],
            week["maturity"],
            week["immature"],
        )
        for row in rows.order_by("payer_id")
        for week in row.series
        if week["mid"] is not None and span.first <= date.fromisoformat(week["week"]) <= span.last
    ]


def _rates(ask: Ask) -> Iterator[Measure]:
    """Refused in whole against decided, and against what was sent before."""
    span = ask.span
    before = Span(span.first - BEFORE_WEEKS * WEEK, span.first - WEEK)
    rows = PayerWeek.objects.all() if ask.payer is None else PayerWeek.objects.filter(payer=ask.payer)
    known = Q(known_week__gte=span.first, known_week__lte=span.last)
    sent = Q(outcome=Outcome.PENDING, submitted_week__gte=before.first, submitted_week__lte=before.last)
    found = rows.aggregate(
        denied=Sum("claims", filter=known & Q(outcome=Outcome.DENIED), default=0),
        partly=Sum("claims", filter=known & Q(outcome=Outcome.PARTIAL), default=0),
        decided=Sum("claims", filter=known & ~Q(outcome=Outcome.PENDING), default=0),
        sent=Sum("claims", filter=sent, default=0),
    )
    yield share(d.DENIAL_RATE_REMITTED, found["denied"], found["decided"])
    yield ratio(d.DENIAL_RATE_SUBMITTED, found["denied"], found["sent"] * span.weeks / BEFORE_WEEKS, n=found["denied"])
    yield share(d.PARTIAL_RATE, found["partly"], found["decided"])


def _dollars(places: Places, prices: Prices) -> Iterator[Measure]:
    every, refused = places[Fact.BY_PROCEDURE], [*places[Fact.DENIED].items(), *places[Fact.PARTLY].items()]
    number = sum(total.number for _, total in refused)
    denied, billed = sum(total.cents for _, total in refused), sum(total.cents for total in every.values())
    largest = max((total.most for _, total in refused), default=0)
    found = ratio(d.DENIED_DOLLARS, denied, billed, n=number)
    if found.is_known and billed > largest > 0:
        found = noted(found, _without(denied, billed, largest))
    yield found
    expected = sum(_expected(prices, *place, total) for place, total in refused)
    whole = sum(_expected(prices, *place, total) for place, total in every.items())
    yield ratio(d.DENIED_EXPECTED, expected, whole, n=number)


@dataclass(frozen=True)
class Refused:
    """What first answers refuse, in cents: billed, and as it should have been allowed."""

    billed: int = 0
    expected: int = 0


def refused_by_payer(span: Span) -> dict[int, Refused]:
    """The numerators of denied dollars, by payer: they add up to the practice's. Two queries."""
    prices, found = sums.prices(), dict[int, Refused]()
    places = sums.by_place([Fact.DENIED, Fact.PARTLY], span, None)
    for (payer, procedure), total in [*places[Fact.DENIED].items(), *places[Fact.PARTLY].items()]:
        so_far = found.get(payer, Refused())
        expected = _expected(prices, payer, procedure, total)
        found[payer] = Refused(so_far.billed + total.cents, so_far.expected + expected)
    return found


def _without(denied: int, billed: int, largest: int) -> str:
    """The rate without the largest refused claim, marked where that alone moves it by a tenth."""
    left, whole = (denied - largest) / (billed - largest), denied / billed
    said = f"{100 * left:.1f}% without its largest claim"
    return f"{said}: that one claim moves it" if left < 0.9 * whole else said


def _expected(prices: Prices, payer: int, procedure: str, total: Total) -> int:
    return prices.expected(payer, procedure, total.cents)


def _authorizations(ask: Ask, places: Places) -> Measure:
    """Services are those that wanted an authorization within the last year, up to the period's end."""
    year = Span(ask.span.last - (YEAR_WEEKS - 1) * WEEK, ask.span.last)
    wanting = sums.by_place([Fact.AUTH_DENIED, Fact.UNDER_AUTH], year, ask.payer)
    services = {*wanting[Fact.AUTH_DENIED], *wanting[Fact.UNDER_AUTH]}
    if not wanting[Fact.UNDER_AUTH]:
        return unknown(d.AUTH_RATE, "no claim of the last year says under which authorization it was sent")
    denied = sum(total.number for total in places[Fact.AUTH_DENIED].values())
    return share(
        d.AUTH_RATE, denied, sum(t.number for place, t in places[Fact.BY_PROCEDURE].items() if place in services)
    )


def _without_reason(ask: Ask) -> Measure:
    rows = ReasonWeek.objects.filter(known_week__gte=ask.span.first, known_week__lte=ask.span.last, outcome__in=REFUSED)
    if ask.payer is not None:
        rows = rows.filter(payer=ask.payer)
    found = rows.aggregate(
        unspecified=Sum("claims", filter=Q(category=DenialCategory.UNSPEC), default=0),
        denied=Sum(F("claims"), default=0),
    )
    return share(d.UNSPEC_RATE, found["unspecified"], found["denied"])
