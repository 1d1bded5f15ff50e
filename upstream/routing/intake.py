"""Openings and closings of incidents become notices: what is said, to whom, and whether at once. Each in one commit."""

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from upstream.alerts.models import Incident, Opening, Transition
from upstream.claims.rules import CarcMap
from upstream.claims.services import carc_map
from upstream.core import clock, crash, stages, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.detection.rules import STRONG_ABOVE, Budget
from upstream.routing import conditions, queries, words
from upstream.routing.audience import Audience, audience_of, people
from upstream.routing.choices import Channel, NoticeKind, NoticeState, Verdict
from upstream.routing.hours import after_working, free_at
from upstream.routing.models import Decision, Mute, Notice, Target
from upstream.routing.rules import Facts, Judged, Tally, coalesced, kept_back, learned
from upstream.routing.services import Matter, budget_of, of_members, write, write_planned
from upstream.routing.times import Planned, Receiver, Times, times
from upstream.tenants.queries import bound_organization

GONE = Judged(Verdict.KEPT, "closed before anybody was told")
SUPERSEDED = Judged(Verdict.KEPT, "opened again since")


@dataclass(frozen=True)
class Case:
    """An opening that is decided: what is known of it, and all that was said about telling."""

    opening: Opening
    incident: Incident
    facts: Facts
    when: Times


def route_opening(opening_id: int) -> bool:
    """It is decided who is told of the opening and when; False when that was done before and nothing has changed."""
    with transaction.atomic():
        one_at_a_time("routing", tenancy.required())
        opening = queries.openings_waiting().filter(pk=opening_id).first()
        if opening is None:
            return False
        case = Case(opening, opening.incident, facts_of(opening.incident), times())
        judged, mute = _judge(case)
        audience = Audience()
        if judged.verdict in (Verdict.TOLD, Verdict.DIGEST):
            audience = audience_of(case.facts, people(case.when.zone), NoticeKind.OPENED, case.when.now)
            _say(case, judged, audience)
        _note(case, judged, mute, audience)
        crash.point("after_routing")
        stages.nudge()
    return True


def facts_of(incident: Incident, meanings: CarcMap | None = None) -> Facts:
    """What is known of an incident now. `meanings`: of adjustment codes, read when None."""
    carc = incident.denial_reason.partition("-")[2]
    if carc and meanings is None:
        meanings = carc_map(clock.today(bound_organization().time_zone))
    return Facts(
        payer_id=incident.payer_id, payer=incident.payer.name, location=incident.location, metric=incident.metric,
        category=meanings.category(carc) if carc and meanings is not None else "", direction=incident.direction,
        severity=incident.severity, strength=incident.strength, procedure=incident.procedure_code,
        reason=incident.denial_reason, claims=incident.observed, lost_cents=incident.lost_cents,
        annual_cents=incident.annual_cents, evidence=incident.evidence,
        innocent=str(incident.finding.get("innocent") or ""),
    )  # fmt: skip


def _judge(case: Case) -> tuple[Judged, Mute | None]:
    """What becomes of it, and the mute that keeps it quiet."""
    asked = case.when.policy.asked
    if queries.opened_later(case.opening):
        return SUPERSEDED, None
    if not case.incident.is_open:
        return GONE, None
    kept = kept_back(case.facts, asked)
    if kept is not None:
        return kept, None
    mute = muted_by(case.facts, queries.mutes_at(case.when.now))
    if mute is not None:
        return muted(mute, case.when.zone), mute
    if asked.of_severity(case.facts.severity) == Verdict.DIGEST:
        return Judged(Verdict.DIGEST, f"{case.incident.get_severity_display()} severity waits for the digest"), None
    later = coalesced(case.facts, asked, queries.told_last(case.incident, case.when.now)) or _learned(case)
    return later or budget_of(case.facts.severity, case.when), None


def muted(mute: Mute, zone: str) -> Judged:
    until = mute.expires_at.astimezone(ZoneInfo(zone)).date()
    return Judged(Verdict.SUPPRESSED, f"muted until {until.day} {until:%B %Y}: {mute.reason}"[:200])


def muted_by(facts: Facts, mutes: list[Mute]) -> Mute | None:
    """The first mute that fits it. A condition that cannot be worked out keeps nothing quiet."""
    for mute in mutes:
        try:
            if mute.scope.fits(facts) and conditions.holds(mute.condition, facts):
                return mute
        except conditions.Invalid:
            continue
    return None


def _learned(case: Case) -> Judged | None:
    if not case.when.policy.learns:
        return None
    said = queries.tallies(case.when.now, case.facts.metric)
    own = [tally for payer_id, _, _, tally in said if payer_id == case.facts.payer_id]
    every = Tally(sum(tally.noise for *_, tally in said), sum(tally.real for *_, tally in said))
    family = str(case.incident.finding.get("family", ""))
    budget = Budget(float(bound_organization().false_incidents_per_quarter))
    strong_from = budget.evidence_for(family) + STRONG_ABOVE if family in budget.parameters.fits else 0.0
    return learned(case.facts, [*own, every], strong_from)


