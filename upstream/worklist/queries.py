"""Denied claims as they are worked: lists in the order of their deadlines, one item, and what was done to it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum, When

from upstream.alerts.models import IncidentClaim
from upstream.claims.models import Claim
from upstream.worklist.choices import ActKind, Show
from upstream.worklist.models import Act, Event, Feed, Item

SOON_DAYS = 7
BY_DEADLINE = ("deadline", "-recovery_cents", "pk")
ORDERS = {
    Show.OPEN: BY_DEADLINE,
    Show.PASSED: ("-deadline", "-recovery_cents", "pk"),
    Show.ASIDE: ("snoozed_until", "pk"),
    Show.CLOSED: ("-closed_at", "-pk"),
}


@dataclass(frozen=True)
class Wanted:
    """Which items are asked for. `owner` is a membership's id, 0 for those that nobody has; None and "" mean all.

    `due` is the payers' deadline, `on` the day of one's calendar: our own date, or theirs where that has passed.
    """

    show: str = Show.OPEN
    owner: int | None = None
    payer: int | None = None
    category: str = ""
    step: str = ""
    soon: bool = False
    due: date | None = None
    on: date | None = None
    incident: int | None = None


def items() -> QuerySet[Item]:
    """All, with claim, payer and owner."""
    return Item.objects.select_related("claim", "payer", "owner__user")


def item(public_id: uuid.UUID) -> Item | None:
    return items().filter(public_id=public_id).first()


def items_by_claim(claims: Iterable[int]) -> dict[int, Item]:
    """The item of each of these claims (ids) that has one, open or closed."""
    return {row.claim_id: row for row in items().filter(claim__in=list(claims))}


def item_of_claim(claim: Claim) -> Item | None:
    """The item of the claim's family. One query."""
    return items().filter(claim__number_bidx__in=[claim.family_key, claim.number_bidx]).first()


def listed(wanted: Wanted, today: date) -> QuerySet[Item]:
    """Those asked for, in the order in which they are worked: by deadline, then by what should come back."""
    rows = items().filter(_shown(wanted.show, today))
    if wanted.owner is not None:
        rows = rows.filter(owner=wanted.owner or None)
    if wanted.payer is not None:
        rows = rows.filter(payer=wanted.payer)
    for name in ("category", "step"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: getattr(wanted, name)})
    if wanted.soon:
        rows = rows.filter(deadline__lte=today + timedelta(days=SOON_DAYS))
    if wanted.due:
        rows = rows.filter(deadline=wanted.due)
    if wanted.on:
        rows = rows.annotate(day=_calendar_day(today)).filter(day=wanted.on)
    if wanted.incident is not None:
        rows = rows.filter(Exists(IncidentClaim.objects.filter(incident=wanted.incident, claim=OuterRef("claim"))))
    return rows.order_by(*ORDERS[Show(wanted.show)])


def in_order(pks: Iterable[int]) -> list[Item]:
    """The items with these ids, in the same order. One query."""
    wanted = list(pks)
    found = {row.pk: row for row in items().filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]


def _shown(show: str, today: date) -> Q:
    if show == Show.CLOSED:
        return Q(closed_at__isnull=False)
    if show == Show.ASIDE:
        return Q(closed_at=None, snoozed_until__gt=today)
    if show == Show.PASSED:
        return Q(closed_at=None, deadline__lt=today)
    return Q(closed_at=None, deadline__gte=today) & (Q(snoozed_until=None) | Q(snoozed_until__lte=today))


def _calendar_day(today: date) -> Case:
    return Case(When(internal_due__gte=today, then="internal_due"), default="deadline")


@dataclass(frozen=True)
class Sums:
    """How many items, what they should bring, and what of that usually comes back, in cents: sums of the items."""

    claims: int
    expected_cents: int
    recovery_cents: int


def sums_of(rows: QuerySet[Item]) -> Sums:
    """One query."""
    found = rows.order_by().aggregate(
        claims=Count("pk"), expected_cents=Sum("expected_cents", default=0),
        recovery_cents=Sum("recovery_cents", default=0),
    )  # fmt: skip
    return Sums(**found)


def following(row: Item, wanted: Wanted, today: date) -> Item | None:
    """The next item of the list after this one, else its first other one."""
    rows = listed(wanted, today).exclude(pk=row.pk)
    if wanted.show != Show.OPEN:
        return rows.first()
    same = Q(deadline=row.deadline)
    after = same & (
        Q(recovery_cents__lt=row.recovery_cents) | Q(recovery_cents=row.recovery_cents, pk__gt=row.pk)
    )  # fmt: skip
    found = rows.filter(deadline__gte=row.deadline).filter(Q(deadline__gt=row.deadline) | after).first()
    return found or rows.first()


@dataclass(frozen=True)
class DueDay:
    """Open items that must be answered by one day; cents."""

    day: date
    claims: int
    expected_cents: int
    recovery_cents: int


def due_days(today: date, days: int = SOON_DAYS) -> list[DueDay]:
    """Days from today on, so many ahead, on which denials become due. One query."""
    rows = Item.objects.filter(_shown(Show.OPEN, today), deadline__lte=today + timedelta(days=days))
    found = rows.values("deadline").annotate(
        claims=Count("pk"), expected=Sum("expected_cents"), recovery=Sum("recovery_cents")
    )
    return [
        DueDay(*day) for day in found.order_by("deadline").values_list("deadline", "claims", "expected", "recovery")
    ]


def act(public_id: uuid.UUID) -> Act | None:
    return Act.objects.filter(public_id=public_id).first()


def last_act(actor: str, since: datetime) -> Act | None:
    """The actor's newest act since then that was not taken back; None for none."""
    undone = Act.objects.filter(undoes=OuterRef("pk"))
    rows = Act.objects.filter(actor=actor, at__gte=since).exclude(kind=ActKind.UNDO).filter(~Exists(undone))
    return rows.order_by("-pk").first()


def events_of(item: Item) -> QuerySet[Event]:
    """What was done to it, oldest first."""
    rows = Event.objects.filter(item=item).select_related("act", "owner_after__user", "owner_before__user")
    return rows.order_by("version")


def taken_back(events: Iterable[Event]) -> set[int]:
    """Ids of the acts of these events that were taken back."""
    return set(Act.objects.filter(undoes__in={event.act_id for event in events}).values_list("undoes", flat=True))


@dataclass(frozen=True)
class FeedDay:
    """What one day of a person's calendar holds; cents. `first_deadline` is the payers' first among them."""

    day: date
    claims: int
    recovery_cents: int
    first_deadline: date
    changed_at: datetime


def feed_days(feed: Feed, today: date, until: date) -> list[FeedDay]:
    """By our own date, or by the payer's where ours has passed. One query."""
    rows = Item.objects.filter(_shown(Show.OPEN, today), deadline__lte=until)
    if not feed.everybody:
        rows = rows.filter(owner=feed.member_id)
    found = rows.values(day=_calendar_day(today)).annotate(
        claims=Count("pk"), cents=Sum("recovery_cents"), first=Min("deadline"), changed=Max("changed_at")
    )
    return [FeedDay(*row) for row in found.order_by("day").values_list("day", "claims", "cents", "first", "changed")]
