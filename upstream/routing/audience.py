"""Who is told of an incident: those whom its rules name, and without a rule everybody who wants mail and may see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from upstream.core.errors import Invalid
from upstream.delivery import queries as delivery
from upstream.delivery.models import Endpoint
from upstream.routing import conditions, queries
from upstream.routing.choices import How, TargetKind
from upstream.routing.models import Rule, Target
from upstream.routing.rules import Facts
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members


@dataclass
class Audience:
    """Receivers, each with whether it is told at once, and those who are told later if nobody takes the incident up."""

    members: dict[int, tuple[Membership, bool]] = field(default_factory=dict)
    endpoints: dict[int, tuple[Endpoint, bool]] = field(default_factory=dict)
    later: list[tuple[int, Target]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def add(self, people: Iterable[Membership], endpoints: Iterable[Endpoint], *, at_once: bool) -> None:
        for member in people:
            self.members[member.pk] = (member, at_once or self.members.get(member.pk, (member, False))[1])
        for endpoint in endpoints:
            self.endpoints[endpoint.pk] = (endpoint, at_once or self.endpoints.get(endpoint.pk, (endpoint, False))[1])


@dataclass(frozen=True)
class People:
    """Members who may see incidents, and the practice's channels."""

    zone: str
    able: dict[int, Membership]
    endpoints: list[Endpoint]

    def of(self, target: Target, at: datetime) -> list[Membership]:
        """Who of them is meant at that time; nobody for a channel."""
        if target.kind == TargetKind.ROLE:
            return [member for member in self.able.values() if member.role == target.role]
        if target.kind == TargetKind.ROTA and target.rota is not None and target.rota.people:
            on_call = target.rota.turns_in(self.zone).on_call(at, frozenset(self.able))
            return [self.able[on_call]] if on_call is not None else []
        return [self.able[target.member_id]] if target.member_id in self.able else []


def people(zone: str) -> People:
    """Everybody and everything that can be told now."""
    able = {member.pk: member for member in active_members() if Right.READ in member.rights}
    return People(zone, able, list(delivery.endpoints()))


def fits(rule: Rule, facts: Facts) -> bool:
    """Whether the rule is for it. A condition that cannot be worked out fits nothing: others are told instead."""
    try:
        return rule.scope.fits(facts) and conditions.holds(rule.condition, facts)
    except Invalid:
        return False


def audience_of(facts: Facts, everybody: People, event: str, now: datetime) -> Audience:
    """Who is told of this incident now and later. A channel that a rule names hears only what rules say."""
    rules = list(queries.rules())
    named = {target.endpoint_id for rule in rules for target in rule.targets.all()}
    made = Audience(rules=[rule for rule in rules if fits(rule, facts)])
    for rule in made.rules:
        _add(made, rule, everybody, now)
    if not made.members and not made.endpoints:
        made.add(everybody.able.values(), (), at_once=True)
    made.add((), (one for one in everybody.endpoints if one.pk not in named and event in one.events), at_once=True)
    return made


def _add(made: Audience, rule: Rule, everybody: People, now: datetime) -> None:
    at_once = rule.how == How.SEVERITY
    for target in rule.targets.all():
        if target.after_hours:
            made.later.append((target.after_hours, target))
        else:
            channels = [one for one in everybody.endpoints if one.pk == target.endpoint_id]
            made.add(everybody.of(target, now), channels, at_once=at_once)
