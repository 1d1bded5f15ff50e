"""What the director's week says: one quarter against the quarter before, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from upstream.alerts import ledger_queries as ledger
from upstream.alerts.models import Incident
from upstream.alerts.queries import incidents
from upstream.alerts.rules import CLOSED
from upstream.appeals.queries import Record, records
from upstream.claims.choices import Outcome
from upstream.claims.models import Payer, PayerWeek, ReasonWeek, SiteWeek
from upstream.claims.rules import denial_words
from upstream.core import clock
from upstream.core.charts import Step, WaterfallChart
from upstream.detection.choices import Metric, Strength
from upstream.detection.models import Baseline, DetectionRun
from upstream.forecast.queries import NextWeeks, next_weeks
from upstream.kpis.choices import Fact
from upstream.kpis.models import WeekSum
from upstream.portal.queries.incidents import IncidentRow, row_of
from upstream.portal.week_rules import Funnel, funnel
from upstream.tenants.models import Site

QUARTER, WEEK = timedelta(weeks=13), timedelta(weeks=1)
CLOSED_WITHIN, DECIDE_WITHIN = timedelta(weeks=4), timedelta(days=14)
MOST_STEPS, MOST_DECISIONS = 6, 3
REFUSED = (Outcome.DENIED, Outcome.PARTIAL)
FEW_CLAIMS = 30
TELLING = (Strength.STRONG, Strength.MODERATE)


@dataclass(frozen=True, slots=True)
class Quarter:
    """Thirteen whole weeks, from the first Monday to the last one."""

    first: date
    last: date

    @property
    def before(self) -> "Quarter":
        return Quarter(self.first - QUARTER, self.last - QUARTER)

    @property
    def end(self) -> date:
        return self.last + WEEK - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PayerLine:
    """One payer over the quarter; cents, shares 0..1, days. `tells`: enough claims and evidence to be coloured."""

    payer: Payer
    baseline: Baseline | None
    paid_share: float
    denied_cents: int
    denied_before_cents: int
    taken_back_cents: int
    overturned: float | None
    letters: int
    open_incidents: int
    tells: bool

    @property
    def few(self) -> bool:
        return self.baseline is None or self.baseline.weekly_claims * 8 < FEW_CLAIMS

    @property
    def change(self) -> float:
        return self.baseline.rate - self.baseline.usual_rate if self.baseline else 0.0

    def _days(self, share: str) -> float | None:
        now = (self.baseline.lag if self.baseline else {}).get("payment", {}).get("now", {})
        return now[share][1] if now.get(share) else None

    @property
    def half_paid(self) -> float | None:
        """Days by which half is paid."""
        return self._days("50")

    @property
    def most_paid(self) -> float | None:
        """Days by which nine tenths are paid."""
        return self._days("90")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One place's share of refused claims within its limits."""

    name: str
    refused: int
    funnel: Funnel


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """An incident closed lately, and what it brought back so far."""

    incident: Incident
    recovered_cents: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the next meeting with one payer speaks of."""

    payer: Payer
    incidents: list[Incident]

    @property
    def at_stake_cents(self) -> int:
        return sum(one.at_stake_cents for one in self.incidents)


@dataclass(frozen=True, slots=True)
class Week:
    """The page; `more_decisions` wait beside those that it shows."""

    quarter: Quarter
    forecast: NextWeeks | None
    at_risk_cents: int
    lost_low_cents: int
    lost_high_cents: int
    open_count: int
    recovered: ledger.Value
    recovered_before: ledger.Value
    payers: list[PayerLine]
    causes: WaterfallChart | None
    sites: list[SiteLine]
    closed: list[ClosedLine]
    decisions: list[IncidentRow]
    more_decisions: int
    meetings: list[Meeting]


def week_of(run: DetectionRun | None, today: date) -> Week:
    """As of the last look, else today."""
    last = clock.monday_of((run.as_of if run else today) + timedelta(days=1)) - WEEK
    quarter = Quarter(last - QUARTER + WEEK, last)
    still_open = list(incidents().exclude(state__in=CLOSED))
    waiting = _to_decide(still_open, today)
    return Week(
        quarter=quarter,
        forecast=next_weeks(),
        at_risk_cents=sum(one.at_stake_cents for one in still_open),
        lost_low_cents=sum(one.lost_low_cents for one in still_open),
        lost_high_cents=sum(one.lost_high_cents for one in still_open),
        open_count=len(still_open),
        recovered=ledger.value_of(ledger.lines(quarter.first, quarter.end)),
        recovered_before=ledger.value_of(ledger.lines(quarter.before.first, quarter.before.end)),
        payers=_payers(run, quarter, still_open),
        causes=_causes(quarter),
        sites=_sites(quarter),
        closed=_closed(quarter),
        decisions=[row_of(one) for one in waiting[:MOST_DECISIONS]],
        more_decisions=len(waiting[MOST_DECISIONS:]),
        meetings=_meetings(still_open),
    )


def _meetings(still_open: list[Incident]) -> list[Meeting]:
    """By payer, the most money first."""
    by_payer: defaultdict[Payer, list[Incident]] = defaultdict(list)
    for one in still_open:
        if one.for_meeting:
            by_payer[one.payer].append(one)
    found = [Meeting(payer, ones) for payer, ones in by_payer.items()]
    return sorted(found, key=lambda one: (-one.at_stake_cents, one.payer.name))


def _known(quarter: Quarter) -> QuerySet[PayerWeek]:
    rows: QuerySet[PayerWeek] = PayerWeek.objects.filter(known_week__gte=quarter.first, known_week__lte=quarter.last)
    return rows


def _payers(run: DetectionRun | None, quarter: Quarter, still_open: list[Incident]) -> list[PayerLine]:
    """Every payer that paid or refused something, the largest by payments first. Six queries."""
    paid = dict(_known(quarter).values_list("payer").annotate(cents=Sum("paid_cents")).order_by())
    denied, before = (_denied_by_payer(span) for span in (quarter, quarter.before))
    taken = dict(
        WeekSum.objects.filter(fact=Fact.TAKEN_BACK, week__gte=quarter.first, week__lte=quarter.last)
        .values_list("payer").annotate(cents=Sum("cents")).order_by()
    )  # fmt: skip
    baselines = {one.payer_id: one for one in Baseline.objects.filter(run=run).select_related("payer")} if run else {}
    names = {one.pk: one for one in Payer.objects.filter(pk__in=set(paid) | set(denied) | set(baselines))}
    letters = _letters()
    whole = sum(paid.values()) or 1
    lines = []
    for payer_id, payer in names.items():
        own = [one for one in still_open if one.payer_id == payer_id]
        won, answered = letters[payer_id]
        lines.append(
            PayerLine(
                payer,
                baselines.get(payer_id),
                paid.get(payer_id, 0) / whole,
                denied.get(payer_id, 0),
                before.get(payer_id, 0),
                taken.get(payer_id, 0),
                won / answered if answered else None,
                answered,
                len(own),
                _tells(own),
            )  # fmt: skip
        )
    return sorted(lines, key=lambda line: (-line.paid_share, line.payer.name))


def _tells(own: list[Incident]) -> bool:
    """Whether something is open about the payer's denials of which the evidence is more than weak."""
    return any(one.metric == Metric.DENIAL_RATE and one.strength in TELLING for one in own)


