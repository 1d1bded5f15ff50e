"""What of Upstream itself fails: the list, one of them, taking it up, and how much counts as one."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.core.errors import DomainError
from upstream.portal.access import PortalRequest, actor_of, existing, may, needs, refusal_as_message
from upstream.portal.queries.people import names_of
from upstream.portal.watch_forms import WatchLimitForm
from upstream.tenants.choices import Right
from upstream.watchers import limits, queries, services

PAGE = 50


@needs(Right.READ)
@require_safe
def troubles(request: PortalRequest) -> HttpResponse:
    """What fails now, and what is over."""
    page = Paginator(queries.over(), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/troubles/list.html", {"alarm": queries.alarm(), "page": page})


@needs(Right.READ)
@require_safe
def trouble(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One of them: since when, what it means, what to do, who is at it."""
    found = existing(queries.trouble(public_id))
    steps = list(queries.steps_of(found))
    names = names_of({step.actor for step in steps if step.actor})
    told = [(step, names.get(step.actor, "Upstream")) for step in steps]
    return render(request, "portal/troubles/detail.html", {"trouble": found, "steps": told})


@needs(Right.WORK)
@require_POST
def move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take it up, or hand it back."""
    found = existing(queries.trouble(public_id))
    act = services.hand_back if "back" in request.POST else services.acknowledge
    with refusal_as_message(request, done="Handed back." if "back" in request.POST else "You are at it."):
        act(found, version=_number(request), actor=actor_of(request))
    return redirect("portal:trouble", public_id)


def _number(request: HttpRequest) -> int:
    """The version that the page was made from; none fits where it is no number."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


@needs(Right.READ)
def limits_page(request: PortalRequest) -> HttpResponse:
    """From when on something is a trouble; who may change settings sets the practice's own limits."""
    form = WatchLimitForm(request.POST or None)
    if request.method == "POST":
        if not may(request, Right.ADMINISTER):
            return HttpResponse(status=403)
        if form.is_valid() and _saved(request, form):
            return redirect("portal:trouble_limits")
    context = {"rows": list(limits.limits_of(clock.today(request.tenant.time_zone)).values()), "form": form}
    return render(request, "portal/troubles/limits.html", context, status=422 if form.errors else 200)


def _saved(request: PortalRequest, form: WatchLimitForm) -> bool:
    """The form carries the own limit that it was made from, beside the row that it belongs to."""
    replaces = request.POST.get(f"replaces-{form.cleaned_data['limit']}", "")
    try:
        limits.set_limit(actor=actor_of(request), replaces=replaces, **form.cleaned_data)
    except DomainError as exc:
        form.add_error(exc.code if exc.code in form.fields else None, exc.message)
        return False
    return True
