"""Notices, decisions and rules of the bound practice."""

from datetime import datetime, timedelta

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat

from upstream.alerts.choices import IncidentState, ResolutionOutcome, StepKind
from upstream.alerts.models import Incident, Opening, Transition
from upstream.alerts.rules import CLOSED, SYSTEM
from upstream.core import clock
from upstream.routing.choices import Channel, NoticeState, Verdict
from upstream.routing.models import Decision, Mute, Notice, Policy, Preference, Rota, Rule, Target, Window
from upstream.routing.rules import SEVERITIES, Earlier, Tally
from upstream.tenants.models import Membership

LATER = "later"
WAITING = (NoticeState.QUEUED, NoticeState.HELD)
REAL = (ResolutionOutcome.PAYER_CHANGE, ResolutionOutcome.OUR_PROCESS)
LOOKS_BACK = timedelta(days=365)
SEEN = Concat(
    F("incident__severity"), Value("/"), F("incident__strength"), Value("/"),
    Coalesce(KeyTextTransform("innocent", "incident__finding"), Value(""), output_field=CharField()),
)  # fmt: skip


def policy() -> Policy:
    """The practice's own, or the defaults, which are not saved."""
    found: Policy = Policy.objects.first() or Policy()
    return found


def preferences() -> dict[int, Preference]:
    """What members have said, by member."""
    return {row.member_id: row for row in Preference.objects.all()}


def window_at(now: datetime) -> Window | None:
    """The planned work that is under way; the one that ends last where there are several."""
    found: Window | None = Window.objects.filter(starts_at__lte=now, ends_at__gt=now).order_by("-ends_at", "pk").first()
    return found


def windows() -> QuerySet[Window]:
    """Planned work, the newest first."""
    rows: QuerySet[Window] = Window.objects.order_by("-starts_at", "-pk")
    return rows


def mutes() -> QuerySet[Mute]:
    """Every mute with how many incidents it has kept quiet, the newest first."""
    kept = Decision.objects.filter(mute=OuterRef("pk")).order_by()
    counted = Subquery(kept.values("mute").annotate(n=Count("incident", distinct=True)).values("n"))
    rows: QuerySet[Mute] = Mute.objects.annotate(muted=Coalesce(counted, 0)).order_by("-made_at", "-pk")
    return rows


def mutes_at(now: datetime) -> list[Mute]:
    """Those that hold then, the oldest first."""
    return list(Mute.objects.filter(ended_at=None, made_at__lte=now, expires_at__gt=now).order_by("pk"))


def rules() -> QuerySet[Rule]:
    """Rules that count, in the order in which they were made, with their targets."""
    return all_rules().filter(ended_at=None)


def all_rules() -> QuerySet[Rule]:
    """Rules, those that count no more too, with their targets."""
    rows: QuerySet[Rule] = Rule.objects.order_by("pk")
    return rows.prefetch_related("targets__member__user", "targets__rota", "targets__endpoint")


def rotas() -> QuerySet[Rota]:
    """Rotas that are in use, by name."""
    rows: QuerySet[Rota] = Rota.objects.filter(ended_at=None).order_by("name", "pk")
    return rows


def targets_of_rota(rota: Rota) -> QuerySet[Target]:
    """Places in rules that count where the rota is named."""
    rows: QuerySet[Target] = Target.objects.filter(rota=rota, rule__ended_at=None)
    return rows


def notices_due() -> QuerySet[Notice]:
    """What can be let go now, oldest first."""
    rows: QuerySet[Notice] = Notice.objects.filter(state__in=WAITING, due_at__lte=clock.now())
    return rows.order_by("due_at", "pk")


def digests_due() -> list[int]:
    """One notice of each receiver for whom a digest is due now."""
    due = Notice.objects.filter(state=NoticeState.DIGEST, due_at__lte=clock.now())
    return list(
        due.values("recipient", "endpoint").annotate(first=Min("pk")).order_by("first").values_list("first", flat=True)
    )


def in_portal(member: Membership) -> QuerySet[Notice]:
    """What the member was told in the portal, newest first."""
    rows = Notice.objects.filter(recipient=member, channel=Channel.PORTAL, state=NoticeState.SENT)
    return rows.select_related("incident").order_by("-let_go_at", "-pk")


def unread(member: Membership) -> QuerySet[Notice]:
    """Those that the member has not read."""
    rows: QuerySet[Notice] = Notice.objects.filter(recipient=member, channel=Channel.PORTAL, state=NoticeState.SENT)
    return rows.filter(read_at=None)


def notices() -> QuerySet[Notice]:
    """All, newest first, with their receivers."""
    rows: QuerySet[Notice] = Notice.objects.select_related("recipient__user", "endpoint", "incident")
    return rows.order_by("-decided_at", "-pk")


def interruptions_since(start: datetime) -> int:
    """How many things people were told of at once since then."""
    told = Notice.objects.filter(at_once=True, decided_at__gte=start)
    return told.values("kind", "about").distinct().count()


def openings_waiting() -> QuerySet[Opening]:
    """Openings of which nothing is decided, or which were kept and would be decided otherwise now; severest first."""
    decided = Decision.objects.filter(opening=OuterRef("pk"))
    standing = decided.exclude(incident__state__in=CLOSED)
    changed = standing.filter(verdict=Verdict.KEPT).exclude(seen=LATER).annotate(now=SEEN).exclude(seen=F("now"))
    over = Q(mute__expires_at__lte=clock.now()) | Q(mute__ended_at__isnull=False)
    heard = standing.filter(over, verdict=Verdict.SUPPRESSED)
    order = Case(
        *(When(incident__severity=severity, then=Value(place)) for place, severity in enumerate(SEVERITIES)),
        output_field=IntegerField(),
    )
    rows = Opening.objects.filter(~Exists(decided) | Exists(changed) | Exists(heard))
    return rows.select_related("incident__payer").order_by(order, "pk")


