from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts import upkeep
from upstream.core import clock
from upstream.ingestion.quality import behind, services
from upstream.ingestion.quality import queries as data
from upstream.ingestion.quality.choices import FindingState
from upstream.ingestion.quality.models import Finding
from upstream.ingestion.quality.rules import FORMULA
from upstream.portal.access import PortalRequest, actor_of, existing, may, needs, refusal_as_message
from upstream.portal.figures import page_with
from upstream.portal.forms import LimitForm, NoteForm
from upstream.portal.queries import quality as queries
from upstream.portal.queries.data import row_of
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys

PAGE = 25
ROWS = 50


@needs(Right.READ)
@require_safe
def quality(request: PortalRequest) -> HttpResponse:
    """Scores over time and by payer, and every finding in one state."""
    chosen = request.GET.get("state", FindingState.OPEN)
    rows = data.findings().filter(state=chosen if chosen in FindingState.values else FindingState.OPEN)
    page = Paginator(data.gravest_first(rows), PAGE).get_page(request.GET.get("page"))
    scores = queries.scores(request.tenant.time_zone)
    context = {
        "page": page,
        "rows": [queries.FindingRow(finding) for finding in page],
        "scores": scores,
        "formula": FORMULA,
        "chosen": chosen,
        "states": FindingState.choices,
    }
    return page_with(request, "portal/quality/list.html", context, {"scores": queries.score_table(scores)})


@needs(Right.READ)
@require_safe
def finding(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One finding with the rows that fail: their number and money are the finding's."""
    return _page(request, _found(public_id))


@needs(Right.WORK)
@require_POST
def dismiss(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say that the data are right: no number carries this caveat any more."""
    found, form = _found(public_id), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    with refusal_as_message(request):
        services.dismiss(found, actor=actor_of(request), note=form.cleaned_data["note"])
        upkeep.tell_caveats(clock.today(request.tenant.time_zone))
        messages.success(request, "Noted. No number carries this caveat any more.")
    return redirect("portal:finding", public_id)


@needs(Right.WORK)
@require_POST
def reopen(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take the dismissal back."""
    with refusal_as_message(request):
        services.reopen(_found(public_id), actor=actor_of(request))
        upkeep.tell_caveats(clock.today(request.tenant.time_zone))
    return redirect("portal:finding", public_id)


@needs(Right.READ)
def limits(request: PortalRequest) -> HttpResponse:
    """Every check with its limit and reason; who may change settings sets the practice's own."""
    today = clock.today(request.tenant.time_zone)
    form = LimitForm(request.POST or None, initial={"valid_from": today})
    if request.method == "POST":
        if not may(request, Right.ADMINISTER):
            return HttpResponse(status=403)
        if form.is_valid():
            services.set_threshold(actor=actor_of(request), **form.cleaned_data)
            messages.success(request, "Saved. Files that are read from then on are judged by it.")
            return redirect("portal:quality_limits")
    context = {"rows": queries.limits(today), "form": form, "today": today}
    return render(request, "portal/quality/limits.html", context, status=422 if form.errors else 200)


def _found(public_id: UUID) -> Finding:
    return existing(data.finding(public_id))


def _page(request: PortalRequest, found: Finding, form: NoteForm | None = None, status: int = 200) -> HttpResponse:
    context = {"row": queries.FindingRow(found), "finding": found, "form": form or NoteForm()}
    if found.batch is not None:
        context["file"] = row_of(found.batch, tenant_keys() if may(request, Right.READ_PHI) else None)
        if behind.has_rows(found.check_name):
            context |= _rows(request, found)
    return render(request, "portal/quality/finding.html", context, status=status)


def _rows(request: PortalRequest, found: Finding) -> dict[str, object]:
    number, cents = behind.total(found)
    page = Paginator(range(number), ROWS).get_page(request.GET.get("page"))
    rows = behind.rows(found, limit=ROWS, offset=(page.number - 1) * ROWS)
    return {"behind": rows, "page": page, "number": number, "cents": cents, "kind": behind.kind_of(found.check_name)}