def _say(case: Case, judged: Judged, audience: Audience) -> None:
    """A notice for each receiver; and for those who are told later, should nobody take the incident up."""
    now_told = judged.verdict == Verdict.TOLD
    number = Opening.objects.filter(incident=case.incident, pk__lte=case.opening.pk).count()
    about = f"{case.incident.public_id}:{number}"
    said = words.opened(case.incident, judged.note)
    matter = Matter(NoticeKind.OPENED, about, case.facts.severity, said, case.incident)
    for member, at_once in audience.members.values():
        for receiver in of_members([member], case.when):
            write(matter, receiver, case.when, at_once=now_told and at_once, why=judged.why)
    for endpoint, at_once in audience.endpoints.values():
        receiver = Receiver(Channel.ENDPOINT, endpoint=endpoint)
        write(matter, receiver, case.when, at_once=now_told and at_once, why=judged.why)
    if now_told:
        for hours, target in audience.later:
            _say_later(case, about, hours, target)


def _say_later(case: Case, about: str, hours: int, target: Target) -> None:
    """Should nobody take the incident up within so many hours of work; whoever is on call is looked up for then."""
    when = case.when
    due = after_working(when.now, hours, when.policy.office_in(when.zone))
    said = words.escalated(case.incident, hours)
    matter = Matter(
        NoticeKind.ESCALATED, f"{about}:{hours}", case.facts.severity, said, case.incident, unless_taken_up=True
    )
    everybody = people(when.zone)
    channels = [one for one in everybody.endpoints if one.pk == target.endpoint_id]
    receivers = [
        *of_members(everybody.of(target, due), when),
        *(Receiver(Channel.ENDPOINT, endpoint=e) for e in channels),
    ]
    for receiver in receivers:
        at = free_at(due, *when.quiets(receiver)) if receiver.is_read_by_people else due
        planned = Planned(NoticeState.HELD, at, f"if nobody takes it up within {hours} working hours")
        write_planned(matter, receiver, when, planned, at_once=False)


def _note(case: Case, judged: Judged, mute: Mute | None, audience: Audience) -> None:
    """The decision of the opening, in place of what was decided of it before."""
    seen = "/".join((case.facts.severity, case.facts.strength, case.facts.innocent))
    Decision.objects.update_or_create(
        opening=case.opening,
        defaults={
            "incident": case.incident, "verdict": judged.verdict, "why": judged.why[:200], "mute": mute,
            "rules": [rule.name for rule in audience.rules], "severity": case.facts.severity, "at": case.when.now,
            "seen": queries.LATER if judged is SUPERSEDED else seen[:80],
        },
    )  # fmt: skip


def route_closing(transition_id: int) -> bool:
    """The channels that were told of an incident learn that it is closed; False when that was decided before."""
    with transaction.atomic():
        one_at_a_time("routing", tenancy.required())
        step = queries.closings_waiting().filter(pk=transition_id).first()
        if step is None:
            return False
        told = queries.was_told(step.incident)
        if told:
            _say_closed(step)
        verdict = Verdict.TOLD if told else Verdict.KEPT
        Decision.objects.create(
            incident=step.incident, transition=step, verdict=verdict, severity=step.incident.severity, at=clock.now()
        )
        crash.point("after_routing")
        stages.nudge()
    return True


def _say_closed(step: Transition) -> None:
    """After the word that it opened, where that is still held."""
    incident, when = step.incident, times()
    earlier = Transition.objects.filter(incident=incident, to_state=step.to_state, undoes=None, pk__lte=step.pk).count()
    about = f"{incident.public_id}:{step.to_state}:{earlier}"
    matter = Matter(NoticeKind.CLOSED, about, incident.severity, words.closed(incident), incident)
    opened = Notice.objects.filter(incident=incident, kind=NoticeKind.OPENED, endpoint__isnull=False)
    last = {notice.endpoint_id: notice for notice in opened.select_related("endpoint").order_by("pk")}
    for notice in last.values():
        receiver = Receiver(Channel.ENDPOINT, endpoint=notice.endpoint)
        planned = when.plan(receiver, severity=incident.severity, at_once=notice.state != NoticeState.DIGEST)
        after = max(
            planned.due_at, notice.due_at + timedelta(seconds=1) if notice.let_go_at is None else planned.due_at
        )
        if NoticeKind.CLOSED in notice.endpoint.events:
            write_planned(matter, receiver, when, replace(planned, due_at=after), at_once=False)
