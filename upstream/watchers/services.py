"""A look at everything that can fail: troubles open, change and close by themselves; people take them up."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from upstream.alerts.choices import Severity
from upstream.core import clock, crash, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.core.errors import Conflict
from upstream.delivery.choices import EndpointState, Event
from upstream.delivery.models import Endpoint
from upstream.delivery.services import queue_to
from upstream.routing.services import Said, tell
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members, bound_organization
from upstream.watchers import checks, checks_out, queries
from upstream.watchers.choices import Kind, Limit, StepKind, TroubleState
from upstream.watchers.limits import limits_of
from upstream.watchers.models import Look, Step, Trouble
from upstream.watchers.rules import FLAPS, MOVES, Seen

STAGE = "watch"
GRAVE = frozenset({Kind.AUDIT, Kind.STORAGE, Kind.DETECTOR})
MINOR = frozenset({Kind.CODES, Kind.ADDRESS})


def look(_tenant_id: int) -> bool:
    """Every check was made, and what it found is what is open; False when that was done minutes ago."""
    with transaction.atomic():
        one_at_a_time(STAGE, tenancy.required())
        if not queries.look_is_due():
            return False
        zone = bound_organization().time_zone
        now = checks.now_of(zone, limits_of(clock.today(zone)))
        last = Look.objects.values_list("at", flat=True).first()
        gap = now.limits[Limit.WATCH_MINUTES].value * 60
        if last is not None and (now.at - last).total_seconds() > gap:
            _note_gap(last, now.at, zone)
        settle(_seen(now), now.at)
        Look.objects.update_or_create(defaults={"at": now.at})
        crash.point("before_look_commit")
    return True


def _seen(now: checks.Now) -> Iterator[Seen]:
    for check in (*checks.ALL, *checks_out.ALL):
        yield from check(now)


def settle(found: Iterable[Seen], at: datetime) -> None:
    """What is found is open, once, and told when it begins; what is not found any more is over."""
    standing = {(row.kind, row.subject): row for row in queries.standing().select_for_update()}
    for seen in found:
        row = standing.pop((seen.kind, seen.subject), None)
        if row is not None:
            _update(row, seen, at)
        else:
            _open(seen, at)
    for row in standing.values():
        _close(row, at)


def _open(seen: Seen, at: datetime) -> None:
    """A trouble begins; one that was over just now goes on, and is not told again."""
    lately = Trouble.objects.filter(kind=seen.kind, subject=seen.subject, over_at__gte=at - FLAPS)
    row = lately.exclude(kind=Kind.WATCH).order_by("-pk").first()
    if row is not None:
        row.state, row.over_at = TroubleState.OPEN, None
        _fill(row, seen, at)
        row.save()
        _write(row, StepKind.OPENED, at)
        return
    row = Trouble(kind=seen.kind, subject=seen.subject, since=at)
    _fill(row, seen, at)
    row.save()
    _write(row, StepKind.OPENED, at)
    _tell(row)


def _update(row: Trouble, seen: Seen, at: datetime) -> None:
    before = (row.words.title, row.affects_numbers)
    _fill(row, seen, at)
    row.save()
    if (row.words.title, row.affects_numbers) != before:
        _write_change(row, at)


def _write_change(row: Trouble, at: datetime) -> None:
    """One line a day of its history says how it changes, however often it does."""
    today = Step.objects.filter(trouble=row, kind=StepKind.CHANGED, at__date=at.date()).first()
    if today is None:
        _write(row, StepKind.CHANGED, at)
    else:
        today.facts, today.at = row.facts, at
        today.save()


def _fill(row: Trouble, seen: Seen, at: datetime) -> None:
    row.facts, row.claims, row.rows = dict(seen.facts), seen.claims, seen.rows
    row.affects_numbers, row.last_seen_at = seen.affects_numbers, at


def _close(row: Trouble, at: datetime) -> None:
    row.state, row.over_at = TroubleState.OVER, at
    row.save()
    _write(row, StepKind.OVER, at)


def _note_gap(began: datetime, ended: datetime, zone: str) -> None:
    """Nobody looked meanwhile: said by the first look that is made again, and over with it."""
    words = [f"{day.day} {day:%B, %H:%M}" for day in (at.astimezone(ZoneInfo(zone)) for at in (began, ended))]
    facts = {"began": words[0], "ended": words[1]}
    row = Trouble.objects.create(
        kind=Kind.WATCH, subject=f"{began:%Y%m%dT%H%M%S}", facts=facts, state=TroubleState.OVER, since=began,
        last_seen_at=ended, over_at=ended,
    )  # fmt: skip
    _write(row, StepKind.OPENED, began)
    _write(row, StepKind.OVER, ended)
    _tell(row)


def _write(row: Trouble, kind: StepKind, at: datetime, actor: str = "") -> None:
    Step.objects.create(trouble=row, kind=kind, facts=row.facts, actor=actor[:80], at=at)


def _tell(row: Trouble) -> None:
    """The owners and Upstream's staff learn of it once, in the portal, by mail and by the channels that ask.

    Where mail itself fails and no channel asks for troubles, every channel that works is told.
    """
    touched = "numbers leave something out" if row.affects_numbers else "numbers are not touched"
    said = Said(
        f"{Kind(row.kind).label}: {touched}",
        ["What fails, what it means and what to do stands on the page."],
        f"{settings.PORTAL_BASE_URL}/portal/troubles/{row.public_id}/",
        {"trouble": str(row.public_id), "kind": row.kind, "claims": row.claims, "affects_numbers": row.affects_numbers},
    )
    about = f"trouble:{row.public_id}"
    tell(kind=Event.TROUBLE, about=about, severity=_severity(row), said=said, recipients=_people())
    if row.kind == Kind.MAIL:
        working = Endpoint.objects.filter(state=EndpointState.ACTIVE)
        if not any(Event.TROUBLE in endpoint.events for endpoint in working):
            context = {"headline": said.headline, "lines": list(said.lines), "link": said.link, "data": dict(said.data)}
            for endpoint in working:
                queue_to(endpoint, Event.TROUBLE, about=about, context=context)


def _severity(row: Trouble) -> Severity:
    if row.kind in GRAVE:
        return Severity.CRITICAL
    return Severity.MEDIUM if row.kind in MINOR else Severity.HIGH


def _people() -> list[Membership]:
    """Owners and staff; where a practice has no owner, its managers stand in."""
    members = list(active_members())
    owners = [member for member in members if member.role == Role.OWNER]
    owners = owners or [member for member in members if member.role == Role.MANAGER]
    return owners + [member for member in members if member.role == Role.STAFF]


@transaction.atomic
def acknowledge(trouble: Trouble, *, version: int, actor: str) -> Trouble:
    """Somebody is at it; Conflict when it changed hands meanwhile, or is over."""
    return _move(trouble, TroubleState.ACKNOWLEDGED, StepKind.ACKNOWLEDGED, version, actor)


@transaction.atomic
def hand_back(trouble: Trouble, *, version: int, actor: str) -> Trouble:
    """Nobody is at it any more: the undoing of `acknowledge`, as a step of its own."""
    return _move(trouble, TroubleState.OPEN, StepKind.HANDED_BACK, version, actor)


def _move(trouble: Trouble, to: TroubleState, kind: StepKind, version: int, actor: str) -> Trouble:
    row: Trouble = Trouble.objects.select_for_update().get(pk=trouble.pk)
    if to not in MOVES[TroubleState(row.state)]:
        raise Conflict("no_step", f"this is now: {TroubleState(row.state).label.lower()}")
    if row.version != version:
        raise Conflict("changed", "somebody was faster: look at what changed")
    row.state, row.version = to, row.version + 1
    row.taken_by = actor[:80] if to == TroubleState.ACKNOWLEDGED else ""
    row.save()
    _write(row, kind, clock.now(), actor)
    return row
