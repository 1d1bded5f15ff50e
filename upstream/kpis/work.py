"""What people did about denials, and how good our own warnings were."""

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, QuerySet, Sum

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


LETTER = ("claim_id", "payer_id", "state", "level", "sent_on", "answered_on", "amount_cents", "claim__decided_date")


def measures(ask: Ask) -> Iterator[Measure]:
    """Nine queries."""
    yield from _letters(ask)
    yield _missed(ask)
    yield _rework(ask)
    yield from _warnings(ask)


def _letters(ask: Ask) -> Iterator[Measure]:
    if not _on_denials(ask).exists():
        for definition in (d.APPEAL_RATE, d.OVERTURN, d.TO_APPEAL, d.TO_VERDICT):
            yield unknown(definition, "no letter on a denial was sent yet")
        return
    first, verdicts = began(sent(ask)), answered(ask)
    found = sums.totals([Fact.DENIED, Fact.PARTLY], ask.span, ask.payer)
    denials = found[Fact.DENIED].number + found[Fact.PARTLY].number
    yield ratio(d.APPEAL_RATE, len(first), denials, n=len(first))
    yield share(d.OVERTURN, sum(row.state in WON for row in verdicts), len(verdicts))
    yield _middle(d.TO_APPEAL, [days for _, days in to_appeal(first)])
    yield _middle(d.TO_VERDICT, [days for _, days in to_verdict(verdicts)])


def _on_denials(ask: Ask) -> QuerySet[Letter]:
    rows = Letter.objects.filter(subject__in=DenialCategory.values, sent_on__isnull=False)
    rows = rows if ask.payer is None else rows.filter(payer=ask.payer)
    return rows.select_related("claim").only(*LETTER).order_by("sent_on", "pk")


def sent(ask: Ask) -> list[Letter]:
    """Letters on denials that went out in the weeks. One query."""
    return list(_on_denials(ask).filter(sent_on__range=(ask.span.first, ask.span.end)))


def began(letters: list[Letter]) -> list[Letter]:
    """Those of them that were the first on their claim."""
    return [row for row in letters if row.level == 1]


def answered(ask: Ask) -> list[Letter]:
    """Letters on denials that were answered in the weeks. One query."""
    rows = _on_denials(ask).filter(state__in=ANSWERED, answered_on__range=(ask.span.first, ask.span.end))
    return list(rows)


def to_appeal(letters: list[Letter]) -> list[tuple[Letter, int]]:
    """With the days from the denial to the day on which each was sent, where both are known."""
    told = ((row, row.claim.decided_date, row.sent_on) for row in letters)
    return [(row, (last - first).days) for row, first, last in told if first and last]


def to_verdict(letters: list[Letter]) -> list[tuple[Letter, int]]:
    """With the days from the day on which each was sent to the payer's answer."""
    told = ((row, row.sent_on, row.answered_on) for row in letters)
    return [(row, (last - first).days) for row, first, last in told if first and last]


def _middle(definition: Definition, days: list[int]) -> Measure:
    if not days:
        return unknown(definition, "no such letter in this period")
    return Measure(definition, value=float(median(days)), n=len(days))


def _missed(ask: Ask) -> Measure:
    found = missed(ask).aggregate(number=Count("pk"), cents=Sum("expected_cents", default=0))
    return amount(d.MISSED, found["cents"], found["number"])


def missed(ask: Ask) -> QuerySet[Item]:
    """Open denials that nobody has begun, whose last day has passed by now."""
    last = min(ask.span.end, clock.today(ask.time_zone) - timedelta(days=1))
    rows = Item.objects.filter(closed_at=None, step=Step.UNTOUCHED, deadline__gte=ask.span.first, deadline__lte=last)
    return rows if ask.payer is None else rows.filter(payer=ask.payer)


def _rework(ask: Ask) -> Measure:
    number = touches(ask).count() + sums.totals([Fact.SENT_AGAIN], ask.span, ask.payer)[Fact.SENT_AGAIN].number
    cents, source = cost_of_touch(ask)
    return noted(amount(d.REWORK, number * cents, number), f"{show_dollars(cents)} a touch: {source}")


def touches(ask: Ask) -> QuerySet[Event]:
    """Steps and notes of people in the weeks."""
    began_at = clock.start_of(ask.span.first, ask.time_zone)
    until = clock.start_of(ask.span.end + timedelta(days=1), ask.time_zone)
    acts = Event.objects.filter(act__at__gte=began_at, act__at__lt=until, act__kind__in=(ActKind.STEP, ActKind.NOTE))
    return acts if ask.payer is None else acts.filter(item__payer=ask.payer)


def cost_of_touch(ask: Ask) -> tuple[int, str]:
    """Cents, and who says so. One query."""
    cost = cost_on(ask.span.end)
    return (cost.cents, cost.source) if cost else (USUAL_COST, USUAL_SOURCE)


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
