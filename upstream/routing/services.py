"""Saying things to people and channels: written down once each, and let go when they may be disturbed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from upstream.alerts.models import Incident
from upstream.core import clock, crash, stages
from upstream.delivery import queries as delivery
from upstream.delivery.models import Endpoint
from upstream.delivery.services import queue_mail, queue_to
from upstream.routing.choices import Channel, NoticeState
from upstream.routing.models import Notice
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
    under this `kind`, in the portal and, where they want mail, by mail. Call in the transaction of the cause: nothing
    is lost or said twice whatever becomes of the worker. `severity` is one of alerts' Severity.
    """
    asked = active_members() if recipients is None else recipients
    people = [member for member in asked if member.active and right in member.rights and role in ("", member.role)]
    endpoints = [endpoint for endpoint in delivery.endpoints() if kind in endpoint.events]
    for member in people:
        for channel in (Channel.MAIL, Channel.PORTAL) if member.wants_mail else (Channel.PORTAL,):
            _write(kind, about, severity, said, incident, channel=channel, recipient=member)
    for endpoint in endpoints:
        _write(kind, about, severity, said, incident, channel=Channel.ENDPOINT, endpoint=endpoint)
    stages.nudge()
    return len(people)


def _write(
    kind: str,
    about: str,
    severity: str,
    said: Said,
    incident: Incident | None,
    *,
    channel: Channel,
    recipient: Membership | None = None,
    endpoint: Endpoint | None = None,
) -> None:
    now = clock.now()
    Notice.objects.get_or_create(
        kind=kind, about=about, channel=channel, recipient=recipient, endpoint=endpoint,
        defaults={
            "incident": incident, "severity": severity, "said": asdict(said), "state": NoticeState.QUEUED,
            "decided_at": now, "due_at": now,
        },
    )  # fmt: skip


def let_go(notice_id: int) -> bool:
    """Hand a notice that is due to delivery, or drop one whose receiver may not have it any more; False: not due."""
    with transaction.atomic():
        notice = Notice.objects.select_related("recipient__user", "endpoint").select_for_update(of=("self",)).get(
            pk=notice_id
        )  # fmt: skip
        now = clock.now()
        if notice.state not in (NoticeState.QUEUED, NoticeState.HELD) or notice.due_at > now:
            return False
        notice.state, notice.let_go_at = NoticeState.SENT, now
        _hand_over(notice)
        notice.save(update_fields=["state", "let_go_at"])
        crash.point("before_let_go_commit")
    return True


def _hand_over(notice: Notice) -> None:
    said: dict[str, Any] = notice.said
    words = {"headline": said["headline"], "lines": said["lines"], "link": said["link"]}
    if notice.channel == Channel.ENDPOINT:
        queue_to(notice.endpoint, notice.kind, about=notice.about, context={**words, "data": said["data"]})
    if notice.channel == Channel.MAIL:
        context = {**words, **said["context"]}
        queue_mail(said["template"], about=notice.about, recipient=notice.recipient, context=context)
