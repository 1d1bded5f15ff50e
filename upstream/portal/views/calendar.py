from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.detection.calendar import queries as events
from upstream.detection.calendar import services
from upstream.detection.models import CalendarEvent
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.calendar_forms import EndForm, EventForm
from upstream.portal.queries import calendar as queries
from upstream.tenants.choices import Right

SOON = "The next look, in a moment, goes by it."


@needs(Right.READ)
@require_safe
def calendar(request: PortalRequest) -> HttpResponse:
    """Weeks that are unlike others: the practice's own word, and what all practices share."""
    return _page(request, EventForm())


@needs(Right.PAYERS)
@require_POST
def add(request: PortalRequest) -> HttpResponse:
    """Say that something happened, and whether its weeks are left out."""
    form = EventForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        services.add(actor=actor_of(request), **form.cleaned_data)
    except Invalid as exc:
        form.add_error(exc.code if exc.code in form.fields else None, exc.message)
        return _page(request, form, status=422)
    messages.success(request, f"Added. {SOON}")
    return redirect("portal:calendar")


@needs(Right.PAYERS)
@require_POST
def shared(request: PortalRequest) -> HttpResponse:
    """Leave the weeks of an event that all practices share out for this one."""
    found = existing(events.shared_event(request.POST.get("key", "")))
    with refusal_as_message(request, done=f"{found.name}: its weeks are left out. {SOON}"):
        services.say_of_shared(found, effect=request.POST.get("effect", ""), actor=actor_of(request))
    return redirect("portal:calendar")


@needs(Right.PAYERS)
@require_POST
def end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say on which day an event was over."""
    found, form = _found(public_id), EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say on which day it was over.")
        return redirect("portal:calendar")
    with refusal_as_message(request, done=f"{found.name}: its last day is written down. {SOON}"):
        services.end(found, last=form.day, actor=actor_of(request))
    return redirect("portal:calendar")


@needs(Right.PAYERS)
@require_POST
def take_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Go by the event no more."""
    found = _found(public_id)
    with refusal_as_message(request, done=f"{found.name} is taken back. {SOON}"):
        services.take_back(found, actor=actor_of(request))
    return redirect("portal:calendar")


@needs(Right.PAYERS)
@require_POST
def put_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Go by an event again that was taken back."""
    found = _found(public_id)
    with refusal_as_message(request, done=f"{found.name} holds again. {SOON}"):
        services.put_back(found, actor=actor_of(request))
    return redirect("portal:calendar")


def _found(public_id: UUID) -> CalendarEvent:
    return existing(events.event(public_id))


def _page(request: PortalRequest, form: EventForm, status: int = 200) -> HttpResponse:
    today = clock.today(request.tenant.time_zone)
    context = {"listed": queries.page_of(today), "form": form, "today": today}
    return render(request, "portal/calendar/list.html", context, status=status)
