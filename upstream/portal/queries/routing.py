"""What the pages on who is told show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils.safestring import SafeString

from upstream.alerts.choices import Severity
from upstream.claims.choices import DenialCategory
from upstream.claims.models import Payer
from upstream.core import clock
from upstream.core.money import show_dollars
from upstream.detection.choices import Metric
from upstream.portal.queries.people import names_of
from upstream.portal.week_strip import week_strip
from upstream.routing import queries
from upstream.routing.choices import NoticeState, TargetKind
from upstream.routing.hours import week_began
from upstream.routing.models import Mute, Notice, Policy, Rota, Rule, Target, Window
from upstream.routing.quiet_models import Scoped
from upstream.routing.turns import coming
from upstream.routing.week import DayShown, week_of
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members


def person(member: Membership) -> str:
    """A member as people name them."""
    return str(member.user.get_full_name() or member.user.email)


@dataclass(frozen=True, slots=True)
class RuleRow:
    row: Rule
    scope: str
    told: str
    later: str


@dataclass(frozen=True, slots=True)
class RotaRow:
    row: Rota
    now: str
    next: str
    handover: Any


@dataclass(frozen=True, slots=True)
class MuteRow:
    row: Mute
    scope: str
    author: str
    muted: int
    holds: bool
    may_come_back: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that was said of who is told and when, as it stands now."""

    policy: Policy
    rules: list[RuleRow]
    gone: list[Rule]
    rotas: list[RotaRow]
    windows: list[Window]
    under_way: Window | None
    used: int
    waiting: dict[str, int]
    mutes: int
    days: list[DayShown]
    picture: SafeString
    now: datetime


def overview(zone: str) -> Overview:
    """A fixed number of queries, whatever there is."""
    now, policy = clock.now(), queries.policy()
    people = {member.pk: person(member) for member in active_members()}
    payers = dict(Payer.objects.values_list("pk", "name"))
    every = list(queries.all_rules())
    rotas = list(queries.rotas())
    turns = rotas[0].turns_in(zone) if rotas and rotas[0].people else None
    days = week_of(now.astimezone(policy.quiet_in(zone).place).date(), policy.quiet_in(zone), turns, people)
    windows = list(queries.windows().filter(ends_at__gt=now - timedelta(days=30)))
    return Overview(
        policy=policy,
        rules=[rule_row(rule, payers) for rule in every if rule.ended_at is None],
        gone=[rule for rule in every if rule.ended_at is not None][-10:],
        rotas=[_rota_row(rota, people, zone) for rota in rotas],
        windows=windows,
        under_way=next((one for one in windows if one.starts_at <= now < one.ends_at), None),
        used=queries.interruptions_since(week_began(now, zone)),
        waiting=_waiting(),
        mutes=len(queries.mutes_at(now)),
        days=days,
        picture=week_strip(days),
        now=now,
    )


def _waiting() -> dict[str, int]:
    states = (NoticeState.HELD, NoticeState.DIGEST)
    rows = Notice.objects.filter(state__in=states).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def rule_row(rule: Rule, payers: dict[int, str]) -> RuleRow:
    """A rule in words."""
    targets = list(rule.targets.all())
    now = [target_words(target) for target in targets if not target.after_hours]
    later = [f"after {t.after_hours} working hours {target_words(t)}" for t in targets if t.after_hours]
    return RuleRow(rule, scope_words(rule, payers), ", ".join(now), "; ".join(later))


def target_words(target: Target) -> str:
    """A receiver of a rule in words."""
    if target.kind == TargetKind.ROLE:
        return f"every {Role(target.role).label.lower()}"
    if target.kind == TargetKind.MEMBER:
        return person(target.member)
    if target.kind == TargetKind.ROTA:
        return f"whoever is on call ({target.rota.name})"
    return f"the channel {target.endpoint.name}"


def scope_words(row: Scoped, payers: dict[int, str]) -> str:
    """Which incidents are meant, in words."""
    parts = [
        ", ".join(payers.get(pk, "a former payer") for pk in row.payers),
        " or ".join(Severity(value).label.lower() for value in row.severities),
        ", ".join(DenialCategory(value).label for value in row.categories),
        ", ".join(row.locations),
        ", ".join(Metric(value).label.lower() for value in row.metrics),
        ", ".join(row.codes),
        f"at least {show_dollars(row.least_cents, whole=True)}" if row.least_cents is not None else "",
        f"at most {show_dollars(row.most_cents, whole=True)}" if row.most_cents is not None else "",
        row.condition,
    ]
    return "; ".join(part for part in parts if part) or "every incident"


def _rota_row(rota: Rota, people: dict[int, str], zone: str) -> RotaRow:
    now, turns = clock.now(), rota.turns_in(zone)
    handover = turns.handover(turns.number_at(now) + 1)
    able = frozenset(people)
    first, then = turns.on_call(now, able), turns.on_call(handover, able)
    return RotaRow(rota, people.get(first or 0, "nobody"), people.get(then or 0, "nobody"), handover)


@dataclass(frozen=True, slots=True)
class TurnRow:
    week: date
    begins: datetime
    has: str
    instead_of: str


def turn_rows(rota: Rota, zone: str, members: Iterable[Membership]) -> list[TurnRow]:
    """The running week and the next ones of the turns, with names."""
    people = {member.pk: person(member) for member in members}
    return [
        TurnRow(turn.week, turn.begins, people.get(turn.has or 0, "nobody"), people.get(turn.instead_of or 0, ""))
        for turn in coming(rota, zone, frozenset(people))
    ]


def mute_rows() -> list[MuteRow]:
    """Every mute, the newest first, with how many incidents it has kept quiet."""
    rows, now = list(queries.mutes()), clock.now()
    payers = dict(Payer.objects.values_list("pk", "name"))
    names = names_of({row.author for row in rows})
    return [
        MuteRow(
            row, scope_words(row, payers), names[row.author], row.muted, row.holds_at(now),  # type: ignore[attr-defined]  # annotated
            row.ended_at is not None and row.expires_at > now,
        )
        for row in rows
    ]  # fmt: skip
