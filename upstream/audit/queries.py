"""The access log of the bound tenant."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, F, Q, QuerySet, Window
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, Lag

from upstream.audit.models import PHIAccess
from upstream.core import clock

MACHINES, EXPORTS, AFTER, BURSTS = "machines", "exports", "after", "sign_in_bursts"
REFUSED_SIGN_INS, BURST_OF, BURST_IN = ("sign_in_refused", "sign_in_locked"), 5, timedelta(minutes=10)
NEWEST = 5000
OFFICE_HOURS, LAST_OFFICE_DAY = (7, 19), 5


@dataclass(frozen=True)
class Asked:
    """Which entries are wanted; "" and None mean all. Days are the practice's; `least` counts records.

    `actor` may be `machines`, `action` `exports` (whatever leaves as a file) or `sign_in_bursts` (refused sign-ins of
    one account from the fifth within ten minutes on), `hours` `after` (evenings, nights and weekends in the practice's
    zone). `subject` is any part of what was looked at, `subjects` are whole ones of which any fits (None: all).
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    purpose: str = ""
    address: str = ""
    outcome: str = ""
    hours: str = ""
    least: int | None = None
    first: date | None = None
    last: date | None = None
    subjects: tuple[str, ...] | None = None

    @property
    def said(self) -> dict[str, str]:
        """What was asked for, without what was left open."""
        told = {**asdict(self), "subjects": ", ".join(self.subjects or ())}
        return {name: str(value) for name, value in told.items() if value}


def accesses(asked: Asked, time_zone: str) -> QuerySet[PHIAccess]:
    """The entries asked for, in order. One query."""
    rows = PHIAccess.objects.filter(_who(asked.actor), _what(asked.action))
    if asked.subject:
        rows = rows.filter(subject__icontains=asked.subject)
    if asked.subjects is not None:
        rows = rows.filter(subject__in=asked.subjects)
    plain = {"purpose": asked.purpose, "address": asked.address, "outcome": asked.outcome}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if asked.least:
        rows = rows.filter(records__gte=asked.least)
    if asked.first:
        rows = rows.filter(at__gte=clock.start_of(asked.first, time_zone))
    if asked.last and asked.last < date.max:
        rows = rows.filter(at__lt=clock.start_of(asked.last + timedelta(days=1), time_zone))
    rows = _after_hours(rows, time_zone) if asked.hours == AFTER else rows
    return (_bursts(rows) if asked.action == BURSTS else rows).order_by("number")


def purposes() -> list[str]:
    """Every reason given in the newest entries. One query, as quick in a long log."""
    newest = PHIAccess.objects.order_by("-number").values("pk")[:NEWEST]
    rows = PHIAccess.objects.filter(pk__in=newest).exclude(purpose="").order_by("purpose")
    return list(rows.values_list("purpose", flat=True).distinct())


def _who(actor: str) -> Q:
    if actor == MACHINES:
        return ~Q(actor__startswith="user:")
    return Q(actor=actor) if actor else Q()


def _what(action: str) -> Q:
    if action == EXPORTS:
        leaves = ("export", "download", "open_report", "letter.file", "packet.file")
        return Q(*[("action__startswith", start) for start in leaves], _connector=Q.OR)
    if action == BURSTS:
        return Q(action__in=REFUSED_SIGN_INS)
    return Q(action=action) if action else Q()


def _bursts(rows: QuerySet[PHIAccess]) -> QuerySet[PHIAccess]:
    """Of refused sign-ins those that have four others of the same account in the ten minutes before."""
    fourth = Lag("at", BURST_OF - 1, output_field=DateTimeField())
    rows = rows.annotate(fourth_before=Window(fourth, partition_by=[F("subject")], order_by="number"))
    return rows.filter(fourth_before__gte=F("at") - BURST_IN)


def _after_hours(rows: QuerySet[PHIAccess], time_zone: str) -> QuerySet[PHIAccess]:
    here = ZoneInfo(time_zone)
    rows = rows.annotate(hour=ExtractHour("at", tzinfo=here), day=ExtractIsoWeekDay("at", tzinfo=here))
    opens, closes = OFFICE_HOURS
    return rows.filter(Q(hour__lt=opens) | Q(hour__gte=closes) | Q(day__gt=LAST_OFFICE_DAY))
