"""Incidents of the bound practice and what stands behind them."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from upstream.alerts import life_rules
from upstream.alerts.choices import IncidentState, SplitAxis, StepKind
from upstream.alerts.life_rules import Figures, Mark, Snooze
from upstream.alerts.models import Incident, IncidentClaim, Transition
from upstream.alerts.rules import CLOSED, Due, Member
from upstream.detection.choices import Direction, Metric, SignalState
from upstream.detection.models import DetectionRun
from upstream.detection.spans import GAP, SPAN

# Which column of a member tells its part.
SPLIT_COLUMNS = {
    SplitAxis.PROCEDURE: "claim__procedure_code", SplitAxis.REASON: "claim__denial_carc",
    SplitAxis.LOCATION: "claim__site__name",
}  # fmt: skip
MOST_PARTS = 40
SNOOZED = Q(snoozed_until__isnull=False) | Q(snooze_money_cents__isnull=False) | Q(snooze_rate__isnull=False)


def incidents() -> QuerySet[Incident]:
    """All, with payer, owner and last run."""
    return Incident.objects.select_related("payer", "assigned_to__user", "last_run").order_by("-changed_at", "-pk")


def open_incidents() -> QuerySet[Incident]:
    """Those that are not closed, the costliest first."""
    return incidents().exclude(state__in=CLOSED).order_by("-at_stake_cents", "pk")


def incident(public_id: uuid.UUID) -> Incident | None:
    return incidents().filter(public_id=public_id).first()


def members_of(incident: Incident) -> QuerySet[IncidentClaim]:
    """The claims whose amounts add up to the incident's, the largest first, with payer and site."""
    rows = IncidentClaim.objects.filter(incident=incident).select_related("claim__payer", "claim__site")
    return rows.order_by("-expected_cents", "pk")


def members_by_claim(incident: Incident) -> dict[int, Member]:
    """What is kept of each claim behind the incident, by its id."""
    rows = member_rows(IncidentClaim.objects.filter(incident=incident))
    return {claim: member for claim, _pk, _incident, _source, member in rows}


def member_rows(rows: QuerySet[IncidentClaim]) -> Iterator[tuple[int, int, int, int | None, Member]]:
    """Claim, row, incident it stands at, the one it belongs to where that is another, and what is kept of it."""
    columns = ("expected_cents", "due", "internal_due", "due_source", "lost_cents", "recoverable_cents", "paid_on")
    for claim, pk, at, of, cents, due, internal, source, *money in rows.values_list(
        "claim_id", "pk", "incident_id", "source_id", *columns
    ):
        yield claim, pk, at, of, Member(cents, Due(due, internal or due, source) if due else None, *money)


def history_of(incident: Incident) -> QuerySet[Transition]:
    """Steps, oldest first."""
    return Transition.objects.filter(incident=incident).order_by("pk")


def parts_to_split(incident: Incident) -> list[tuple[str, str, int]]:
    """Axis, value and claims of each part of its own claims that is not all of them, the largest first. One query."""
    own = IncidentClaim.objects.filter(incident=incident, source=None)
    rows = list(own.values_list(*SPLIT_COLUMNS.values()).annotate(claims=Count("pk")).order_by())
    found: Counter[tuple[str, str]] = Counter()
    for *values, claims in rows:
        found.update({(axis, value): claims for axis, value in zip(SPLIT_COLUMNS, values, strict=True) if value})
    every = sum(row[-1] for row in rows)
    return [(axis, value, claims) for (axis, value), claims in found.most_common(MOST_PARTS) if claims < every]


@dataclass(frozen=True)
class Counts:
    """Incidents by where they stand; `due` have a deadline within seven days."""

    new: int
    open: int
    due: int


def counts(today: date) -> Counts:
    """One query."""
    standing = ~Q(state__in=CLOSED)
    soon = Q(deadline__gte=today, deadline__lte=today + timedelta(days=7))
    found = Incident.objects.aggregate(
        new=Count("pk", filter=Q(state=IncidentState.NEW)),
        open=Count("pk", filter=standing),
        due=Count("pk", filter=standing & soon),
    )
    return Counts(**found)


@dataclass(frozen=True)
class DueDate:
    """Claims of one incident that must be answered by the same day; `internal` is our own date before it."""

    incident: Incident
    due: date
    internal: date
    claims: int
    cents: int


