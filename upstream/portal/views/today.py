from django.http import HttpResponse

from upstream.authorizations.queries import Asked, entries
from upstream.detection.waiting_claims import silences
from upstream.forecast.queries import next_weeks
from upstream.portal.access import PortalRequest, needs
from upstream.portal.figures import page_with
from upstream.portal.queries.first_steps import first_steps
from upstream.portal.queries.forecast import this_week
from upstream.portal.queries.strip import data_strip
from upstream.portal.queries.today import today_of, weeks_of
from upstream.tenants.choices import Right
from upstream.watchers.queries import alarm
from upstream.worklist.queries import due_days


@needs(Right.READ)
def today(request: PortalRequest) -> HttpResponse:
    """The landing page: is anything wrong, what is due, how each payer stands."""
    strip = data_strip()
    page = today_of(request.tenant.time_zone, strip.run)
    context = {
        "page": page, "today": page.today, "strip": strip, "due_days": due_days(page.today), "alarm": alarm(),
        "ending": entries(Asked(show="near"), page.today).count(), "steps": first_steps(request.tenant),
        "this_week": this_week(next_weeks()), "silences": silences(strip.run),
    }  # fmt: skip
    return page_with(request, "portal/today.html", context, {"payers": weeks_of(page)})
