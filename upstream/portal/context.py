"""What every portal page knows."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from upstream.portal.queries.strip import data_strip
from upstream.tenants.choices import Right

AREAS = (
    ("Today", "portal:today", ("today", "trouble"), Right.READ),
    ("Incidents", "portal:incidents", ("incident", "claim", "replay", "outcome", "method", "recovered"), Right.READ),
    ("Worklist", "portal:worklist", ("worklist", "item", "act_"), Right.READ),
    ("Letters", "portal:letters", ("letter", "template", "packet"), Right.READ),
    ("Payers", "portal:payers", ("payer", "name_", "decision"), Right.READ),
    ("Authorizations", "portal:register", ("register", "authorization", "time_take_back"), Right.READ),
    (
        "Data",
        "portal:data",
        ("data", "batch", "upload", "mapping", "quality", "finding", "reconciliation", "ledger", "deposits"),
        Right.READ,
    ),
    ("Sources", "portal:sources", ("source",), Right.CONNECT),
    ("Measures", "portal:measures", ("measure",), Right.READ),
    ("Reports", "portal:reports", ("report",), Right.READ),
    ("Channels", "portal:channels", ("channel",), Right.CONNECT),
    ("People", "portal:people", ("people",), Right.ADMINISTER),
    ("Access log", "portal:access_log", ("access_log",), Right.AUDIT),
    (
        "Settings",
        "portal:settings",
        ("settings", "calendar", "event", "routing", "rule", "rota", "mute", "window", "quiet"),
        Right.READ,
    ),
)


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the navigation."""

    label: str
    home: str
    here: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """Practice, rights, and the strip on the state of the data, which is asked for only by pages that show it."""
    membership = getattr(request, "membership", None)
    return {
        "demonstration": not settings.REAL_DATA_MODE,
        "tenant": getattr(request, "tenant", None),
        "membership": membership,
        "rights": membership.rights if membership else frozenset(),
        "areas": _areas(request, membership.rights if membership else frozenset()),
        "strip": SimpleLazyObject(data_strip),
    }


def _areas(request: HttpRequest, rights: frozenset[str]) -> list[Area]:
    match = request.resolver_match
    page = (match.url_name or "") if match and match.namespace == "portal" else ""
    return [Area(label, home, page.startswith(starts)) for label, home, starts, right in AREAS if right in rights]
