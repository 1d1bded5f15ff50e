from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upstream.audit.queries import Asked
from upstream.audit.services import record_access
from upstream.portal.access import PortalRequest, actor_of, needs, refusal_as_message
from upstream.portal.audit_forms import FurtherForm, RecordForm
from upstream.portal.queries.access_log import log_page
from upstream.portal.queries.record_looks import Record, left_as_files, record_behind, record_of, subjects_of
from upstream.tenants.choices import Right

PAGE = "portal/audit/record.html"


@needs(Right.AUDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def access_log_record(request: PortalRequest) -> HttpResponse:
    """Who looked at one record. What identifies it is posted, found by blind index, and stands in no address or answer.

    Each search is an entry of the log itself, at the record; further pages of its answer are not.
    """
    if request.method != "POST":
        return render(request, PAGE, {"form": RecordForm()})
    if "record" in request.POST:
        with refusal_as_message(request):
            return _answer(request, record_behind(request.POST["record"]), FurtherForm(request.POST))
        return redirect("portal:access_log_record")
    form = RecordForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    found = record_of(form.cleaned_data["kind"], form.cleaned_data["value"])
    record_access(
        actor=actor_of(request), action="find_looks", subject=f"claim:{found.newest if found else 'none'}",
        records=len(found.claims) if found else 0, purpose="who looked at a record",
    )  # fmt: skip
    return _answer(request, found, form) if found else render(request, PAGE, {"form": form.emptied(), "none": True})


def _answer(request: PortalRequest, record: Record, form: FurtherForm) -> HttpResponse:
    form.is_valid()
    said, zone = form.cleaned_data, request.tenant.time_zone
    first, last = said.get("first"), said.get("last")
    asked = Asked(actor=said.get("actor", ""), first=first, last=last, subjects=subjects_of(record.claims))
    context = {
        "form": RecordForm(initial={"first": first, "last": last, "actor": asked.actor}), "record": record,
        "asked": asked, "page": log_page(asked, before=said.get("before"), time_zone=zone),
        "files": left_as_files(first, last, zone),
    }  # fmt: skip
    return render(request, PAGE, context)
