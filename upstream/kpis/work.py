"""What people did about denials, and how good our own warnings were."""

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Sum

from upstream.alerts import scoring, scoring_queries
from upstream.appeals.models import Letter
from upstream.appeals.rules import ANSWERED, WON
from upstream.claims.choices import DenialCategory
from upstream.core import clock
from upstream.core.money import show_dollars
from upstream.kpis import definitions as d
from upstream.kpis import sums
from upstream.kpis.choices import Fact
from upstream.kpis.models import ReworkCost
from upstream.kpis.rules import Definition, Measure, amount, noted, ratio, share, unknown
from upstream.kpis.sums import Ask
from upstream.worklist.choices import ActKind, Step
from upstream.worklist.models import Event, Item

USUAL_COST, USUAL_SOURCE = 2_500, "the least that is published for a practice; nobody here has said otherwise"


def measures(ask: Ask) -> Iterator[Measure]:
    """Seven queries."""
    yield from _letters(ask)
    yield _missed(ask)
    yield _rework(ask)
    yield from _warnings(ask)


def _letters(ask: Ask) -> Iterator[Measure]:
    rows = Letter.objects.filter(subject__in=DenialCategory.values, sent_on__isnull=False)
    rows = rows if ask.payer is None else rows.filter(payer=ask.payer)
    told = list(rows.values_list("sent_on", "answered_on", "state", "level", "claim__decided_date"))
    if not told:
        for definition in (d.APPEAL_RATE, d.OVERTURN, d.TO_APPEAL, d.TO_VERDICT):
            yield unknown(definition, "no letter on a denial was sent yet")
        return
    first, end = ask.span.first, ask.span.end
    sent = [row for row in told if first <= row[0] <= end]
    answered = [row for row in told if row[1] is not None and first <= row[1] <= end and row[2] in ANSWERED]
    found = sums.totals([Fact.DENIED, Fact.PARTLY], ask.span, ask.payer)
    denials = found[Fact.DENIED].number + found[Fact.PARTLY].number
    began = sum(level == 1 for *_, level, _ in sent)
    yield ratio(d.APPEAL_RATE, began, denials, n=began)
    yield share(d.OVERTURN, sum(state in WON for _, _, state, *_ in answered), len(answered))
    yield _middle(d.TO_APPEAL, [(row[0] - row[4]).days for row in sent if row[4] is not None and row[3] == 1])
    yield _middle(d.TO_VERDICT, [(row[1] - row[0]).days for row in answered])


def _middle(definition: Definition, days: list[int]) -> Measure:
    if not days:
        return unknown(definition, "no such letter in this period")
    return Measure(definition, value=float(median(days)), n=len(days))


def _missed(ask: Ask) -> Measure:
    """Open denials that nobody has begun, whose last day has passed by now."""
    last = min(ask.span.end, clock.today(ask.time_zone) - timedelta(days=1))
    rows = Item.objects.filter(closed_at=None, step=Step.UNTOUCHED, deadline__gte=ask.span.first, deadline__lte=last)
    rows = rows if ask.payer is None else rows.filter(payer=ask.payer)
    found = rows.aggregate(number=Count("pk"), cents=Sum("expected_cents", default=0))
    return amount(d.MISSED, found["cents"], found["number"])


def _rework(ask: Ask) -> Measure:
    began = clock.start_of(ask.span.first, ask.time_zone)
    until = clock.start_of(ask.span.end + timedelta(days=1), ask.time_zone)
    acts = Event.objects.filter(act__at__gte=began, act__at__lt=until, act__kind__in=(ActKind.STEP, ActKind.NOTE))
    acts = acts if ask.payer is None else acts.filter(item__payer=ask.payer)
    touches = acts.count() + sums.totals([Fact.SENT_AGAIN], ask.span, ask.payer)[Fact.SENT_AGAIN].number
    cost = cost_on(ask.span.end)
    cents, source = (cost.cents, cost.source) if cost else (USUAL_COST, USUAL_SOURCE)
    return noted(amount(d.REWORK, touches * cents, touches), f"{show_dollars(cents)} a touch: {source}")


def cost_on(day: date) -> ReworkCost | None:
    """What the practice says that a touch costs on the day; None while it has said nothing. One query."""
    rows = ReworkCost.objects.filter(valid_from__lte=day).order_by("-valid_from", "-pk")
    found: ReworkCost | None = rows.first()
    return found


def _warnings(ask: Ask) -> Iterator[Measure]:
    raised = [row for row in scoring_queries.judged(ask.payer) if ask.span.first <= row.as_of <= ask.span.end]
    told = scoring.tally(raised)
    judged = told.real + told.false
    why = "nobody has judged an incident of this period" if raised else "no incident was raised in this period"
    yield share(d.PRECISION, told.real, judged) if judged else unknown(d.PRECISION, why)
    lead = scoring.lead(raised)
    yield Measure(d.LEAD, value=float(lead.middle), n=lead.n) if lead else unknown(d.LEAD, why)
