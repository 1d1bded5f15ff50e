"""What people do with an incident from its page: each act says what it was made from, and overwrites nothing."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upstream.alerts import joining, services
from upstream.alerts.life_rules import Snooze
from upstream.alerts.models import Incident
from upstream.alerts.queries import incident as find_incident
from upstream.alerts.steps import ChangedMeanwhile
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.portal.access import PortalRequest, actor_of, needs, refusal_as_message
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
from upstream.portal.queries.history import changed_since
from upstream.portal.views.incidents import found_incident, incident_page
from upstream.portal.words import counted
from upstream.tenants.choices import Right

Form = TypeVar("Form", bound=IncidentForm)
Act = Callable[[Incident, Form, dict[str, Any]], object]


def _act(request: PortalRequest, public_id: UUID, kind: type[Form], act: Act[Form]) -> HttpResponse:
    """Do it and show the incident; or show the form again, with what is wrong or what somebody else did meanwhile."""
    found = found_incident(public_id)
    form = kind(found, request.POST)
    if not form.is_valid():
        return incident_page(request, found, status=422, **{f"{kind.key}_form": form})
    told = {"actor": actor_of(request), "version": form.cleaned_data["version"]}
    try:
        with transaction.atomic():
            act(found, form, told)
    except ChangedMeanwhile as exc:
        now = found_incident(public_id)
        meanwhile = changed_since(now, exc.seen, actor_of(request))
        return incident_page(request, now, status=409, meanwhile=meanwhile, **{f"{kind.key}_form": form.again(now)})
    except Invalid as exc:
        form.add_error(exc.code if exc.code in form.fields else None, exc.message)
        return incident_page(request, found_incident(public_id), status=422, **{f"{kind.key}_form": form})
    except DomainError as exc:
        messages.error(request, exc.message)
    return redirect("portal:incident", public_id)


@needs(Right.WORK)
@require_POST
def move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Bring the incident into another state; closing it says what it was."""
    return _act(request, public_id, MoveForm, lambda found, form, told: services.move(found, **form.move, **told))


@needs(Right.WORK)
@require_POST
def assign(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Give the incident to a member, or to nobody."""
    return _act(
        request, public_id, AssignForm,
        lambda found, form, told: services.assign(found, member=form.cleaned_data["member"], **told),
    )  # fmt: skip


@needs(Right.WORK)
@require_POST
def comment(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say something to colleagues; those who are named are told by mail."""

    def act(found: Incident, form: CommentForm, told: dict[str, Any]) -> None:
        said = services.comment(found, text=form.cleaned_data["text"], actor=told["actor"])
        if said.untold:
            messages.warning(request, f"No mail went to {', '.join(f'@{name}' for name in said.untold)}.")

    return _act(request, public_id, CommentForm, act)


@needs(Right.WORK)
@require_POST
def snooze(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Put the incident out of the way until a day, or until its money or rate passes a mark."""
    return _act(
        request, public_id, SnoozeForm,
        lambda found, form, told: services.snooze(found, asked=form.asked, note=form.cleaned_data["note"], **told),
    )  # fmt: skip


@needs(Right.WORK)
@require_POST
def wake(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """List the incident again."""
    return _act(request, public_id, IncidentForm, lambda found, _form, told: services.wake(found, **told))


@needs(Right.WORK)
@require_POST
def raise_with_payer(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Put the incident on the list for the next meeting with its payer, or take it off."""
    raised = request.POST.get("raised") == "1"
    return _act(
        request, public_id, IncidentForm,
        lambda found, _form, told: services.raise_with_payer(found, raised=raised, **told),
    )  # fmt: skip


@needs(Right.WORK)
@require_POST
def merge(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take another incident in."""
    return _act(
        request, public_id, MergeForm,
        lambda found, form, told: joining.merge(found, part=form.part, note=form.cleaned_data["note"], **told),
    )  # fmt: skip


@needs(Right.WORK)
@require_POST
def split(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Make a part of the incident one of its own."""

    def act(found: Incident, form: SplitForm, told: dict[str, Any]) -> None:
        part = joining.split(found, axis=form.axis, key=form.value, note=form.cleaned_data["note"], **told)
        messages.success(request, f"Split off as a new incident with {counted(part.observed, 'claim')}.")

    return _act(request, public_id, SplitForm, act)


@needs(Right.WORK)
@require_POST
def undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take an own step back: the one named, else the last."""
    with refusal_as_message(request), transaction.atomic():
        services.undo(found_incident(public_id), actor=actor_of(request), step=_step(request))
    return redirect("portal:incident", public_id)


def _step(request: PortalRequest) -> UUID | None:
    try:
        return UUID(request.POST["step"]) if "step" in request.POST else None
    except ValueError as exc:
        raise Conflict("nothing_to_undo", "there is no step to take back") from exc


@needs(Right.WORK)
@require_POST
def bulk(request: PortalRequest) -> HttpResponse:
    """Assign, acknowledge or snooze every incident that is ticked; those that others changed meanwhile stay."""
    form = BulkForm(request.POST)
    if not form.is_valid() or not form.picked:
        messages.error(request, "Tick incidents, and say what to do with them.")
        return redirect("portal:incidents")
    act, done, kept = uuid4(), 0, []
    for public_id, version in form.picked.items():
        found = find_incident(public_id)
        if found is None:
            continue
        try:
            with transaction.atomic():
                _one_of_many(found, form, actor=actor_of(request), version=version, bulk=act)
            done += 1
        except DomainError as exc:
            kept.append(f"{found.title} {exc.message.capitalize()}.")
    for said in kept:
        messages.error(request, said)
    messages.success(request, f"{counted(done, 'incident')} changed.")
    return redirect(f"{reverse('portal:incidents')}?bulk={act}" if done else "portal:incidents")


def _one_of_many(found: Incident, form: BulkForm, **told: Any) -> None:
    if form.cleaned_data["act"] == "assign":
        services.assign(found, member=form.cleaned_data["member"], **told)
    elif form.cleaned_data["act"] == "acknowledge":
        services.move(found, to_state="acknowledged", **told)
    else:
        services.snooze(found, asked=Snooze(until=form.cleaned_data["until"]), **told)


@needs(Right.WORK)
@require_POST
def bulk_undo(request: PortalRequest) -> HttpResponse:
    """Take one act on several incidents back."""
    with refusal_as_message(request):
        try:
            act = UUID(request.POST.get("bulk", ""))
        except ValueError as exc:
            raise Conflict("nothing_to_undo", "there is no step to take back") from exc
        back, kept = services.undo_bulk(act, actor=actor_of(request))
        messages.success(request, f"{counted(back, 'incident')} as before.")
        if kept:
            messages.error(request, f"{counted(kept, 'incident')} changed since; look at each.")
    return redirect("portal:incidents")
