"""How the practice is set up, in words, for the page that leads to each part."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from upstream.alerts.choices import Severity
from upstream.alerts.limits import Rejudged
from upstream.audit.services import KEPT_FOR
from upstream.core import clock
from upstream.delivery.models import Endpoint
from upstream.portal.navigation import SWITCHES
from upstream.portal.queries.outcomes import observed_false
from upstream.reports.queries import policy
from upstream.tenants.choices import Role
from upstream.tenants.models import Membership, Organization
from upstream.tenants.queries import api_clients, sites

MOST_SITES, MOST_MOVED = 12, 20
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Looked:
    """The last year's incidents under another limit."""

    rows: list[Rejudged]

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """By severity: how many now, and how many then."""
        now, then = Counter(row.now for row in self.rows), Counter(row.then for row in self.rows)
        return [(str(one.label), now[one], then[one]) for one in Severity if now[one] or then[one]]

    @property
    def moved(self) -> list[Rejudged]:
        """The newest of those that would have been told otherwise."""
        return self._otherwise[:MOST_MOVED]

    @property
    def more_moved(self) -> int:
        """How many older ones there are."""
        return len(self._otherwise[MOST_MOVED:])

    @property
    def _otherwise(self) -> list[Rejudged]:
        return [row for row in self.rows if row.now != row.then]


def standing(practice: Organization) -> dict[str, Any]:
    """Who belongs to it, where it is, what is told, which programs have a way in, and how long things are kept."""
    live = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=clock.now()))
    places = list(sites()[: MOST_SITES + 1])
    return {
        "observed_false": observed_false(practice),
        "roles": _roles(),
        "places": places[:MOST_SITES],
        "more_places": len(places) > MOST_SITES,
        "channels": Endpoint.objects.count(),
        "clients": api_clients().filter(live).count(),
        "areas": [(label, home not in practice.switched_off) for home, label in SWITCHES.items()],
        "kept_days": policy().kept_days,
        "log_years": KEPT_FOR.days // DAYS_A_YEAR,
    }


def _roles() -> list[tuple[str, int]]:
    """Active members by role, as people call it."""
    found = dict(Membership.objects.filter(active=True).values_list("role").annotate(n=Count("pk")).order_by())
    return [(str(role.label), found[role]) for role in Role if role in found]
