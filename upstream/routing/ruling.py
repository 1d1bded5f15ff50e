"""Rules of who is told, and rotas of whose turn it is: made, changed, ended, put back and tried."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.conf import settings
from django.db import transaction

from upstream.alerts.choices import Severity
from upstream.core import clock
from upstream.core.db.versions import edit
from upstream.core.errors import Conflict, Invalid
from upstream.core.stages import nudge
from upstream.delivery import endpoints as channels
from upstream.delivery import queries as delivery
from upstream.routing import queries, scopes
from upstream.routing.audience import Audience, people
from upstream.routing.choices import Channel, How, NoticeKind, NoticeState, TargetKind
from upstream.routing.models import Rota, Rule, Target
from upstream.routing.services import Matter, Said, of_members, write_planned
from upstream.routing.times import Planned, times
from upstream.routing.turns import moves_weeks
from upstream.tenants.choices import Role
from upstream.tenants.queries import active_members

MOST_RULES, MOST_TARGETS, MOST_PEOPLE = 50, 30, 30
LONGEST_WAIT = 200
LABELS = {"name": "name", "how": "when", "weekday": "day of handover", "at": "time of handover", "people": "order"}


@dataclass(frozen=True)
class TargetSaid:
    """A receiver as it is named outside: `ref` is a role, or the public id of a user, a rota or a channel."""

    kind: str
    ref: str
    after_hours: int = 0


@transaction.atomic
def save_rule(
    rule: Rule | None, *, version: int = 0, name: str, how: str, scope: Mapping[str, Any],
    targets: Sequence[TargetSaid], actor: str,
) -> Rule:  # fmt: skip
    """The rule, made when None, tells these receivers of incidents of this scope from now on.

    Invalid names the part that will not do; Conflict when somebody has changed the rule meanwhile.
    """
    values = {"name": _named(name), "how": how, **scopes.checked(scope)}
    if how not in How.values:
        raise Invalid("how", "there is no such way")
    places = [_place(said) for said in targets]
    if not any(place["after_hours"] == 0 for place in places) or len(places) > MOST_TARGETS:
        raise Invalid("targets", f"name somebody who is told at once, and at most {MOST_TARGETS} receivers")
    if rule is None:
        if queries.rules().count() >= MOST_RULES:
            raise Invalid("name", f"a practice has at most {MOST_RULES} rules")
        saved: Rule = Rule.objects.create(**values, author=actor[:80], made_at=clock.now())
    else:
        saved = edit(rule, version=version, values=values, labels=LABELS)
        Target.objects.filter(rule=rule).delete()
    Target.objects.bulk_create(Target(rule=saved, **place) for place in places)
    return saved


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid("name", "a name of at most 80 letters is needed")
    return name


def _place(said: TargetSaid) -> dict[str, Any]:
    """The columns of a target; Invalid("targets") for a receiver that is not there."""
    if not 0 <= said.after_hours <= LONGEST_WAIT:
        raise Invalid("targets", f"between 0 and {LONGEST_WAIT} working hours")
    made: dict[str, Any] = {"kind": said.kind, "after_hours": said.after_hours}
    if said.kind == TargetKind.ROLE and said.ref in Role.values:
        return {**made, "role": said.ref}
    found: Any = None
    if said.kind == TargetKind.MEMBER:
        found = active_members().filter(user__public_id=_id(said.ref)).first()
    if said.kind == TargetKind.ROTA:
        found = queries.rotas().filter(public_id=_id(said.ref)).first()
    if said.kind == TargetKind.ENDPOINT:
        found = delivery.endpoint(_id(said.ref))
    if found is None:
        raise Invalid("targets", "one of the receivers is not there")
    return {**made, said.kind: found}


def _id(ref: str) -> uuid.UUID:
    try:
        return uuid.UUID(ref)
    except ValueError as exc:
        raise Invalid("targets", "one of the receivers is not there") from exc


@transaction.atomic
def end_rule(rule: Rule, *, version: int) -> Rule:
    """The rule counts no more. Conflict when it did not, or was changed meanwhile."""
    if rule.ended_at is not None:
        raise Conflict("not_a_move", "this rule was ended already")
    return edit(rule, version=version, values={"ended_at": clock.now()}, labels={})


@transaction.atomic
def put_rule_back(rule: Rule, *, version: int) -> Rule:
    """An ended rule counts again. Conflict when it does, or was changed meanwhile."""
    if rule.ended_at is None:
        raise Conflict("not_a_move", "this rule counts")
    return edit(rule, version=version, values={"ended_at": None}, labels={})


@transaction.atomic
def try_rule(rule: Rule) -> int:
    """Every receiver of the rule who would be told first gets a message now that says only that it is a test."""
    when, made = times(), Audience()
    everybody = people(when.zone)
    for target in rule.targets.all():
        if not target.after_hours:
            made.add(everybody.of(target, when.now), [target.endpoint] if target.endpoint else [], at_once=True)
    link = f"{settings.PORTAL_BASE_URL}/portal/routing/"
    lines = [f"The rule {rule.name!r} would tell you of a payer's change like this."]
    said = Said("A test of who is told", lines, link)
    matter = Matter(NoticeKind.TEST, f"test:{uuid.uuid4()}", Severity.LOW, said)
    for receiver in of_members((member for member, _ in made.members.values()), when):
        planned = Planned(NoticeState.QUEUED, when.now, "a test")
        if receiver.channel == Channel.MAIL:
            write_planned(matter, receiver, when, planned, at_once=False)
    for endpoint, _ in made.endpoints.values():
        channels.send_test(endpoint)
    nudge()
    return len(made.members) + len(made.endpoints)


@transaction.atomic
def save_rota(
    rota: Rota | None, *, version: int = 0, name: str, members: Sequence[str], weekday: int, at: time, since: date
) -> Rota:
    """The rota, made when None; `members` are public ids of users in the order of their turns.

    Invalid names the part that will not do; Conflict when somebody has changed it meanwhile.
    """
    known = {str(member.user.public_id): member.pk for member in active_members()}
    if not members or len(members) > MOST_PEOPLE or not set(members) <= set(known):
        raise Invalid("members", f"name one to {MOST_PEOPLE} members in their order")
    if weekday not in range(7):
        raise Invalid("weekday", "there is no such day")
    if rota is not None and moves_weeks(rota, weekday):
        raise Invalid(
            "weekday", "somebody stands in for a coming week, which would begin on another day: undo that first"
        )
    order = [known[member] for member in dict.fromkeys(members)]
    values = {"name": _named(name), "people": order, "weekday": weekday, "at": at, "since": since}
    if rota is None:
        made: Rota = Rota.objects.create(**values)
        return made
    return edit(rota, version=version, values=values, labels=LABELS)


@transaction.atomic
def end_rota(rota: Rota, *, version: int) -> Rota:
    """The rota is used no more. Conflict while a rule names it, or when it was changed meanwhile."""
    if queries.targets_of_rota(rota).exists():
        raise Conflict("in_use", "a rule still tells whoever is on call here; change the rule first")
    return edit(rota, version=version, values={"ended_at": clock.now()}, labels={})
