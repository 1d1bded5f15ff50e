from django.http import HttpResponse
from django.views.decorators.http import require_safe

from upstream.core import clock
from upstream.core.money import dollars_of
from upstream.portal.access import PortalRequest, needs
from upstream.portal.figures import Table, page_with
from upstream.portal.queries.outcomes import scores
from upstream.portal.queries.strip import data_strip
from upstream.portal.queries.week import PayerLine, week_of
from upstream.tenants.choices import Right

COLUMNS = (
    "payer", "share_of_payments", "denial_rate", "usual_rate", "denied", "denied_before", "taken_back",
    "days_to_half_paid", "days_to_nine_tenths_paid", "letters_won", "letters_answered", "open_incidents",
)  # fmt: skip


@needs(Right.READ)
@require_safe
def week(request: PortalRequest) -> HttpResponse:
    """The director's twenty minutes: money, payers, causes, places, what was closed, what to decide."""
    today = clock.today(request.tenant.time_zone)
    strip = data_strip()
    found = week_of(strip.run, today)
    context = {"week": found, "today": today, "strip": strip, "scores": scores(request.tenant)}
    payers = Table(f"payers {found.quarter.end}", COLUMNS, map(_cells, found.payers))
    return page_with(request, "portal/week.html", context, {"payers": payers, "causes": found.causes})


def _cells(line: PayerLine) -> tuple[object, ...]:
    base = line.baseline
    money = (dollars_of(cents) for cents in (line.denied_cents, line.denied_before_cents, line.taken_back_cents))
    return (
        line.payer.name, line.paid_share, base.rate if base else None, base.usual_rate if base else None, *money,
        line.half_paid, line.most_paid, line.overturned, line.letters, line.open_incidents,
    )  # fmt: skip
