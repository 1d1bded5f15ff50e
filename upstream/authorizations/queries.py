"""The register of the bound practice, and what waits to be done with it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncWeek

from upstream.authorizations.choices import Reason
from upstream.authorizations.models import DecisionClock, Entry, PayerSetting, Risk, Taken, ToldMark, Upkeep, Use
from upstream.authorizations.rules import DECIDED_AGAINST, GRANTED, USED_SHARE
from upstream.claims.choices import Approval, Outcome
from upstream.claims.told_queries import people_in
from upstream.core import clock, tenancy
from upstream.ingestion.models import Batch
from upstream.tenants.queries import bound_organization

NEAR = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """Which entries are wanted: of one payer, and `show`: "", valid, near, ended, waiting or refused."""

    payer: uuid.UUID | None = None
    show: str = ""


def files_waiting() -> QuerySet[Batch]:
    """Files that were read, or read again, since the register took them; the oldest first."""
    taken = Taken.objects.filter(batch=OuterRef("pk")).values("loaded_at")
    rows: QuerySet[Batch] = Batch.objects.filter(loaded_at__isnull=False).annotate(taken_at=Subquery(taken))
    return rows.filter(Q(taken_at=None) | ~Q(taken_at=F("loaded_at"))).order_by("pk")


def day_is_due(today: date) -> bool:
    """Whether the day was not told yet in a practice that has sent anything at all."""
    return not Upkeep.objects.filter(done_on__gte=today).exists() and Taken.objects.exists()


def days_due() -> list[int]:
    """The bound tenant's id where a day is to be told, for the stage."""
    due = day_is_due(clock.today(bound_organization().time_zone))
    return [tenancy.required()] if due else []


def entries(asked: Asked, today: date) -> QuerySet[Entry]:
    """Those that end first come first; without an end, last."""
    rows: QuerySet[Entry] = Entry.objects.select_related("payer")
    if asked.payer:
        rows = rows.filter(payer__public_id=asked.payer)
    return rows.filter(_shown(asked.show, today)).order_by(F("valid_until").asc(nulls_last=True), "pk")


def _near(today: date) -> Q:
    ends = Q(valid_until__gte=today, valid_until__lte=today + NEAR)
    used = Q(approved_units__gt=0, used_units__gte=F("approved_units") * Value(USED_SHARE))
    return Q(action__in=GRANTED) & (ends | used & (Q(valid_until=None) | Q(valid_until__gte=today)))


def _shown(show: str, today: date) -> Q:
    """Entries of one kind; every one for a word that names none."""
    return {
        "valid": Q(action__in=GRANTED) & (Q(valid_until=None) | Q(valid_until__gte=today)),
        "near": _near(today),
        "ended": Q(valid_until__lt=today),
        "waiting": ~Q(action__in=[*GRANTED, *DECIDED_AGAINST, Approval.NOT_NEEDED]),
        "refused": Q(action__in=DECIDED_AGAINST),
    }.get(show, Q())


def entry(public_id: uuid.UUID) -> Entry | None:
    """The entry with its payer and what was told last."""
    return Entry.objects.select_related("payer", "told").filter(public_id=public_id).first()


def late(asked: Asked) -> QuerySet[Entry]:
    """Requests that were decided after their time, or still wait after it; the longest overdue first."""
    now = clock.now()
    rows: QuerySet[Entry] = Entry.objects.select_related("payer")
    rows = rows.filter(Q(answered_at__gt=F("due_at")) | Q(answered_at=None, due_at__lt=now))
    if asked.payer:
        rows = rows.filter(payer__public_id=asked.payer)
    return rows.annotate(over=Coalesce(F("answered_at"), now) - F("due_at")).order_by("-over", "pk")


@dataclass(frozen=True)
class Decisions:
    """How many requests of a payer were decided in time, late, wait overdue, wait in time, and have no known clock."""

    payer: str
    payer_id: uuid.UUID
    in_time: int
    late: int
    overdue: int
    waiting: int
    unknown: int


