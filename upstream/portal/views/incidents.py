from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts.bundle import bundle_of
from upstream.alerts.ledger_queries import value_of_incident
from upstream.alerts.models import Incident
from upstream.alerts.queries import incident as find_incident
from upstream.alerts.queries import members_of
from upstream.audit.services import record_access
from upstream.claims.queries import identities_of
from upstream.core import clock
from upstream.detection.choices import Metric
from upstream.ingestion.quality.queries import caveats
from upstream.portal import measures
from upstream.portal.access import PortalRequest, actor_of, may, needs, refusal_as_message
from upstream.portal.basis import basis_of
from upstream.portal.costs import cost_of
from upstream.portal.figures import Table, page_with
from upstream.portal.inbox_forms import KNOWN, STATES, InboxForm
from upstream.portal.incident_forms import (
    AssignForm,
    BulkForm,
    CommentForm,
    IncidentForm,
    MergeForm,
    MoveForm,
    SnoozeForm,
    SplitForm,
)
from upstream.portal.queries import history
from upstream.portal.queries import incidents as queries
from upstream.portal.queries.lessons import lessons_for
from upstream.portal.queries.remitted import remitted
from upstream.tenants.choices import Right
from upstream.tenants.saved_views import saved_views

PAGE = 25
CLAIMS = 25
WEEKS = ("week", "claims", "value", "low_95", "high_95", "complete")


@needs(Right.READ)
@require_safe
def incidents(request: PortalRequest) -> HttpResponse:
    """Open incidents, or whichever are chosen by state, owner, payer and severity."""
    form, today = InboxForm(request.membership, request.GET), clock.today(request.tenant.time_zone)
    page = Paginator(form.rows(today), PAGE).get_page(request.GET.get("page"))
    chosen = form.state_shown
    context = {
        "page": page,
        "rows": [queries.row_of(incident) for incident in page],
        "today": today,
        "form": form,
        "chosen": chosen,
        "states": STATES,
        "known": KNOWN,
        "saved": saved_views(request.membership, "incidents"),
        "screen": "incidents",
        "bulk_form": BulkForm() if may(request, Right.WORK) and chosen != "closed" else None,
        "bulk": request.GET.get("bulk", ""),
    }
    return render(request, "portal/incidents/list.html", context)


@needs(Right.READ)
@require_safe
def incident(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One incident; for htmx, one page of its claims."""
    found = found_incident(public_id)
    if request.htmx:
        return render(request, "portal/incidents/_claims.html", _claims(request, found))
    return incident_page(request, found)


@needs(Right.READ_PHI)
@require_POST
def numbers(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One page of claims with their numbers, after writing down who asked for how many."""
    found = found_incident(public_id)
    context = _claims(request, found)
    ids = [row.claim_id for row in context["claims"]]
    record_access(
        actor=actor_of(request), action="show_claim_numbers", subject=f"incident:{found.public_id}",
        records=len(ids), purpose="work an incident",
    )  # fmt: skip
    context["numbers"] = {pk: identity.get("claim_number", "") for pk, identity in identities_of(ids).items()}
    if request.htmx:
        return render(request, "portal/incidents/_claims.html", context)
    return incident_page(request, found, **context)


@needs(Right.WORK)
@require_POST
def bundle(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What the incident was worked out from, as a zip that checks itself; who took it is written down."""
    found = found_incident(public_id)
    headers = {
        "Content-Disposition": f'attachment; filename="incident-{found.public_id}.zip"',
        "Cache-Control": "no-store",
    }
    with refusal_as_message(request):
        content = bundle_of(found, actor=actor_of(request), practice=request.tenant.name)
        return HttpResponse(content, content_type="application/zip", headers=headers)
    return redirect("portal:incident", public_id)


def found_incident(public_id: UUID) -> Incident:
    """The practice's incident with this id; Http404 when there is none."""
    found = find_incident(public_id)
    if found is None:
        raise Http404
    return found


def _claims(request: PortalRequest, incident: Incident) -> dict[str, Any]:
    number = request.POST.get("page") or request.GET.get("page")
    page = Paginator(members_of(incident), CLAIMS).get_page(number)
    return {"incident": incident, "claims": list(page), "page": page, "numbers": None}


def incident_page(request: PortalRequest, incident: Incident, /, status: int = 200, **more: Any) -> HttpResponse:
    """The incident's whole page; `more` are forms with something to say, and what else an act has to show."""
    today = clock.today(request.tenant.time_zone)
    evidence, cost = queries.evidence_of(incident), cost_of(incident)
    context = {
        **_claims(request, incident),
        "sentence": measures.sentence(incident, today),
        "measure": measures.measure_of(incident),
        "basis": basis_of(incident),
        "cost": cost,
        "value": value_of_incident(incident),
        "parts": measures.parts_of(incident),
        "today": today,
        "evidence": evidence,
        "has_clocks": incident.metric == Metric.DENIAL_RATE,
        "answered": remitted(incident) if request.GET.get("clock") == "answer" else None,
        "sum": queries.sum_behind(incident),
        "caveats": caveats(incident.payer_id, incident.onset_week, incident.last_as_of),
        "advice": queries.advice_for(incident),
        "lessons": lessons_for(incident),
        "history": history.history_of(incident, actor_of(request)),
        "sleeps_until": history.sleeps_until(incident),
        "comes_back_when": history.comes_back_when(incident),
        **(_forms(incident) if may(request, Right.WORK) else {}),
        **more,
    }
    weeks = ((week.week, week.claims, week.rate, week.low, week.high, week.complete) for week in evidence.wide.weeks)
    tables = {
        "weeks": Table(f"incident {incident.public_id} weeks", WEEKS, weeks),
        "answers": context["answered"],
        "costs": cost.chart,
    }
    return page_with(request, "portal/incidents/detail.html", context, tables, status)


def _forms(incident: Incident) -> dict[str, IncidentForm]:
    """A fresh form for each thing that may be done."""
    kinds: tuple[type[IncidentForm], ...] = (MoveForm, AssignForm, CommentForm, SnoozeForm, MergeForm, SplitForm)
    return {f"{kind.key}_form": kind(incident) for kind in kinds}
