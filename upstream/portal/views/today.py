from django.http import HttpResponse
from django.shortcuts import render

from upstream.portal.access import PortalRequest, needs
from upstream.portal.queries.strip import data_strip
from upstream.portal.queries.today import today_of
from upstream.tenants.choices import Right


@needs(Right.READ)
def today(request: PortalRequest) -> HttpResponse:
    """The landing page: is anything wrong, what is due, how each payer stands."""
    strip = data_strip()
    page = today_of(request.tenant.time_zone, strip.run)
    return render(request, "portal/today.html", {"page": page, "today": page.today, "strip": strip})