def decisions() -> list[Decisions]:
    """Every payer with requests whose time of asking is known, by name. One query."""
    now = clock.now()
    timed = Q(due_at__isnull=False)
    open_now = Q(answered_at=None)
    rows = (
        Entry.objects.exclude(requested_at=None, requested_date=None).values("payer__name", "payer__public_id")
        .annotate(
            in_time=Count("pk", filter=Q(answered_at__lte=F("due_at"))),
            late=Count("pk", filter=Q(answered_at__gt=F("due_at"))),
            overdue=Count("pk", filter=open_now & Q(due_at__lt=now)),
            waiting=Count("pk", filter=open_now & Q(due_at__gte=now)),
            unknown=Count("pk", filter=~timed),
        ).order_by("payer__name")
    )  # fmt: skip
    return [Decisions(row.pop("payer__name"), row.pop("payer__public_id"), **row) for row in rows]


def risks(payer: uuid.UUID | None = None, reason: str = "") -> QuerySet[Risk]:
    """Claims at risk, by the day of service."""
    rows: QuerySet[Risk] = Risk.objects.select_related("claim__payer", "entry")
    if payer:
        rows = rows.filter(claim__payer__public_id=payer)
    if reason in Reason.values:
        rows = rows.filter(reason=reason)
    return rows.order_by("service_date", "pk")


def risk_sums() -> list[tuple[Reason, int, int]]:
    """Claims and billed cents by reason, in the order of the reasons. One query."""
    found = {
        reason: (count, cents)
        for reason, count, cents in Risk.objects.values_list("reason").annotate(Count("pk"), Sum("claim__billed_cents"))
    }
    return [(reason, *found[reason]) for reason in Reason if reason in found]


def uses_of(of: Entry) -> QuerySet[Use]:
    """The claims that draw on it, the newest service first."""
    return Use.objects.filter(entry=of).select_related("claim").order_by(F("service_date").desc(nulls_last=True), "-pk")


def weekly_units(of: Entry) -> list[tuple[date, Decimal]]:
    """Units that count, by the Monday of the week of service; claims denied in full are left out. One query."""
    counted = Use.objects.filter(entry=of, covers=True, inside=True, service_date__isnull=False)
    standing = counted.exclude(claim__outcome__in=[Outcome.DENIED, Outcome.REVERSED]).exclude(claim__frequency_code="8")
    rows = standing.annotate(week=TruncWeek("service_date")).values_list("week").annotate(units=Sum("units"))
    return [(week, units) for week, units in rows.order_by("week")]


def marks_of(of: Entry) -> QuerySet[ToldMark]:
    return ToldMark.objects.filter(entry=of).order_by("-on_day", "pk")


def settings() -> QuerySet[PayerSetting]:
    """What the practice said of payers' times, the newest first."""
    return PayerSetting.objects.select_related("payer").order_by("-at", "-pk")


def setting(public_id: uuid.UUID) -> PayerSetting | None:
    return PayerSetting.objects.select_related("payer").filter(public_id=public_id).first()


def decision_clocks() -> QuerySet[DecisionClock]:
    """The rules that are the same for every practice."""
    return DecisionClock.objects.order_by("payer_type", "urgency", "valid_from")


@dataclass(frozen=True)
class Near:
    """What the landing page says: granted ones that end within 30 days or are nearly used up, and claims at risk."""

    ending: int
    risks: int
    risk_cents: int


def near(today: date) -> Near:
    """Two queries."""
    sums = Risk.objects.aggregate(n=Count("pk"), cents=Coalesce(Sum("claim__billed_cents"), 0))
    return Near(Entry.objects.filter(_near(today)).count(), sums["n"], sums["cents"])


def newest_day() -> date | None:
    """The day for which ends and risks were told last."""
    found: date | None = Upkeep.objects.aggregate(day=Max("done_on"))["day"]
    return found


def people_of(rows: Iterable[Entry]) -> dict[int, dict[str, str]]:
    """Identifying values of each entry by its id. PHI: the caller records the access and shows it to those who may."""
    told = {row.pk: row.told for row in rows}
    opened = people_in(told.values())
    return {pk: opened[row.pk] for pk, row in told.items()}
