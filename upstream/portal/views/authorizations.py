"""The register of authorizations: what is left of each, claims at risk, late decisions, and payers' times."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit.services import record_access
from upstream.authorizations import clocks, queries, services
from upstream.authorizations.models import Entry
from upstream.authorizations.rules import GRANTED, Standing
from upstream.core import clock
from upstream.core.charts import BurnDown
from upstream.core.errors import Conflict, DomainError
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.authorization_forms import SHOWN, RegisterForm, TimeForm, reasons
from upstream.portal.figures import page_with
from upstream.tenants.choices import Right

PAGE, USES = 50, 200
UNSAID = timedelta(days=365)


@needs(Right.READ)
@require_safe
def register(request: PortalRequest) -> HttpResponse:
    """Every authorization as it stands, those that end first on top."""
    form, today = RegisterForm(request.GET, SHOWN), clock.today(request.tenant.time_zone)
    page = _page_of(request, queries.entries(form.wanted, today))
    rows = [(entry, _standing(entry)) for entry in page]
    return render(
        request, "portal/authorizations/list.html", {"form": form, "page": page, "rows": rows, "today": today}
    )


@needs(Right.READ)
@require_safe
def entry(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One authorization: what was asked and granted, what is left week by week, and the claims that draw on it."""
    return _shown(request, existing(queries.entry(public_id)), None)


@needs(Right.READ_PHI)
@require_POST
def people(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Its number and whom it concerns, after writing down who asked."""
    found = existing(queries.entry(public_id))
    record_access(
        actor=actor_of(request), action="show_authorization", subject=f"authorization:{public_id}",
        purpose="work with authorizations",
    )  # fmt: skip
    return _shown(request, found, queries.people_of([found])[found.pk])


@needs(Right.READ)
@require_safe
def risks(request: PortalRequest) -> HttpResponse:
    """Claims that nobody has decided and that may be denied for their authorization."""
    form = RegisterForm(request.GET, reasons(), "Reason")
    page = _page_of(request, queries.risks(form.wanted.payer, form.wanted.show))
    context = {"form": form, "page": page, "sums": queries.risk_sums(), "day": queries.newest_day()}
    return render(request, "portal/authorizations/risks.html", context)


@needs(Right.READ)
@require_safe
def decisions(request: PortalRequest) -> HttpResponse:
    """How long payers take to decide, against the clock that binds them, and the list of late decisions."""
    form = RegisterForm(request.GET)
    page = _page_of(request, queries.late(form.wanted))
    context = {"form": form, "page": page, "payers": queries.decisions()}
    return render(request, "portal/authorizations/decisions.html", context)


@needs(Right.READ)
@require_safe
def times(request: PortalRequest) -> HttpResponse:
    """What time payers leave: our rows with their sources, and the practice's own."""
    return _times(request, TimeForm())


@needs(Right.PAYERS)
@require_POST
def set_time(request: PortalRequest) -> HttpResponse:
    """Say what time a payer, or every payer, leaves."""
    form = TimeForm(request.POST)
    if form.is_valid():
        try:
            services.set_time(actor=actor_of(request), **form.cleaned_data)
        except DomainError as exc:
            form.add_error(exc.code if exc.code in form.fields else None, exc.message)
            return _times(request, form, status=exc.status)
        else:
            messages.success(request, "Saved.")
            return redirect("portal:authorization_times")
    return _times(request, form, status=422)


@needs(Right.PAYERS)
@require_POST
def take_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What was said before holds again."""
    found = existing(queries.setting(public_id))
    with refusal_as_message(request, done="What was said before holds again."):
        services.take_back(found, actor=actor_of(request))
    return redirect("portal:authorization_times")


def _times(request: PortalRequest, form: TimeForm, status: int = 200) -> HttpResponse:
    lead = clocks.Time(clocks.LEAD_DAYS, clocks.LEAD_SOURCE)
    """Who came second has seen with this page what was said meanwhile."""
    own = list(queries.settings())
    newest = str(own[0].public_id) if own else ""
    if status == Conflict.status:
        form.data = {**request.POST.dict(), "seen": newest}
    form.initial["seen"] = newest
    last = {(row.payer_id, row.kind, row.valid_from): row.pk for row in reversed(own)}
    context = {"own": own, "last": set(last.values()), "rules": queries.decision_clocks(), "lead": lead, "form": form}
    return render(request, "portal/authorizations/times.html", context, status=status)


def _page_of(request: PortalRequest, rows: "QuerySet[Any]") -> Any:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _standing(found: Entry) -> Standing:
    return Standing(found.valid_until, found.approved_units, found.used_units, found.recent_units)


def _shown(request: PortalRequest, found: Entry, person: dict[str, str] | None) -> HttpResponse:
    today = clock.today(request.tenant.time_zone)
    standing, chart = _standing(found), _chart(found, today)
    context = {
        "entry": found, "standing": standing, "granted": found.action in GRANTED, "today": today,
        "runs_out": standing.runs_out(today), "chart": chart, "uses": queries.uses_of(found)[:USES],
        "marks": queries.marks_of(found), "person": person,
        "late": found.due_at and (found.answered_at or clock.now()) > found.due_at,
    }  # fmt: skip
    return page_with(request, "portal/authorizations/detail.html", context, {"units": chart})


def _chart(found: Entry, today: Any) -> BurnDown | None:
    """Nothing where no units were granted."""
    weeks = queries.weekly_units(found)
    if not found.approved_units:
        return None
    start = found.valid_from or (weeks[0][0] if weeks else found.decided_date or today)
    end = found.valid_until or start + UNSAID
    return BurnDown("Units left, week by week", found.approved_units, tuple(weeks), start, end, today)
