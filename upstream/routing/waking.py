"""Incidents that come back by themselves: whoever has them, or put them aside, is told, once and never as noise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from upstream.alerts.models import Transition
from upstream.core import clock, crash, stages, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.routing import queries, words
from upstream.routing.audience import People, audience_of, people
from upstream.routing.choices import Channel, NoticeKind, Verdict
from upstream.routing.intake import facts_of, muted, muted_by
from upstream.routing.models import Decision, Mute
from upstream.routing.rules import Facts, Judged, coalesced, kept_back
from upstream.routing.services import Matter, budget_of, of_members, write
from upstream.routing.times import Times, times
from upstream.tenants.models import Membership
from upstream.tenants.services import tenant_keys

LONG_AGO = timedelta(days=7)
NOT_NEWS = Judged(Verdict.KEPT, "somebody has seen to it since, or it was told as opened again")


@dataclass(frozen=True)
class Case:
    """An incident that has come back, and all that was said about telling."""

    step: Transition
    facts: Facts
    when: Times


def route_waking(transition_id: int) -> bool:
    """It is decided whether the incident's keeper is told that it is back; False when that was decided before."""
    with transaction.atomic():
        one_at_a_time("routing", tenancy.required())
        step = queries.wakings_waiting().filter(pk=transition_id).first()
        if step is None:
            return False
        case = Case(step, facts_of(step.incident), times())
        judged, mute = _judge(case)
        if judged is not NOT_NEWS and mute is None:
            _say(case, judged)
        Decision.objects.create(
            incident=step.incident, transition=step, verdict=judged.verdict, why=judged.why[:200], mute=mute,
            severity=step.incident.severity, at=clock.now(),
        )  # fmt: skip
        crash.point("after_routing")
        stages.nudge()
    return True


def _judge(case: Case) -> tuple[Judged, Mute | None]:
    """As of an opening: weak evidence and mutes keep it quiet, and what was told lately waits for the digest."""
    incident, now, asked = case.step.incident, case.when.now, case.when.policy.asked
    if not incident.is_open or now - case.step.at > LONG_AGO or queries.seen_to_since(case.step):
        return NOT_NEWS, None
    mute = muted_by(case.facts, queries.mutes_at(now))
    if mute is not None:
        return muted(mute, case.when.zone), mute
    kept = kept_back(case.facts, asked)
    if kept is not None:
        return kept, None
    if asked.of_severity(case.facts.severity) == Verdict.DIGEST:
        return Judged(Verdict.DIGEST, f"{incident.get_severity_display()} severity waits for the digest"), None
    later = coalesced(case.facts, asked, queries.woken_last(incident, now))
    return later or budget_of(case.facts.severity, case.when), None


def _say(case: Case, judged: Judged) -> None:
    """In the portal always; by mail as it was judged."""
    step = case.step
    said = words.woken(step.incident, step.note(tenant_keys()), judged.note)
    about = f"{step.incident.public_id}:{step.version}"
    matter = Matter(NoticeKind.WOKEN, about, case.facts.severity, said, step.incident)
    for receiver in of_members(_keepers(case, people(case.when.zone)), case.when):
        if judged.verdict != Verdict.KEPT or receiver.channel == Channel.PORTAL:
            write(matter, receiver, case.when, at_once=judged.verdict == Verdict.TOLD, why=judged.why)


def _keepers(case: Case, everybody: People) -> Iterable[Membership]:
    """Its owner; without one who put it aside; and where that person is gone, those whom rules name."""
    owner = everybody.able.get(case.step.incident.assigned_to_id or 0)
    if owner is not None:
        return [owner]
    aside = queries.put_aside_by(case.step)
    found = [member for member in everybody.able.values() if f"user:{member.user.public_id}" == aside]
    if found:
        return found
    audience = audience_of(case.facts, everybody, NoticeKind.WOKEN, case.when.now)
    return [member for member, _ in audience.members.values()]