def deadlines(today: date, days: int) -> list[DueDate]:
    """Dates of open incidents from today to `days` later, the first first. Two queries."""
    rows = IncidentClaim.objects.filter(due__gte=today, due__lte=today + timedelta(days=days))
    rows = rows.exclude(incident__state__in=CLOSED).values("incident", "due", "internal_due")
    found = list(rows.annotate(claims=Count("pk"), cents=Sum("expected_cents")).order_by("due", "-cents", "incident"))
    named = {incident.pk: incident for incident in incidents().filter(pk__in={row["incident"] for row in found})}
    return [
        DueDate(named[row["incident"]], row["due"], row["internal_due"] or row["due"], row["claims"], row["cents"])
        for row in found
    ]


def incidents_with_older_dates(today: date) -> QuerySet[Incident]:
    """Open ones whose deadlines were last told as of an earlier day, oldest first."""
    rows = Incident.objects.exclude(state__in=CLOSED).annotate(told=KeyTextTransform("as_of", "finding__deadlines"))
    return rows.filter(told__lt=today.isoformat()).order_by("pk")


def runs_waiting() -> QuerySet[DetectionRun]:
    """Detection runs that no incident knows of yet, oldest first."""
    return DetectionRun.objects.filter(state=SignalState.OPEN).order_by("as_of", "pk")


def known_after(as_of: date) -> bool:
    """Whether incidents already know of a run with a later date."""
    return Incident.objects.filter(last_run__as_of__gt=as_of).exists()


def incidents_that_may_change(as_of: date) -> QuerySet[Incident]:
    """Open ones, parts of others, and those seen in the weeks that detection looks back on; locked, oldest first."""
    recent = Q(last_as_of__gte=as_of - timedelta(weeks=GAP + SPAN + 1))
    rows = Incident.objects.filter(~Q(state__in=CLOSED) | recent | Q(merged_into__isnull=False))
    return rows.select_for_update(of=("self",)).order_by("pk")


def told_steps(incident: Incident) -> QuerySet[Transition]:
    """Steps, oldest first, with what each took back, and `taken_back`: whether a later one took it back."""
    later = Transition.objects.filter(undoes=OuterRef("pk"))
    return history_of(incident).select_related("undoes").annotate(taken_back=Exists(later))


def standing_steps(incident: Incident) -> list[Transition]:
    """Steps that were not taken back, without those that took one back; oldest first."""
    steps = list(history_of(incident))
    gone = {step.undoes_id for step in steps if step.undoes_id}
    return [step for step in steps if step.pk not in gone and not step.undoes_id]


def steps_since(incident: Incident, version: int) -> QuerySet[Transition]:
    """What was done after the incident stood at that version, oldest first."""
    return history_of(incident).filter(version__gt=version)


def figures_of(incident: Incident) -> Figures:
    """What its marks are held against. A payer that allows less does worse at a lower rate."""
    falls = incident.metric == Metric.UNDERPAYMENT and incident.direction == Direction.ADVERSE
    return Figures(incident.lost_cents, incident.rate, falls)


def mark_of(incident: Incident) -> Mark:
    """What must be exceeded for it to come back once it is closed: the worse ends of its rate and of a year's money."""
    annual = incident.finding.get("annual_cents") or [incident.annual_cents]
    rate = incident.rate_low if figures_of(incident).falls else incident.rate_high
    return Mark(rate, max(round(annual[-1]), incident.annual_cents))


def snoozed() -> QuerySet[Incident]:
    """Open incidents that sleep, oldest first."""
    return Incident.objects.filter(SNOOZED).order_by("pk")


def why_awake(incident: Incident, today: date) -> str:
    """Why a snoozed incident wakes today, in words; "" for one that sleeps on, or does not sleep."""
    snooze = Snooze(incident.snoozed_until, incident.snooze_money_cents, incident.snooze_rate)
    return life_rules.why_awake(snooze, figures_of(incident), today)


def watched_since(incident: Incident, time_zone: str) -> date:
    """The practice's day on which a monitored incident was put under watch."""
    moves = Transition.objects.filter(incident=incident, kind=StepKind.MOVED, to_state=IncidentState.MONITORING)
    return moves.latest("pk").at.astimezone(ZoneInfo(time_zone)).date()
