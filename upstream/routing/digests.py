"""The daily digest: what waits for one receiver in one message, the most severe first."""

from typing import Any

from django.conf import settings
from django.db import transaction

from upstream.core import clock, crash
from upstream.delivery.choices import Event
from upstream.delivery.services import queue_mail, queue_to
from upstream.routing import queries
from upstream.routing.choices import NoticeState
from upstream.routing.models import Notice
from upstream.routing.rules import rank
from upstream.routing.services import needless_because

MOST = 50


def send_digest(notice_id: int) -> bool:
    """Everything that is due for the receiver of this notice is with delivery in one message; False when nothing is."""
    with transaction.atomic():
        first = Notice.objects.filter(pk=notice_id, state=NoticeState.DIGEST).first()
        waiting = _waiting_with(first) if first is not None else []
        if not waiting:
            return False
        window = queries.window_at(clock.now())
        if window is not None:
            Notice.objects.filter(pk__in=[one.pk for one in waiting]).update(due_at=window.ends_at, window=window)
            return True
        _send(waiting)
        crash.point("before_let_go_commit")
    return True


def _waiting_with(first: Notice) -> list[Notice]:
    """What is due for the same receiver, the most severe first."""
    rows = Notice.objects.filter(
        state=NoticeState.DIGEST, due_at__lte=clock.now(), recipient=first.recipient_id, endpoint=first.endpoint_id
    ).select_related("recipient__user", "endpoint", "incident", "window")  # fmt: skip
    return sorted(rows.select_for_update(of=("self",)), key=lambda one: (rank(one.severity), one.pk))


def _send(waiting: list[Notice]) -> None:
    now, said = clock.now(), []
    for notice in waiting:
        needless = needless_because(notice)
        notice.state = NoticeState.DROPPED if needless else NoticeState.SENT
        notice.why, notice.let_go_at = needless or notice.why, None if needless else now
        notice.save(update_fields=["state", "why", "let_go_at"])
        if not needless:
            said.append(notice)
    if said:
        _hand_over(said)


def _hand_over(said: list[Notice]) -> None:
    first, about = said[0], f"digest:{min(notice.pk for notice in said)}"
    context = contents(said)
    if first.endpoint is None:
        queue_mail("digest", about=about, recipient=first.recipient, context=context)
        return
    lines = [f"{item['headline']}. {' · '.join(item['lines'])}" for item in context["items"]]
    told = {"headline": context["headline"], "lines": lines, "link": context["link"], "data": {"link": context["link"]}}
    queue_to(first.endpoint, Event.DIGEST, about=about, context=told)


def contents(said: list[Notice]) -> dict[str, Any]:
    """What a digest of these notices says; what was held by planned work says so."""
    items = [
        {
            "severity": notice.get_severity_display(),
            "headline": notice.said["headline"],
            "lines": notice.said["lines"],
            "link": notice.said["link"],
            "why": notice.why,
        }
        for notice in said[:MOST]
    ]
    held = sorted({notice.window.name for notice in said if notice.window is not None})
    number = len(said)
    headline = f"{number} thing{'' if number == 1 else 's'} to know"
    return {
        "headline": f"{headline}, held during {', '.join(held)}" if held else headline,
        "items": items,
        "more": number - len(items),
        "link": f"{settings.PORTAL_BASE_URL}/portal/incidents/",
    }
