"""What every portal page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from upstream.portal.navigation import navigation
from upstream.portal.queries.strip import data_strip


def portal(request: HttpRequest) -> dict[str, Any]:
    """Practice, rights, and the strip on the state of the data, which is asked for only by pages that show it."""
    membership = getattr(request, "membership", None)
    rights = membership.rights if membership else frozenset()
    return {
        "demonstration": not settings.REAL_DATA_MODE,
        "tenant": getattr(request, "tenant", None),
        "membership": membership,
        "rights": rights,
        "navigation": SimpleLazyObject(lambda: navigation(_page(request), rights)),
        "strip": SimpleLazyObject(data_strip),
    }


def _page(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match and match.namespace == "portal" else ""
