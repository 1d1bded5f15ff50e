"""What the next four weeks are expected to bring: a page, and the same as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstream.claims import payer_queries
from upstream.forecast.queries import NextWeeks, next_weeks
from upstream.portal.access import PortalRequest, existing, needs
from upstream.portal.figures import page_with
from upstream.portal.files import csv_answer
from upstream.portal.kpi_forms import PayerForm
from upstream.portal.queries.forecast import COLUMNS, figures, file_rows
from upstream.tenants.choices import Right


@needs(Right.READ)
@require_safe
def forecast(request: PortalRequest) -> HttpResponse:
    """Cash and denials by week and payer with their ranges, and how right earlier forecasts were."""
    form = PayerForm(request.GET)
    found = _found(form)
    drawn = figures(found) if found else []
    context = {"form": form, "found": found, "figures": drawn, "query": request.GET.urlencode()}
    tables = {figure.key: figure.wide for figure in drawn}
    return page_with(request, "portal/forecast.html", context, tables, 200 if form.is_valid() else 422)


@needs(Right.READ)
@require_safe
def forecast_csv(request: PortalRequest) -> HttpResponse:
    """What the page shows, one row a payer and week."""
    form = PayerForm(request.GET)
    found = _found(form)
    if not form.is_valid():
        return render(request, "portal/forecast.html", {"form": form}, status=422)
    name = f"forecast-{found.as_of}.csv" if found else "forecast.csv"
    return csv_answer(name, COLUMNS, file_rows(found) if found else ())


def _found(form: PayerForm) -> NextWeeks | None:
    if not form.is_valid():
        return None
    return next_weeks(existing(payer_queries.payer(form.payer_id)) if form.payer_id else None)
