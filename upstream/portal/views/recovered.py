from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstream.alerts import ledger_queries as ledger
from upstream.alerts.queries import incident as find_incident
from upstream.core import clock
from upstream.portal.access import PortalRequest, needs
from upstream.reports.render.recovered import render_recovered
from upstream.tenants.choices import Right

LINES, MONTHS = 50, 12
MOST_ROWS = 200_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.READ)
@require_safe
def recovered(request: PortalRequest) -> HttpResponse:
    """What came back and what was not lost again, by month and by incident, over the last twelve months."""
    first, last = _year(request)
    months = ledger.months(first, last)
    context: dict[str, Any] = {
        "first": first,
        "last": last,
        "months": months,
        "incidents": ledger.by_incident(first, last),
        "sum": ledger.value_of(ledger.lines(first, last)),
        "book": ledger.settled(),
    }
    return render(request, "portal/recovered/list.html", context)


@needs(Right.READ)
@require_safe
def lines(request: PortalRequest) -> HttpResponse:
    """The claims and payments behind a month or some days, an incident, or both."""
    (first, last), incident = _asked(request)
    rows = ledger.lines(first, last, incident.public_id if incident else None)
    page = Paginator(rows, LINES).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "first": first,
        "last": last,
        "incident": incident,
        "page": page,
        "payments": ledger.payments_of(page),
        "sum": ledger.value_of(rows),
    }
    return render(request, "portal/recovered/lines.html", context)


@needs(Right.REPORT)
@require_safe
def workbook(request: PortalRequest) -> HttpResponse:
    """The same as an Excel file."""
    first, last = _year(request)
    rows = list(ledger.lines(first, last)[:MOST_ROWS])
    body = render_recovered(
        f"{request.tenant.name}, {first.isoformat()} to {last.isoformat()}",
        ledger.months(first, last), ledger.by_incident(first, last), (rows, ledger.payments_of(rows)),
        made_on=clock.today(request.tenant.time_zone),
    )  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="recovered-{first}-{last}.xlsx"'}
    return HttpResponse(body, content_type=XLSX, headers=headers)


def _year(request: PortalRequest) -> tuple[date, date]:
    """The twelve months that end with this one."""
    today = clock.today(request.tenant.time_zone)
    month = today.year * 12 + today.month - MONTHS
    return date(month // 12, month % 12 + 1, 1), _end_of(today)


def _asked(request: PortalRequest) -> tuple[tuple[date, date], Any]:
    """The days and the incident that the address names; Http404 for what is none."""
    days, incident = _year(request), None
    try:
        if "month" in request.GET:
            first = date.fromisoformat(f"{request.GET['month']}-01")
            days = first, _end_of(first)
        elif "first" in request.GET:
            days = date.fromisoformat(request.GET["first"]), date.fromisoformat(request.GET.get("last", ""))
        if "incident" in request.GET:
            incident = find_incident(UUID(request.GET["incident"]))
    except ValueError as exc:
        raise Http404 from exc
    if "incident" in request.GET and incident is None:
        raise Http404
    return days, incident


def _end_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
