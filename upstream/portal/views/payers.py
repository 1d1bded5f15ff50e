from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts import payer_clocks
from upstream.claims import payer_decisions, payer_queries
from upstream.claims.models import Payer, PayerMove, RawPayer
from upstream.core import clock as clocks
from upstream.core.errors import Invalid
from upstream.detection.queries import latest_run
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.figures import Table, page_with
from upstream.portal.forms import ClockForm, PayerForm, PayerPicker
from upstream.portal.queries import payers as queries
from upstream.portal.queries.behaviour import behaviour_of, tables_of
from upstream.portal.queries.payer_figures import COLUMNS, cells_of, figures_of
from upstream.tenants.choices import Right

PAGE = 50
SHOWN = 20
LATER = "Claims are moved in a moment; figures follow."


@needs(Right.READ)
@require_safe
def payers(request: PortalRequest) -> HttpResponse:
    """Names that wait for a decision, every payer against its own usual, and what was decided last."""
    questions = payer_queries.questions()
    waiting = frozenset(question.payer.pk for question in questions)
    page = Paginator(payer_queries.payers(), PAGE).get_page(request.GET.get("page"))
    run = latest_run()
    figures = figures_of(list(page), run, request.tenant.time_zone)
    context = {
        "questions": questions,
        "page": page,
        "lines": list(zip(queries.lines_of(page, waiting), figures, strict=True)),
        "run": run,
        "decisions": queries.decisions(None, SHOWN),
        "moving": payer_queries.moving(),
    }
    table = Table(f"payers {run.as_of if run else ''}", COLUMNS, cells_of(figures, run))
    return page_with(request, "portal/payers/list.html", context, {"payers": table})


@needs(Right.READ)
@require_safe
def payer(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One payer: what it is, its names in files with their history, its clocks, and decisions about it."""
    return _page(request, _found(public_id))


@needs(Right.PAYERS)
@require_POST
def same(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The payer is the same as another one."""
    found = _found(public_id)
    with refusal_as_message(request):
        other = _chosen(request)
        payer_decisions.same_payer(found, other, actor=actor_of(request))
        messages.success(request, f"{found.name} is the same payer as {other.name}. {LATER}")
    return redirect("portal:payers")


@needs(Right.PAYERS)
@require_POST
def own(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The payer is one of its own."""
    found = _found(public_id)
    with refusal_as_message(request, done=f"{found.name} is a payer of its own and is watched from now on."):
        payer_decisions.own_payer(found, actor=actor_of(request))
    return redirect("portal:payers")


@needs(Right.PAYERS)
@require_POST
def describe(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Call the payer and its company something, and say of which type it is."""
    found = _found(public_id)
    form = PayerForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, form=form)
    with refusal_as_message(request):
        kind = form.cleaned_data.pop("payer_type")
        payer_decisions.describe_payer(found, **form.cleaned_data)
        if kind != found.payer_type:
            payer_clocks.set_type(found, kind)
        messages.success(request, "Saved.")
    return redirect("portal:payer", public_id)


@needs(Right.PAYERS)
@require_POST
def clock(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say how many days the payer leaves for one kind of answer."""
    found = _found(public_id)
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, clock_form=form)
    with refusal_as_message(request, done="Saved. Open incidents have their dates by it."):
        payer_clocks.set_clock(found, actor=actor_of(request), **form.cleaned_data)
    return redirect("portal:payer", public_id)


@needs(Right.PAYERS)
@require_POST
def move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One name belongs to another payer."""
    raw = _name(public_id)
    return _decided(request, raw, lambda: payer_decisions.move_name(raw, _chosen(request), actor=actor_of(request)))


@needs(Right.PAYERS)
@require_POST
def split(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One name is a payer of its own."""
    raw = _name(public_id)
    return _decided(request, raw, lambda: payer_decisions.split_name(raw, actor=actor_of(request)))


@needs(Right.PAYERS)
@require_POST
def undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a decision back."""
    decision = existing(payer_queries.move(public_id))
    with refusal_as_message(request, done=f"Taken back. {LATER}"):
        payer_decisions.undo(decision, actor=actor_of(request))
    return redirect("portal:payers")


def _decided(request: PortalRequest, raw: RawPayer, decide: Callable[[], PayerMove]) -> HttpResponse:
    standing = payer_decisions.payer_of(raw)
    with refusal_as_message(request, done=f"Done. {LATER}"):
        decide()
    return redirect("portal:payer", standing.public_id)


def _page(request: PortalRequest, found: Payer, status: int = 200, **forms: Any) -> HttpResponse:
    today = clocks.today(request.tenant.time_zone)
    waiting = payer_queries.unmapped().payers
    names, behaviour = queries.names_in_files(found), behaviour_of(found.pk, found.name)
    context = {
        "payer": found,
        "line": queries.lines_of([found], waiting)[0],
        "behaviour": behaviour,
        "names": names,
        "several": sum(not line.alias.valid_until for line in names) > 1,
        "clocks": queries.clocks(found, today),
        "decisions": queries.decisions(found, SHOWN),
        "form": PayerForm(found),
        "clock_form": ClockForm(),
        "picker": PayerPicker(found),
        **forms,
    }
    return page_with(request, "portal/payers/detail.html", context, tables_of(behaviour), status)


def _found(public_id: UUID) -> Payer:
    return existing(payer_queries.payer(public_id))


def _name(public_id: UUID) -> RawPayer:
    return existing(payer_queries.raw_payer(public_id))


def _chosen(request: PortalRequest) -> Payer:
    """The payer that the form names; Invalid when there is none."""
    try:
        found = payer_queries.payer(UUID(request.POST.get("other", "")))
    except ValueError:
        found = None
    if found is None:
        raise Invalid("other", "choose a payer")
    return found
