"""The weekly sums as measures ask for them: a few small queries, however many claims there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet, Sum

from upstream.kpis.choices import Fact
from upstream.kpis.models import Price, WeekSum
from upstream.kpis.rules import Span
from upstream.worklist.pricing import Paid, Prices


@dataclass(frozen=True)
class Ask:
    """Which weeks, of which payer (None: all together), as of which day, in which time zone."""

    span: Span
    payer: int | None
    as_of: date
    time_zone: str


@dataclass(frozen=True)
class Total:
    """How many, their cents, and the largest of them."""

    number: int = 0
    cents: int = 0
    most: int = 0


def _rows(facts: Iterable[Fact], span: Span | None, payer: int | None) -> QuerySet[WeekSum]:
    rows: QuerySet[WeekSum] = WeekSum.objects.filter(fact__in=list(facts))
    if span is not None:
        rows = rows.filter(week__gte=span.first, week__lte=span.last)
    return rows if payer is None else rows.filter(payer=payer)


def totals(facts: Iterable[Fact], span: Span, payer: int | None) -> defaultdict[str, Total]:
    """Each fact of the weeks, together. One query."""
    rows = _rows(facts, span, payer).values_list("fact").annotate(Sum("number"), Sum("cents"), Max("most_cents"))
    return defaultdict(Total, {fact: Total(*sums) for fact, *sums in rows.order_by()})


def by_days(facts: Iterable[Fact], span: Span, payer: int | None) -> defaultdict[str, dict[int, int]]:
    """How many of each fact of the weeks, by days. One query."""
    found: defaultdict[str, dict[int, int]] = defaultdict(dict)
    rows = _rows(facts, span, payer).values_list("fact", "days").annotate(Sum("number")).order_by()
    for fact, days, number in rows:
        found[fact][days] = number
    return found


Places = defaultdict[str, dict[tuple[int, str], Total]]


def by_place(facts: Iterable[Fact], span: Span, payer: int | None) -> Places:
    """Each fact of the weeks by payer and procedure. One query."""
    found: Places = defaultdict(dict)
    rows = _rows(facts, span, payer).values_list("fact", "payer", "place")
    for fact, of, place, *sums in rows.annotate(Sum("number"), Sum("cents"), Max("most_cents")).order_by():
        found[fact][of, place] = Total(*sums)
    return found


def by_payer(facts: Iterable[Fact], span: Span, payer: int | None) -> defaultdict[str, dict[int, Total]]:
    """Each fact of the weeks by payer. One query."""
    found: defaultdict[str, dict[int, Total]] = defaultdict(dict)
    rows = _rows(facts, span, payer).values_list("fact", "payer")
    for fact, of, *sums in rows.annotate(Sum("number"), Sum("cents"), Max("most_cents")).order_by():
        found[fact][of] = Total(*sums)
    return found


def open_now(payer: int | None) -> list[tuple[int, date, int, int]]:
    """Families without an answer: payer, day of first submission, how many, and their charges. One query."""
    rows = _rows([Fact.OPEN_SINCE], None, payer).values_list("payer", "days").annotate(Sum("number"), Sum("cents"))
    return [(of, date.fromordinal(day), number, cents) for of, day, number, cents in rows.order_by()]


def waited(since: dict[int, int], as_of: date) -> dict[int, int]:
    """Days that each has waited by the end of a day, from the days since when."""
    found: dict[int, int] = defaultdict(int)
    for day, number in since.items():
        found[max(as_of.toordinal() - day, 0)] += number
    return found


def prices() -> Prices:
    """What payers allowed of charges in the last year. One query."""
    by_procedure, of_payer = {}, dict[int, Paid]()
    for row in Price.objects.all():
        paid = Paid(row.claims, row.billed_cents, row.allowed_cents)
        by_procedure[row.payer_id, row.procedure_code] = paid
        of_payer[row.payer_id] = of_payer.get(row.payer_id, Paid()) + paid
    return Prices(by_procedure, of_payer, sum(of_payer.values(), Paid()))
