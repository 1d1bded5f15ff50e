from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.ingestion.queries import batch as find_batch
from upstream.ingestion.reconciliation import services
from upstream.ingestion.reconciliation.deposits import MOST_BYTES
from upstream.ingestion.reconciliation.payments import LAST_PLACE, adjustments_of, answers_of, payment
from upstream.portal import words
from upstream.portal.access import PortalRequest, actor_of, may, needs, refusal_as_message
from upstream.portal.forms import DepositsForm, PeriodForm
from upstream.portal.queries import reconciliation as queries
from upstream.portal.queries.data import row_of
from upstream.reports.render.reconciliation import render_reconciliation
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys

ANSWERS, PAYMENTS = 50, 50
WEEKS, LEDGER_WEEKS = 8, 56
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Shown = Callable[[PortalRequest, queries.Asked], HttpResponse]


def _asked(request: PortalRequest, template: str, shown: Shown, *, weeks: int = WEEKS) -> HttpResponse:
    """What the address asks for, or the form with what is wrong about it."""
    form = PeriodForm(request.GET, today=clock.today(request.tenant.time_zone), weeks=weeks)
    if form.is_valid():
        try:
            return shown(request, form.asked())
        except Invalid as exc:
            form.add_error(None, exc.message)
    return render(request, template, {"form": form}, status=422)


@needs(Right.READ)
@require_safe
def reconciliation(request: PortalRequest) -> HttpResponse:
    """Per period and payer: what was expected, what came, and whether it adds up to the cent."""
    template = "portal/reconciliation/list.html"

    def shown(request: PortalRequest, asked: queries.Asked) -> HttpResponse:
        context = {"form": asked.form, "asked": asked, "page": queries.reconciled(asked), "upload": DepositsForm()}
        return render(request, template, context)

    return _asked(request, template, shown)


@needs(Right.REPORT)
@require_safe
def reconciliation_xlsx(request: PortalRequest) -> HttpResponse:
    """What the page shows, as a workbook."""

    def shown(request: PortalRequest, asked: queries.Asked) -> HttpResponse:
        page = queries.reconciled(asked)
        made_on = clock.today(request.tenant.time_zone)
        body = render_reconciliation(request.tenant.name, asked.wanted, asked.basis, page.sheets(), made_on=made_on)
        name = f"reconciliation-{asked.wanted.first}-{asked.wanted.last}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(body, content_type=XLSX, headers=headers)

    return _asked(request, "portal/reconciliation/list.html", shown)


@needs(Right.READ)
@require_safe
def payments(request: PortalRequest) -> HttpResponse:
    """The single payments behind a row."""
    template = "portal/reconciliation/payments.html"

    def shown(request: PortalRequest, asked: queries.Asked) -> HttpResponse:
        found = queries.listed(asked)
        page = Paginator(found, PAYMENTS).get_page(request.GET.get("page"))
        sums = queries.sums_of(found)
        return render(request, template, {"form": asked.form, "asked": asked, "page": page, "sums": sums})

    return _asked(request, template, shown)


@needs(Right.READ)
@require_safe
def ledger(request: PortalRequest) -> HttpResponse:
    """Provider adjustments by reason and month, and what payers take back."""
    template = "portal/reconciliation/ledger.html"

    def shown(request: PortalRequest, asked: queries.Asked) -> HttpResponse:
        context: dict[str, Any] = {"form": asked.form, "asked": asked, "page": queries.ledger_page(asked)}
        return render(request, template, context)

    return _asked(request, template, shown, weeks=LEDGER_WEEKS)


@needs(Right.READ)
@require_safe
def batch_payment(request: PortalRequest, public_id: UUID, position: int) -> HttpResponse:
    """One payment of a file: its answers, its provider adjustments, and whether they are its sum."""
    file = find_batch(public_id)
    found = payment(file.pk, position) if file and position < LAST_PLACE else None
    if file is None or found is None:
        raise Http404
    page = Paginator(range(found.loaded.answers), ANSWERS).get_page(request.GET.get("page"))
    context = {
        "payment": found,
        "file": row_of(file, tenant_keys() if may(request, Right.READ_PHI) else None),
        "page": page,
        "answers": answers_of(found, limit=ANSWERS, offset=(page.number - 1) * ANSWERS),
        "adjustments": adjustments_of(found),
    }
    return render(request, "portal/reconciliation/payment.html", context)


@needs(Right.UPLOAD)
@require_POST
def deposits(request: PortalRequest) -> HttpResponse:
    """Keep the deposits of a bank's list."""
    form = DepositsForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif form.cleaned_data["deposits"].size > MOST_BYTES:
        messages.error(request, "This list is larger than any real one.")
    else:
        with refusal_as_message(request):
            imported = services.import_deposits(form.cleaned_data["deposits"].read(), actor=actor_of(request))
            _say(request, imported)
    return redirect("portal:reconciliation")


def _say(request: HttpRequest, imported: services.Imported) -> None:
    messages.success(request, f"{words.counted(imported.new, 'new deposit')}, {imported.known:,} known already.")
    if imported.bad:
        places = ", ".join(f"line {line} ({what})" for line, what in imported.bad[:10])
        messages.error(request, f"{words.counted(len(imported.bad), 'row')} could not be read: {places}.")
