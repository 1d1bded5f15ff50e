from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts import budget_preview
from upstream.alerts.budget import set_budget
from upstream.portal.access import PortalRequest, actor_of, needs, next_poll, refusal_as_message
from upstream.portal.queries.outcomes import scores
from upstream.portal.replay_forms import BudgetForm, budget_words
from upstream.tenants.choices import Right

PREVIEW = "portal/outcomes/_preview.html"


@needs(Right.READ)
@require_safe
def outcomes(request: PortalRequest) -> HttpResponse:
    """Precision, false alarms against the budget, lead over the monthly report, and our money against what came.

    With `budget`, what that budget would have meant on the practice's own history.
    """
    in_force = request.tenant.false_incidents_per_quarter
    if "budget" not in request.GET:
        return _page(request, BudgetForm(initial={"per_quarter": in_force}))
    asked = BudgetForm({"per_quarter": request.GET["budget"]})
    if not asked.is_valid():
        return _page(request, asked, status=422)
    told = _told(request, asked.cleaned_data["per_quarter"])
    return render(request, PREVIEW, told) if request.htmx else _page(request, asked, preview=told)


@require_POST
@needs(Right.ADMINISTER)
def budget(request: PortalRequest) -> HttpResponse:
    """How many false incidents a quarter the practice is willing to look at, from the next look on."""
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    set_budget(form.cleaned_data["per_quarter"])
    messages.success(request, "Saved. It holds from the next look on.")
    return redirect("portal:outcomes")


@require_POST
@needs(Right.ADMINISTER)
def preview(request: PortalRequest) -> HttpResponse:
    """Ask what the budget would have meant on our own history; workers look. Nothing is saved."""
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = form.cleaned_data["per_quarter"]
    with refusal_as_message(request):
        budget_preview.request_preview(asked, actor=actor_of(request))
        return redirect(f"{reverse('portal:outcomes')}?{urlencode({'budget': asked})}#preview")
    return redirect("portal:outcomes")


def _told(request: PortalRequest, asked: Decimal) -> dict[str, object]:
    in_force = request.tenant.false_incidents_per_quarter
    found = budget_preview.preview(asked) if asked != in_force else None
    moving = found is not None and not found.is_done
    return {
        "preview": found, "asked": asked, "asked_words": budget_words(asked), "now_words": budget_words(in_force),
        "same": asked == in_force, "moving": moving, "poll": next_poll(request, moving=moving),
    }  # fmt: skip


def _page(
    request: PortalRequest, form: BudgetForm, status: int = 200, preview: dict[str, object] | None = None
) -> HttpResponse:
    in_force = budget_words(request.tenant.false_incidents_per_quarter)
    context = {"scores": scores(request.tenant), "form": form, "in_force": in_force, **(preview or {})}
    return render(request, "portal/outcomes/detail.html", context, status=status)
