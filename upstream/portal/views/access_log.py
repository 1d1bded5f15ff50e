from dataclasses import replace
from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit.changes import changes
from upstream.audit.exporting import export
from upstream.audit.services import newest_entries_fit
from upstream.core import clock
from upstream.portal.access import PortalRequest, actor_of, needs, refusal_as_message
from upstream.portal.audit_forms import KNOWN, AccessForm, ChangesForm
from upstream.portal.queries.access_log import PAGE, change_of, log_page
from upstream.portal.queries.record_looks import record_behind, subjects_of
from upstream.tenants.choices import Right
from upstream.tenants.saved_views import saved_views


@needs(Right.AUDIT)
@require_safe
def access_log(request: PortalRequest) -> HttpResponse:
    """Who looked at identifying values, newest first."""
    form = AccessForm(request.GET)
    before = request.GET.get("before", "")
    page = log_page(
        form.asked,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        time_zone=request.tenant.time_zone,
    )
    context = {
        "form": form, "page": page, "known": KNOWN, "whole": newest_entries_fit(), "asked": form.asked.said,
        "saved": saved_views(request.membership, "audit"), "screen": "audit",
    }  # fmt: skip
    return render(request, "portal/audit/looks.html", context)


@require_POST
@needs(Right.AUDIT)
def audit_export(request: PortalRequest) -> HttpResponse:
    """The entries asked for, or those of one record, as a signed ZIP; the export is an entry itself."""
    made, asked = BytesIO(), AccessForm(request.POST).asked
    if "record" in request.POST:
        with refusal_as_message(request):
            record = record_behind(request.POST["record"])
            asked = replace(asked, subjects=subjects_of(record.claims))
        if asked.subjects is None:
            return redirect("portal:access_log_record")
    export(asked, made, actor=actor_of(request), practice=request.tenant)
    name = f"audit-{request.tenant.slug}-{clock.today(request.tenant.time_zone)}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made.getvalue(), content_type="application/zip", headers=headers)


@needs(Right.AUDIT)
@require_safe
def audit_changes(request: PortalRequest) -> HttpResponse:
    """Who changed which setting or person, with the values before and after."""
    form = ChangesForm(request.GET)
    form.is_valid()
    told: dict[str, Any] = form.cleaned_data
    rows = changes(
        told.get("kind", ""), told.get("person", ""), told.get("first"), told.get("last"), request.tenant.time_zone
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "changes": [change_of(entry) for entry in page]}
    return render(request, "portal/audit/changes.html", context)
