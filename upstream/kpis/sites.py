"""Measures by site of service, as far as weekly sums are kept by site."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from upstream.claims.choices import Outcome
from upstream.claims.models import SiteWeek
from upstream.kpis import definitions as d
from upstream.kpis.rules import Measure, share
from upstream.kpis.sums import Ask
from upstream.tenants.models import Site

NO_SITE = "No place named"
BY_SITE = {
    d.DENIAL_RATE_REMITTED.key: (d.DENIAL_RATE_REMITTED, "denied"),
    d.PARTIAL_RATE.key: (d.PARTIAL_RATE, "partly"),
}


@dataclass(frozen=True)
class SiteLine:
    """One site (by name; claims without a place stand together) and the measure there."""

    site: str
    measure: Measure


def by_site(key: str, ask: Ask) -> list[SiteLine]:
    """The measure at every site with an answer in the weeks, most answers first; nothing where it is not kept by site.

    Numerators and denominators add up to the measure's. Two queries.
    """
    if key not in BY_SITE:
        return []
    definition, counted = BY_SITE[key]
    rows = SiteWeek.objects.filter(known_week__gte=ask.span.first, known_week__lte=ask.span.last)
    rows = rows if ask.payer is None else rows.filter(payer=ask.payer)
    found = (
        rows.exclude(outcome=Outcome.PENDING)
        .values_list("site_id")
        .annotate(
            decided=Sum("claims"),
            denied=Sum("claims", filter=Q(outcome=Outcome.DENIED), default=0),
            partly=Sum("claims", filter=Q(outcome=Outcome.PARTIAL), default=0),
        )
    )
    names = dict(Site.objects.values_list("pk", "name"))
    place = {"denied": 2, "partly": 3}[counted]
    ranked = sorted(found.order_by(), key=lambda row: (-row[1], row[0]))
    return [SiteLine(names.get(row[0], NO_SITE), share(definition, row[place], row[1])) for row in ranked]
