"""Reads the facts of a week in a fixed number of queries; figures are those known by the end of that week."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum, Value

from upstream.alerts.choices import ResolutionOutcome
from upstream.alerts.models import Incident, IncidentClaim
from upstream.alerts.rules import CLOSED
from upstream.claims.choices import Outcome
from upstream.claims.models import Claim, Payer, PayerWeek, ReasonWeek, Remittance
from upstream.core import clock
from upstream.detection.models import Baseline, DetectionRun
from upstream.ingestion.choices import BatchState, RejectionState
from upstream.ingestion.models import Batch, Rejection
from upstream.ingestion.quality.queries import caveats
from upstream.ingestion.reconciliation.queries import deposited
from upstream.ingestion.reconciliation.rules import Money, number_key
from upstream.reports import beside
from upstream.reports.ahead import known_ahead
from upstream.reports.facts import Cell, Denials, Facts, Files
from upstream.reports.figures import Waits
from upstream.reports.measured import measured
from upstream.reports.rules import WEEKS, Period
from upstream.tenants.queries import bound_organization

DENIED = (Outcome.DENIED, Outcome.PARTIAL)
WAIT_WEEKS = 26
RUNS_LOOKED_AT = 8


def read_facts(period: Period) -> Facts:
    """The bound practice's facts, inside a transaction."""
    practice = bound_organization()
    since = clock.start_of(period.start, practice.time_zone)
    until = clock.start_of(period.end + timedelta(days=1), practice.time_zone)
    runs = list(DetectionRun.objects.filter(as_of__lte=period.as_of).order_by("-as_of", "-pk")[:RUNS_LOOKED_AT])
    denials = _denials(period)
    incidents = _incidents(period, since)
    remittances = _remittances(since, until)
    cells = _cells(period)
    return Facts(
        practice=practice,
        runs=runs,
        baselines={row.payer_id: row for row in Baseline.objects.filter(run_id=runs[0].pk if runs else 0)},
        payers=dict(Payer.objects.values_list("pk", "name")),
        cells=cells,
        denials=denials,
        waits=_waits(period, until),
        incidents=incidents,
        members=_members(incidents),
        remittances=remittances,
        files=files_read(),
        rejected_rows=rejected_rows(),
        outcomes=_outcomes(period),
        caveats=caveats(since=period.weeks_back(WEEKS), until=period.end),
        deposited=deposited(
            Money(row.pk, number_key(row.check_number), row.payment_date or row.known_at.date(), row.amount_cents)
            for row in remittances
        ),
        measured=measured(period, largest_payers(cells, period)),
        recovered=beside.recovered(period.as_of),
        authorizations=beside.authorizations(period.as_of),
        decided=beside.decisions(since, until),
        short_lines=beside.short_lines(period.weeks_back(WEEKS - 1), period.end),
        ahead=known_ahead(period.as_of),
    )


def largest_payers(cells: Iterable[Cell], period: Period) -> list[int]:
    """Payers with claims or answers in the last 13 weeks; the largest payments first."""
    paid: dict[int, int] = defaultdict(int)
    for cell in cells:
        if cell.week > period.weeks_back(WEEKS):
            paid[cell.payer_id] += 0 if cell.outcome == Outcome.PENDING else cell.paid_cents
    return sorted(paid, key=lambda payer: (-paid[payer], payer))


def _cells(period: Period) -> list[Cell]:
    rows = (
        PayerWeek.objects.filter(known_week__gt=period.weeks_back(2 * WEEKS + 1), known_week__lte=period.start)
        .values_list("payer_id", "known_week", "outcome")
        .annotate(Sum("claims"), Sum("billed_cents"), Sum("allowed_cents"), Sum("paid_cents"))
        .order_by("payer_id", "known_week", "outcome")
    )
    return [Cell(*row) for row in rows]


def _denials(period: Period) -> list[Denials]:
    rows = (
        ReasonWeek.objects.filter(known_week__gt=period.weeks_back(2 * WEEKS), known_week__lte=period.start)
        .filter(outcome__in=DENIED)
        .values_list("category", "reason", "known_week")
        .annotate(Sum("claims"), Sum("billed_cents"))
        .order_by("category", "reason", "known_week")
    )
    return [Denials(*row) for row in rows]


def _waits(period: Period, until: datetime) -> dict[int, Waits]:
    """Days from submission to the first decision, by payer; what was not decided by then counts as waiting."""
    decided = Q(decision_known_at__lt=until, decided_date__lte=period.end)
    seen = Claim.objects.filter(
        submitted_date__gt=period.end - timedelta(weeks=WAIT_WEEKS),
        submitted_date__lte=period.end,
        known_at__lt=until,
        payer_order=1,
        number_bidx=F("family_key"),
    )
    answered = _by_days(seen.filter(decided), F("decided_date"))
    waiting = _by_days(seen.exclude(decided), Value(period.end, DateField()))
    return {payer: Waits(answered[payer], waiting[payer]) for payer in sorted({*answered, *waiting})}


def _by_days(claims: QuerySet[Claim], last: Any) -> defaultdict[int, dict[int, int]]:
    """Number of claims by payer and days from submission to `last`."""
    span = ExpressionWrapper(last - F("submitted_date"), output_field=DurationField())
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for payer, days, number in claims.annotate(span=span).values_list("payer_id", "span").annotate(Count("pk")):
        found[payer][max(days.days, 0)] = found[payer].get(max(days.days, 0), 0) + number
    return found


def _incidents(period: Period, since: datetime) -> list[Incident]:
    """Those seen by then and not closed before the week: the costliest first."""
    still_told = ~Q(state__in=CLOSED) | Q(changed_at__gte=since)
    rows = Incident.objects.filter(still_told, first_as_of__lte=period.as_of)
    return list(rows.select_related("payer", "assigned_to__user").order_by("-at_stake_cents", "pk"))


def _members(incidents: list[Incident]) -> list[IncidentClaim]:
    rows = IncidentClaim.objects.filter(incident__in=[incident.pk for incident in incidents])
    return list(rows.select_related("claim__site").order_by("incident_id", "claim__submitted_date", "claim_id"))


def _remittances(since: datetime, until: datetime) -> list[Remittance]:
    rows = Remittance.objects.filter(known_at__gte=since, known_at__lt=until)
    return list(rows.order_by("payment_date", "check_number", "pk"))


def rejected_rows() -> int:
    """Rows that are left out until somebody corrects them. One query."""
    return Rejection.objects.filter(state=RejectionState.OPEN).count()


def files_read() -> Files:
    """One query."""
    counts = Batch.objects.aggregate(
        read=Count("pk", filter=Q(state__in=(BatchState.LOADED, BatchState.ANALYSED))),
        refused=Count("pk", filter=Q(state=BatchState.REJECTED)),
        waiting=Count("pk", filter=Q(state=BatchState.LANDED)),
    )
    return Files(**counts)


def _outcomes(period: Period) -> dict[str, int]:
    """How many incidents are closed with each outcome; "" counts those that are not closed.

    One that was closed without being judged has returned to usual by itself.
    """
    told = Incident.objects.filter(first_as_of__lte=period.as_of).values_list("state", "outcome")
    counts: dict[str, int] = defaultdict(int)
    for state, outcome, count in told.annotate(Count("pk")).order_by("state", "outcome"):
        counts[(outcome or ResolutionOutcome.RETURNED.value) if state in CLOSED else ""] += count
    return counts


def last_known(cells: Iterable[Cell]) -> date | None:
    """The newest week of which something was known."""
    return max((cell.week for cell in cells), default=None)