def _denied_by_payer(quarter: Quarter) -> dict[int, int]:
    rows = _known(quarter).filter(outcome__in=REFUSED)
    return dict(rows.values_list("payer").annotate(cents=Sum("billed_cents")).order_by())


def _letters() -> defaultdict[int, tuple[int, int]]:
    """Letters won and answered, by payer. One query."""
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for record in records():
        won, answered = found[record.payer_id]
        found[record.payer_id] = (won + _won(record), answered + record.answered)
    return found


def _won(record: Record) -> int:
    return record.overturned + record.partly


def _causes(quarter: Quarter) -> WaterfallChart | None:
    """Denied dollars from the quarter before to this one, by cause. One query."""
    here = Q(known_week__gte=quarter.first)
    rows = ReasonWeek.objects.filter(known_week__gte=quarter.before.first, known_week__lte=quarter.last)
    sums = rows.values_list("category").annotate(
        now=Sum("billed_cents", filter=here, default=0), then=Sum("billed_cents", filter=~here, default=0)
    )
    moved = sorted(((now - then, category) for category, now, then in sums.order_by()), key=lambda one: -abs(one[0]))
    start = sum(then for _, _, then in sums)
    if not moved:
        return None
    steps = [Step(denial_words(category), cents) for cents, category in moved[:MOST_STEPS]]
    rest = sum(cents for cents, _ in moved[MOST_STEPS:])
    return WaterfallChart(
        "Denied dollars by cause, this quarter against the one before", "13 weeks before", start,
        (*steps, *([Step("All others", rest)] if rest else [])), "Last 13 weeks",
    )  # fmt: skip


def _sites(quarter: Quarter) -> list[SiteLine]:
    """Places by name, each against all of them together. Two queries."""
    rows = SiteWeek.objects.filter(known_week__gte=quarter.first, known_week__lte=quarter.last)
    rows = rows.exclude(outcome=Outcome.PENDING)
    sums = {
        site: (refused or 0, decided)
        for site, refused, decided in rows.values_list("site_id")
        .annotate(refused=Sum("claims", filter=Q(outcome__in=REFUSED)), decided=Sum("claims")).order_by()
    }  # fmt: skip
    every = sum(decided for _, decided in sums.values())
    overall = sum(refused for refused, _ in sums.values()) / every if every else 0.0
    names = dict(Site.objects.filter(pk__in=sums).values_list("pk", "name"))
    lines = [
        SiteLine(names[site], refused, made)
        for site, (refused, decided) in sums.items()
        if site in names and (made := funnel(refused, decided, overall))
    ]
    return sorted(lines, key=lambda line: line.name)


def _closed(quarter: Quarter) -> list[ClosedLine]:
    """Incidents closed in the last four weeks, with what they brought in the quarter. Three queries."""
    since = clock.now() - CLOSED_WITHIN
    rows = incidents().filter(state__in=CLOSED, changed_at__gte=since, merged_into=None).defer("finding")
    brought = {one.incident.pk: one.counted for one in ledger.by_incident(quarter.first, quarter.end) if one.incident}
    return [ClosedLine(one, brought.get(one.pk, 0)) for one in rows]


def _to_decide(still_open: list[Incident], today: date) -> list[Incident]:
    """Nobody has it, or its deadline is within two weeks; the most money first."""
    urgent = [
        one for one in still_open
        if one.assigned_to_id is None or (one.deadline and today <= one.deadline <= today + DECIDE_WITHIN)
    ]  # fmt: skip
    return sorted(urgent, key=lambda one: (-one.at_stake_cents, one.pk))
