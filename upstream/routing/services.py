"""Saying things to people and channels: written down once each, and let go when they may be disturbed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from upstream.alerts.models import Incident
from upstream.core import clock, crash, stages, tenancy
from upstream.core.db.claiming import one_at_a_time
from upstream.delivery import queries as delivery
from upstream.delivery.services import queue_mail, queue_to
from upstream.routing import queries
from upstream.routing.choices import Channel, NoticeKind, NoticeState, Verdict
from upstream.routing.hours import week_began
from upstream.routing.models import Notice
from upstream.routing.rules import Judged, budgeted
from upstream.routing.times import Planned, Receiver, Times, times
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members


@dataclass(frozen=True)
class Said:
    """What is said: words for people and `data` for machines. Counts, money, ids and a link: no PHI.

    A mail is written by `template` from `context`; by default from the headline, the lines and the link.
    """

    headline: str
    lines: Sequence[str]
    link: str
    data: Mapping[str, Any] = field(default_factory=dict)
    template: str = "notice"
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Matter:
    """What is said, of which kind and about what; each receiver is told once of one kind and one thing."""

    kind: str
    about: str
    severity: str
    said: Said
    incident: Incident | None = None
    unless_taken_up: bool = False


def tell(
    *,
    kind: str,
    about: str,
    severity: str,
    said: Said,
    recipients: Iterable[Membership] | None = None,
    role: str = "",
    right: str = Right.READ,
    incident: Incident | None = None,
) -> int:
    """Say this to these people when they may be disturbed, and to the channels that ask for `kind`; how many people.

    Without `recipients` all members with `right`, or those of them who have `role`. Each is told once of `about`
    under this `kind`, in the portal and, where they want mail and it reaches them, by mail: at once or with the daily
    digest, as the severity (one of alerts' Severity), the week's budget and quiet hours say. Call in the transaction of
    the cause: nothing is lost or said twice whatever becomes of the worker.
    """
    one_at_a_time("routing", tenancy.required())
    asked = active_members() if recipients is None else recipients
    people = [member for member in asked if member.active and right in member.rights and role in ("", member.role)]
    when = times()
    judged = budget_of(severity, when) if when.policy.asked.of_severity(severity) == Verdict.TOLD else Judged(
        Verdict.DIGEST, "its severity waits for the daily digest"
    )  # fmt: skip
    matter = Matter(kind, about, severity, said, incident)
    endpoints = [endpoint for endpoint in delivery.endpoints() if kind in endpoint.events]
    receivers = [*of_members(people, when), *(Receiver(Channel.ENDPOINT, endpoint=endpoint) for endpoint in endpoints)]
    for receiver in receivers:
        write(matter, receiver, when, at_once=judged.verdict == Verdict.TOLD, why=judged.why)
    stages.nudge()
    return len(people)


def budget_of(severity: str, when: Times) -> Judged:
    """Whether one more interruption fits into the week."""
    used = queries.interruptions_since(week_began(when.now, when.zone))
    return budgeted(severity, when.policy.asked, used)


def of_members(people: Iterable[Membership], when: Times) -> list[Receiver]:
    """Each over the portal, and over mail where it is wanted and has not come back from the address."""
    return [
        Receiver(channel, member=member)
        for member in people
        for channel in (Channel.MAIL, Channel.PORTAL)
        if channel == Channel.PORTAL or (member.wants_mail and member.pk not in when.without_mail)
    ]


def write(matter: Matter, to: Receiver, when: Times, *, at_once: bool, why: str = "") -> None:
    """The one notice of this matter to this receiver; one that is there already stays as it is."""
    planned = when.plan(to, severity=matter.severity, at_once=at_once, why=why)
    write_planned(matter, to, when, planned, at_once=at_once)


def write_planned(matter: Matter, to: Receiver, when: Times, planned: Planned, *, at_once: bool) -> None:
    """The notice, to be let go as planned."""
    Notice.objects.get_or_create(
        kind=matter.kind, about=matter.about, channel=to.channel, recipient=to.member, endpoint=to.endpoint,
        defaults={
            "incident": matter.incident, "severity": matter.severity, "said": asdict(matter.said),
            "unless_taken_up": matter.unless_taken_up, "at_once": at_once, "decided_at": when.now,
            "state": planned.state, "due_at": planned.due_at, "why": planned.why, "window": planned.window,
        },
    )  # fmt: skip


def let_go(notice_id: int) -> bool:
    """Hand a notice that is due to delivery, keep it where people are not to be disturbed now, or drop it where it is
    not needed any more; False when it is not due."""
    with transaction.atomic():
        rows = Notice.objects.select_related("recipient__user", "endpoint", "incident")
        notice = rows.select_for_update(of=("self",)).get(pk=notice_id)
        if notice.state not in queries.WAITING or notice.due_at > clock.now():
            return False
        needless = needless_because(notice)
        planned = times().plan(receiver_of(notice), severity=notice.severity, at_once=True, why=notice.why)
        if needless:
            notice.state, notice.why = NoticeState.DROPPED, needless
        elif planned.state == NoticeState.QUEUED:
            hand_over(notice)
            notice.state, notice.let_go_at = NoticeState.SENT, clock.now()
        else:
            notice.state, notice.due_at, notice.why = planned.state, planned.due_at, planned.why
            notice.window = planned.window
        notice.save()
        crash.point("before_let_go_commit")
    return True


def receiver_of(notice: Notice) -> Receiver:
    return Receiver(Channel(notice.channel), notice.recipient, notice.endpoint)


def needless_because(notice: Notice) -> str:
    """Why a notice is not needed any more, "" while it is. Machines hear everything."""
    member, incident = notice.recipient, notice.incident
    if notice.unless_taken_up and incident is not None and queries.is_taken_up(incident):
        return "taken up in time"
    if member is None:
        return ""
    if not member.user.is_active or Right.READ not in member.rights:
        return "may not see it any more"
    if notice.channel == Channel.MAIL and not member.wants_mail:
        return "wants no mail any more"
    held = notice.state != NoticeState.QUEUED and notice.kind in (NoticeKind.OPENED, NoticeKind.WOKEN)
    return "closed meanwhile" if held and incident is not None and not incident.is_open else ""


def hand_over(notice: Notice) -> None:
    """The notice's message is with delivery, once; nothing more to do for the portal, which reads the notice itself."""
    said: dict[str, Any] = notice.said
    words = {"headline": said["headline"], "lines": said["lines"], "link": said["link"]}
    if notice.channel == Channel.ENDPOINT:
        queue_to(notice.endpoint, notice.kind, about=notice.about, context={**words, "data": said["data"]})
    if notice.channel == Channel.MAIL:
        context = {**words, **said["context"]}
        queue_mail(said["template"], about=notice.about, recipient=notice.recipient, context=context)


def mark_read(member: Membership) -> int:
    """What the member was told in the portal is read now; how many were not before."""
    with transaction.atomic():
        rows: int = queries.unread(member).order_by().update(read_at=clock.now())
    return rows
