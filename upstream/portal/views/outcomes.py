from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts.budget import set_budget
from upstream.portal.access import PortalRequest, needs
from upstream.portal.queries.outcomes import scores
from upstream.portal.replay_forms import BudgetForm
from upstream.tenants.choices import Right


@needs(Right.READ)
@require_safe
def outcomes(request: PortalRequest) -> HttpResponse:
    """Precision, false alarms against the budget, lead over the monthly report, and our money against what came."""
    form = BudgetForm(initial={"per_quarter": request.tenant.false_incidents_per_quarter})
    return _page(request, form)


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


def _page(request: PortalRequest, form: BudgetForm, status: int = 200) -> HttpResponse:
    context = {"scores": scores(request.tenant), "form": form}
    return render(request, "portal/outcomes/detail.html", context, status=status)