def closings_waiting() -> QuerySet[Transition]:
    """Closings of incidents of which nothing is decided, oldest first."""
    closing = Transition.objects.filter(kind=StepKind.MOVED, to_state__in=CLOSED).exclude(from_state__in=CLOSED)
    undecided = closing.filter(~Exists(Decision.objects.filter(transition=OuterRef("pk"))))
    return undecided.select_related("incident__payer").order_by("pk")


def wakings_waiting() -> QuerySet[Transition]:
    """Incidents that came back by themselves, from a snooze or from being watched, of which nothing is decided."""
    watched = Q(kind=StepKind.MOVED, from_state=IncidentState.MONITORING, to_state=IncidentState.WORKING)
    woken = Transition.objects.filter(Q(kind=StepKind.WOKEN) | watched, actor=SYSTEM)
    undecided = woken.filter(~Exists(Decision.objects.filter(transition=OuterRef("pk"))))
    return undecided.select_related("incident__payer").order_by("pk")


def seen_to_since(step: Transition) -> bool:
    """Whether anybody has taken a step on the incident since, or it was told, or will be, as opened again."""
    before = Decision.objects.filter(opening=OuterRef("pk"), at__lte=step.at)
    openings = Opening.objects.filter(~Exists(before), incident=step.incident_id)
    steps = Transition.objects.filter(incident=step.incident_id, pk__gt=step.pk).exclude(actor=SYSTEM)
    return openings.exists() or steps.exists()


def put_aside_by(step: Transition) -> str:
    """Who snoozed the incident, or put it under watch, before it came back; "" where nobody did."""
    aside = Q(kind=StepKind.SNOOZED) | Q(kind=StepKind.MOVED, to_state=IncidentState.MONITORING)
    before = Transition.objects.filter(aside, incident=step.incident_id, pk__lt=step.pk)
    return before.order_by("-pk").values_list("actor", flat=True).first() or ""


def woken_last(incident: Incident, now: datetime) -> Earlier | None:
    """When its keeper was last told at once that it is back."""
    rows = Decision.objects.filter(incident=incident, transition__isnull=False, verdict=Verdict.TOLD)
    row = rows.exclude(transition__to_state__in=CLOSED).order_by("-at").first()
    return Earlier(now - row.at, row.severity) if row is not None else None


def opened_later(opening: Opening) -> bool:
    """Whether the same incident has opened again since."""
    return Opening.objects.filter(incident=opening.incident_id, pk__gt=opening.pk).exists()


def told_last(incident: Incident, now: datetime) -> Earlier | None:
    """When people were last told of an incident at once."""
    row = (
        Decision.objects.filter(incident=incident, opening__isnull=False, verdict=Verdict.TOLD).order_by("-at").first()
    )
    return Earlier(now - row.at, row.severity) if row is not None else None


def was_told(incident: Incident) -> bool:
    """Whether anybody was told that it opened."""
    told = (Verdict.TOLD, Verdict.DIGEST)
    return bool(Decision.objects.filter(incident=incident, opening__isnull=False, verdict__in=told).exists())


def tallies(now: datetime, metric: str = "") -> list[tuple[int, str, str, Tally]]:
    """Verdicts of people of the last year: payer's id and name, metric, and how many were noise and how many real."""
    closed = Incident.objects.filter(state__in=CLOSED, changed_at__gte=now - LOOKS_BACK)
    if metric:
        closed = closed.filter(metric=metric)
    noise, real = Q(outcome=ResolutionOutcome.NOISE), Q(outcome__in=REAL)
    rows = closed.filter(noise | real).values("payer_id", "payer__name", "metric")
    counted = rows.annotate(noise=Count("pk", filter=noise), real=Count("pk", filter=real)).order_by(
        "payer__name", "metric"
    )
    return [(row["payer_id"], row["payer__name"], row["metric"], Tally(row["noise"], row["real"])) for row in counted]


def decisions_of(incident: Incident) -> QuerySet[Decision]:
    """What was decided of its openings, newest first."""
    rows: QuerySet[Decision] = Decision.objects.filter(incident=incident, opening__isnull=False)
    return rows.select_related("mute").order_by("-pk")


def openings_since(start: datetime) -> QuerySet[Opening]:
    """Openings of incidents since that day, newest first."""
    rows: QuerySet[Opening] = Opening.objects.filter(as_of__gte=start.date()).select_related("incident", "payer")
    return rows.order_by("-as_of", "-pk")


def unread_of(member: Membership) -> tuple[int, datetime | None]:
    """How many notices are unread, and when the newest of those that are worth a pop-up came. One query."""
    popping = Max("let_go_at", filter=Q(at_once=True))
    found = unread(member).order_by().aggregate(number=Count("pk"), newest=popping)
    return found["number"], found["newest"]


def is_taken_up(incident: Incident) -> bool:
    """Whether somebody has acknowledged or taken the incident, or it is over."""
    return incident.state != IncidentState.NEW or incident.assigned_to_id is not None


def muted_now() -> set[int]:
    """Ids of open incidents of which nobody is told because they are muted."""
    quiet = Decision.objects.filter(verdict=Verdict.SUPPRESSED).exclude(incident__state__in=CLOSED)
    return set(quiet.values_list("incident_id", flat=True))
