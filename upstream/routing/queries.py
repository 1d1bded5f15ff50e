"""Notices of the bound practice."""

from django.db.models import QuerySet

from upstream.core import clock
from upstream.routing.choices import Channel, NoticeState
from upstream.routing.models import Notice
from upstream.tenants.models import Membership


def notices_due() -> QuerySet[Notice]:
    """What can be let go now, oldest first."""
    waiting = Notice.objects.filter(state__in=(NoticeState.QUEUED, NoticeState.HELD), due_at__lte=clock.now())
    return waiting.order_by("due_at", "pk")


def in_portal(member: Membership) -> QuerySet[Notice]:
    """What the member was told in the portal, newest first."""
    rows = Notice.objects.filter(recipient=member, channel=Channel.PORTAL, state=NoticeState.SENT)
    return rows.order_by("-let_go_at", "-pk")
