"""Contracts of a payer: their prices, what modifiers do to them, and how much of the answers they price."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.claims import payer_queries
from upstream.claims.models import Payer
from upstream.contracts import loading, queries, services
from upstream.contracts.models import Contract, Load
from upstream.core import clock
from upstream.core.errors import DomainError
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.contract_forms import ContractForm, FeesForm, ModifierForm, PriceForm, version_in
from upstream.portal.words import counted
from upstream.tenants.choices import Right

PAGE, LOADS, YEAR = 50, 10, timedelta(weeks=52)
ANEW = "Lines are priced by it in a moment."


@needs(Right.READ)
@require_safe
def payer_contracts(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What was agreed with a payer, how much of its answers that prices, and which procedures it does not."""
    return _of_payer(request, _payer(public_id))


@needs(Right.PAYERS)
@require_POST
def add(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Write a contract down."""
    payer = _payer(public_id)
    form = ContractForm(payer, data=request.POST)
    made: list[Contract] = []
    if _accepted(form, lambda: made.append(services.add_contract(payer=payer, actor=actor_of(request), **form.values))):
        messages.success(request, "Saved. Load its prices now.")
        return redirect("portal:contract", made[0].public_id)
    return _of_payer(request, payer, form=form, status=422)


@needs(Right.READ)
@require_safe
def contract(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One contract with its prices."""
    return _shown(request, _found(public_id))


@needs(Right.READ)
@require_safe
def prices(_request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The fee schedule as it stands, as a file that can be loaded again."""
    found = _found(public_id)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="prices-{found.public_id}.csv"'
    csv.writer(answer).writerows(queries.table_of(found))
    return answer


@needs(Right.PAYERS)
@require_POST
def change(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say something else of the contract."""
    found = _found(public_id)
    form = ContractForm(found.payer, found, request.POST)
    return _done(
        request, found, "form", form,
        lambda: services.change_contract(found, version=form.cleaned_data["version"], **form.values),
    )  # fmt: skip


@needs(Right.PAYERS)
@require_POST
def switch(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take the contract back, or put it back."""
    found = _found(public_id)
    version = version_in(request.POST)
    with refusal_as_message(request, done=f"Done. {ANEW}"):
        (services.put_back if found.taken_back_at else services.take_back)(found, version=version)
    return redirect("portal:contract", public_id)


@needs(Right.PAYERS)
@require_POST
def load(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Load a fee schedule."""
    found = _found(public_id)
    form = FeesForm(request.POST, request.FILES)
    return _done(
        request, found, "fees_form", form,
        lambda: loading.load_file(found, form.cleaned_data["file"].chunks(), actor=actor_of(request)),
    )  # fmt: skip


@needs(Right.PAYERS)
@require_POST
def price(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say one price."""
    found = _found(public_id)
    form = PriceForm(request.POST)
    return _done(
        request, found, "price_form", form, lambda: loading.set_price(found, form.cleaned_data, actor=actor_of(request))
    )


@needs(Right.PAYERS)
@require_POST
def modifier(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say what a modifier takes of the prices."""
    found = _found(public_id)
    form = ModifierForm(request.POST)
    return _done(
        request, found, "modifier_form", form,
        lambda: services.set_modifier(found, actor=actor_of(request), **form.cleaned_data),
    )  # fmt: skip


@needs(Right.PAYERS)
@require_POST
def modifier_take_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What was said of the modifier before holds again."""
    found = existing(queries.modifier(public_id))
    with refusal_as_message(request, done=f"What was said before holds again. {ANEW}"):
        services.take_modifier_back(found, actor=actor_of(request))
    return redirect("portal:contract", found.contract.public_id)


@needs(Right.PAYERS)
@require_POST
def load_undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Prices stand as before a load."""
    found = existing(queries.load(public_id))
    with refusal_as_message(request, done=f"Prices stand as before. {ANEW}"):
        loading.undo_load(found, actor=actor_of(request))
    return redirect("portal:contract", found.contract.public_id)


def _accepted(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the act gives; None where the form, or the act, refuses, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return act() or True
    except DomainError as exc:
        form.add_error(exc.code if exc.code in form.fields else None, exc.message)
        return None


def _done(request: PortalRequest, found: Contract, name: str, form: forms.Form, act: Callable[[], Any]) -> HttpResponse:
    done = _accepted(form, act)
    if done is None:
        return _shown(request, found, status=422, **{name: form})
    messages.success(request, _words_of(done) if isinstance(done, Load) else f"Saved. {ANEW}")
    return redirect("portal:contract", found.public_id)


def _words_of(done: Load) -> str:
    refused = f", {counted(done.refused, 'row')} refused: see below" if done.refused else ""
    return f"{counted(done.added, 'price')} added, {done.replaced} replaced, {done.same} unchanged{refused}. {ANEW}"


def _shown(request: PortalRequest, found: Contract, status: int = 200, **forms_: Any) -> HttpResponse:
    wanted = request.GET.get("code", "")[:16]
    context = {
        "contract": found, "page": Paginator(queries.rates_of(found, wanted), PAGE).get_page(request.GET.get("page")),
        "code": wanted, "loads": queries.loads_of(found)[:LOADS], "modifiers": queries.modifiers_of(found),
        "doubted": queries.doubted(found), "form": ContractForm(found.payer, found), "fees_form": FeesForm(),
        "price_form": PriceForm(), "modifier_form": ModifierForm(), **forms_,
    }  # fmt: skip
    return render(request, "portal/contracts/detail.html", context, status=status)


def _of_payer(
    request: PortalRequest, payer: Payer, form: ContractForm | None = None, status: int = 200
) -> HttpResponse:
    first = _year_before(clock.today(request.tenant.time_zone))
    context = {
        "payer": payer, "contracts": queries.contracts_of(payer.pk), "coverage": queries.coverage(payer.pk, first),
        "unpriced": queries.unpriced(payer.pk, first), "form": form or ContractForm(payer), "first": first,
    }  # fmt: skip
    return render(request, "portal/contracts/list.html", context, status=status)


def _year_before(today: date) -> date:
    return today - timedelta(days=today.weekday()) - YEAR


def _payer(public_id: UUID) -> Payer:
    return existing(payer_queries.payer(public_id))


def _found(public_id: UUID) -> Contract:
    return existing(queries.contract(public_id))
