"""Every measure of the practice over some weeks: a page, and the same as a file."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.claims import payer_queries
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.core.money import cents_of
from upstream.kpis.behind import counted, place_of_middle
from upstream.kpis.measures import Measures
from upstream.kpis.measures import measures as measured
from upstream.kpis.method_box import method_box
from upstream.kpis.services import set_rework_cost
from upstream.kpis.sites import by_site
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.files import csv_answer
from upstream.portal.kpi_forms import BehindForm, CostForm, MeasuresForm
from upstream.portal.queries.behind import BEHIND_COLUMNS, behind_rows, narrower_of, shown_list
from upstream.portal.queries.kpis import COLUMNS, file_rows, row_of, sections
from upstream.tenants.choices import Right

CLAIMS, MOST_ROWS = 50, 200_000


@needs(Right.READ)
@require_safe
def measures(request: PortalRequest) -> HttpResponse:
    """Each measure with its range, what it is of, by which day, how complete, and its formula."""
    form = MeasuresForm(request.GET)
    found = _found(form)
    if found:
        _fill_days(form, found)
    context = {
        "form": form,
        "found": found,
        "sections": sections(found) if found else [],
        "cost": CostForm.starting(clock.today(request.tenant.time_zone)),
        "query": request.GET.urlencode(),
    }
    return render(request, "portal/measures/list.html", context, status=200 if found else 422)


@needs(Right.READ)
@require_safe
def measures_csv(request: PortalRequest) -> HttpResponse:
    """What the page shows, one row a measure."""
    form = MeasuresForm(request.GET)
    found = _found(form)
    if found is None:
        return render(request, "portal/measures/list.html", {"form": form}, status=422)
    return csv_answer(f"measures-{found.span.first}-{found.span.end}.csv", COLUMNS, file_rows(found))


@needs(Right.READ)
@require_safe
def measure_behind(request: PortalRequest) -> HttpResponse:
    """One measure with its method, its sites, and the claims that it counts, page by page."""
    form = BehindForm(request.GET)
    found = _found(form)
    if found is None:
        return render(request, "portal/measures/behind.html", {"form": form}, status=422)
    _fill_days(form, found)
    key, page = form.cleaned_data["measure"], form.cleaned_data["page"] or 1
    narrower = narrower_of(key, found)
    middle = None if narrower else found[key].value
    claims = [] if narrower else counted(key, found.ask, skip=(page - 1) * CLAIMS, most=CLAIMS + 1, middle=middle)
    place = place_of_middle(key, found.ask, middle)
    context = {
        "narrower": narrower,
        "form": form, "found": found, "row": row_of(found[key]), "box": method_box(found[key]),
        "sites": [(line.site, row_of(line.measure)) for line in by_site(key, found.ask)],
        "list": shown_list(key, claims[:CLAIMS]), "page": page, "more": len(claims) > CLAIMS,
        "middle_page": None if place is None else place // CLAIMS + 1, "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "portal/measures/behind.html", context)


@needs(Right.READ)
@require_safe
def measure_behind_csv(request: PortalRequest) -> HttpResponse:
    """All claims that one measure counts, one row each."""
    form = BehindForm(request.GET)
    found = _found(form)
    if found is None:
        return render(request, "portal/measures/behind.html", {"form": form}, status=422)
    key = form.cleaned_data["measure"]
    rows = behind_rows(counted(key, found.ask, most=MOST_ROWS, middle=found[key].value))
    return csv_answer(f"{key}-{found.span.first}-{found.span.end}.csv", BEHIND_COLUMNS, rows)


@require_POST
@needs(Right.ADMINISTER)
def measures_cost(request: PortalRequest) -> HttpResponse:
    """What a touch of a denied claim costs, from a day on."""
    form = CostForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say the cost in dollars, from which day on, and where it comes from.")
        return redirect("portal:measures")
    given = form.cleaned_data
    with refusal_as_message(request, done="Saved. It holds from that day on."):
        set_rework_cost(
            cents=cents_of(given["dollars"]), valid_from=given["valid_from"], source=given["source"],
            actor=actor_of(request),
        )  # fmt: skip
    return redirect("portal:measures")


def _fill_days(form: MeasuresForm, found: Measures) -> None:
    """The form shows the days that were meant where none was asked for."""
    meant = {"first": str(found.span.first), "last": str(found.span.end)}
    form.data = QueryDict(urlencode({**meant, **{name: said for name, said in form.data.items() if said}}))


def _found(form: MeasuresForm) -> Measures | None:
    """What was asked for; None, with the reason in the form, where that cannot be."""
    if not form.is_valid():
        return None
    payer = existing(payer_queries.payer(form.payer_id)) if form.payer_id else None
    try:
        return measured(form.cleaned_data["first"], form.cleaned_data["last"], payer)
    except Invalid as exc:
        form.add_error(None, exc.message)
        return None
