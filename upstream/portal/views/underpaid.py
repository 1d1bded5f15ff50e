"""Lines that payers allowed less than their contract says, and what became of each."""

import csv
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.contracts import moves, queries, services
from upstream.contracts.models import ShortLine
from upstream.core.money import dollars_of
from upstream.portal.access import PortalRequest, actor_of, existing, may, needs, refusal_as_message
from upstream.portal.contract_forms import BulkForm, LeewayForm, MoveForm, UnderpaidForm, version_in
from upstream.portal.words import counted
from upstream.tenants.choices import Right

PAGE = 50
COLUMNS = (
    "answered", "payer", "contract", "claim", "line", "service_date", "procedure_code", "modifiers",
    "place_of_service", "units", "billed", "expected", "allowed", "short", "recovered", "state", "stands",
)  # fmt: skip


@needs(Right.READ)
@require_safe
def underpaid(request: PortalRequest) -> HttpResponse:
    """Underpaid lines, their sums, and what they add up to by procedure."""
    return _listed(request, LeewayForm(initial=_leeway()))


@needs(Right.READ)
@require_safe
def as_csv(request: PortalRequest) -> HttpResponse:
    """Every line that the page's filter shows."""
    rows = queries.underpaid(UnderpaidForm(request.GET).wanted)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="underpaid-lines.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for row in rows.iterator(chunk_size=2000))
    return answer


@needs(Right.WORK)
@require_POST
def move_all(request: PortalRequest) -> HttpResponse:
    """Every ticked line goes where the form says."""
    form = BulkForm(request.POST)
    if not form.is_valid() or not form.versions:
        messages.error(request, "Tick the lines, and say what they are.")
        return redirect("portal:underpaid")
    with refusal_as_message(request):
        done = moves.move_all(form.versions, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, f"{counted(done, 'line')} moved.")
    return redirect("portal:underpaid")


@needs(Right.PAYERS)
@require_POST
def leeway(request: PortalRequest) -> HttpResponse:
    """From how much on a line counts."""
    form = LeewayForm(request.POST)
    if not form.is_valid():
        return _listed(request, form, status=422)
    with refusal_as_message(request, done="Saved. Lines are measured by it in a moment."):
        services.set_leeway(actor=actor_of(request), **form.cleaned_data)
    return redirect("portal:underpaid")


@needs(Right.READ)
@require_safe
def short(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One line: what the contract says, what was allowed, and what was done since."""
    return _shown(request, _found(public_id))


@needs(Right.WORK)
@require_POST
def move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The line goes where the form says."""
    line = _found(public_id)
    form = MoveForm(line, request.POST)
    if not form.is_valid():
        return _shown(request, line, form, status=422)
    told = form.cleaned_data
    with refusal_as_message(request, done="Saved."):
        moves.move(
            line, to=told["to"], version=told["version"], note=told["note"], recovered_cents=told.get("recovered"),
            actor=actor_of(request),
        )  # fmt: skip
    return redirect("portal:short", public_id)


@needs(Right.WORK)
@require_POST
def undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The line is where it was before its last move."""
    line = _found(public_id)
    with refusal_as_message(request, done="Taken back."):
        moves.undo(line, version=version_in(request.POST), actor=actor_of(request))
    return redirect("portal:short", public_id)


def _listed(request: PortalRequest, form: LeewayForm, status: int = 200) -> HttpResponse:
    asked = UnderpaidForm(request.GET)
    rows = queries.underpaid(asked.wanted)
    context = {
        "form": asked, "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "totals": queries.totals_of(rows), "patterns": queries.patterns(rows), "query": request.GET.urlencode(),
        "bulk": BulkForm() if may(request, Right.WORK) else None, "leeway": queries.leeway(), "leeway_form": form,
    }  # fmt: skip
    return render(request, "portal/underpaid/list.html", context, status=status)


def _leeway() -> dict[str, object]:
    usual = queries.leeway()
    return {"cents": dollars_of(usual.cents), "percent": f"{usual.percent.normalize():f}"}


def _cells(row: ShortLine) -> tuple[object, ...]:
    amounts = (row.billed_cents, row.expected_cents, row.allowed_cents, row.short_cents, row.recovered_cents)
    return (
        row.decided_on, row.payer.name, row.contract.name, row.claim.public_id, row.number, row.service_date,
        row.procedure_code, row.modifiers, row.place, row.units, *map(dollars_of, amounts), row.state,
        "yes" if row.stands else "no",
    )  # fmt: skip


def _shown(request: PortalRequest, line: ShortLine, form: MoveForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "line": line, "steps": queries.steps_of(line), "beside": queries.beside(line),
        "form": form or (MoveForm(line) if may(request, Right.WORK) else None),
    }  # fmt: skip
    return render(request, "portal/underpaid/detail.html", context, status=status)


def _found(public_id: UUID) -> ShortLine:
    return existing(queries.short_line(public_id))
