from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts.method_comparison import request_comparison
from upstream.detection import method_choices
from upstream.portal.access import PortalRequest, actor_of, needs, next_poll, refusal_as_message
from upstream.portal.queries import methods as queries
from upstream.portal.replay_forms import MethodForm, SwitchForm
from upstream.tenants.choices import Right


@needs(Right.READ)
@require_safe
def methods(request: PortalRequest) -> HttpResponse:
    """Every version, the one in force, and how the one that `with` names differs on the practice's own history."""
    return _page(request, SwitchForm())


@needs(Right.METHOD)
@require_POST
def compare(request: PortalRequest) -> HttpResponse:
    """Ask for replays by the version in force and by the other one; workers do them."""
    form = MethodForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    name = form.cleaned_data["method"]
    with refusal_as_message(request):
        request_comparison(name, actor=actor_of(request))
    return redirect(f"{reverse('portal:methods')}?{urlencode({'with': name})}")


@needs(Right.METHOD)
@require_POST
def switch(request: PortalRequest) -> HttpResponse:
    """The version is in force from the day on."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    with refusal_as_message(request):
        made = method_choices.choose(
            form.cleaned_data["method"], actor=actor_of(request), valid_from=form.cleaned_data["valid_from"]
        )
        messages.success(request, f"{made.method} is in force from {made.valid_from} on.")
    return redirect("portal:methods")


@needs(Right.METHOD)
@require_POST
def undo(request: PortalRequest) -> HttpResponse:
    """Take the last switch back."""
    with refusal_as_message(request):
        taken = method_choices.undo(actor=actor_of(request))
        messages.success(request, f"The switch to {taken.method} is taken back.")
    return redirect("portal:methods")


def _page(request: PortalRequest, form: SwitchForm, status: int = 200) -> HttpResponse:
    page = queries.page_of(request.tenant.time_zone, request.GET.get("with", ""))
    moving = page.comparison is not None and not page.comparison.is_done
    context = {"page": page, "form": form, "moving": moving, "poll": next_poll(request, moving=moving)}
    return render(request, "portal/methods/list.html", context, status=status)
