"""Whose turn it is: rotas, and who takes a single week in another's place."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upstream.core.errors import DomainError
from upstream.portal.access import PortalRequest, existing, needs, refusal_as_message
from upstream.portal.queries.routing import person, turn_rows
from upstream.portal.quiet_forms import RotaForm, SubstituteForm, WeekForm
from upstream.portal.views.routing import refuse, shown_form, version_of
from upstream.routing import queries, ruling, turns
from upstream.routing.models import Rota
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members


@needs(Right.ROUTE)
def rota_add(request: PortalRequest) -> HttpResponse:
    """A new rota of who is on call."""
    return _rota(request, None)


@needs(Right.ROUTE)
def rota(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One rota, to read and to change."""
    return _rota(request, _named(public_id))


def _rota(request: PortalRequest, row: Rota | None) -> HttpResponse:
    form = RotaForm(request.POST or None, rota=row)
    if request.method == "POST" and form.is_valid():
        try:
            ruling.save_rota(row, version=form.cleaned_data["version"], **form.said)
        except DomainError as exc:
            refuse(form, exc)
        else:
            return redirect("portal:routing")
    more: dict[str, object] = {"rota": row}
    if row is not None:
        members = list(active_members())
        more["turns"] = turn_rows(row, request.tenant.time_zone, members)
        more["people"] = [(str(member.user.public_id), person(member)) for member in members]
    return shown_form(request, form, row.name if row else "Who is on call", "portal/routing/rota.html", **more)


def _named(public_id: UUID) -> Rota:
    return existing(queries.rotas().filter(public_id=public_id).first())


@needs(Right.ROUTE)
@require_POST
def rota_end(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The rota is used no more."""
    row = _named(public_id)
    with refusal_as_message(request, done=f"{row.name} is used no more."):
        ruling.end_rota(row, version=version_of(request))
    return redirect("portal:routing")


@needs(Right.ROUTE)
@require_POST
def rota_stand_in(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Somebody takes one week in another's place."""
    row, form = _named(public_id), SubstituteForm(request.POST)
    if form.is_valid():
        with refusal_as_message(request, done="That week is taken by somebody else now. They are told."):
            turns.stand_in(row, **{**form.cleaned_data, "member": str(form.cleaned_data["member"])})
    else:
        messages.error(request, "Say which week, and who takes it.")
    return redirect("portal:rota", public_id)


@needs(Right.ROUTE)
@require_POST
def rota_stand_down(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """That week is taken by whose turn it is."""
    row, form = _named(public_id), WeekForm(request.POST)
    if form.is_valid():
        with refusal_as_message(request, done="That week is as usual again."):
            turns.stand_down(row, **form.cleaned_data)
    else:
        messages.error(request, "Say which week.")
    return redirect("portal:rota", public_id)
