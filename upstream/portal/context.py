"""What every portal page knows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from upstream.core import clock
from upstream.portal.navigation import navigation
from upstream.portal.queries.strip import data_strip
from upstream.tenants.middleware import idle_seconds
from upstream.tenants.models import Organization


@dataclass(frozen=True, slots=True)
class Visit:
    """A look of our staff at the practice, for this reason, until then at the latest."""

    until: datetime
    reason: str


def portal(request: HttpRequest) -> dict[str, Any]:
    """Practice, rights, and the strip on the state of the data, which is asked for only by pages that show it."""
    membership, tenant = getattr(request, "membership", None), getattr(request, "tenant", None)
    rights = membership.rights if membership else frozenset()
    off = frozenset(tenant.switched_off) if tenant else frozenset()
    return {
        "demonstration": not settings.REAL_DATA_MODE,
        "tenant": tenant,
        "membership": membership,
        "rights": rights,
        "navigation": SimpleLazyObject(lambda: navigation(_page(request), rights, off)),
        "idle_seconds": idle_seconds(tenant),
        "visit": visit_of(tenant),
        "strip": SimpleLazyObject(data_strip),
    }


def _page(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match and match.namespace == "portal" else ""


def visit_of(tenant: Organization | None) -> Visit | None:
    """Whether our staff look at this practice just now: everybody there sees it on each page."""
    if tenant is None or tenant.visited_until is None or tenant.visited_until <= clock.now():
        return None
    return Visit(tenant.visited_until, tenant.visited_because)
