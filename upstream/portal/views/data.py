from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.claims.queries import codes_without_meaning, rejected_claims, unmatched_claims
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion import archives, rereading, services
from upstream.ingestion.models import Batch
from upstream.ingestion.queries import acknowledgements_in, batches, corrections_of, rejections_of, zones_of
from upstream.ingestion.queries import batch as find_batch
from upstream.portal import words
from upstream.portal.access import PortalRequest, existing, may, needs, next_poll, refusal_as_message
from upstream.portal.forms import UploadForm
from upstream.portal.queries import data as queries
from upstream.portal.queries.people import names_of
from upstream.portal.queries.quality import file_report
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys

PAGE = 25
ROWS = 100


@needs(Right.READ)
@require_safe
def data(request: PortalRequest) -> HttpResponse:
    """Every file received, newest first; the table alone for htmx while something is on the way."""
    page = Paginator(batches(), PAGE).get_page(request.GET.get("page"))
    keys = _keys(request)
    rows = [queries.row_of(batch, keys) for batch in page]
    moving = any(row.moving for row in rows)
    poll = next_poll(request, moving=moving)
    context = {"page": page, "rows": rows, "moving": moving, "poll": poll, "form": UploadForm()}
    if not request.htmx:
        context["rejected"] = rejected_claims().count()
        context["unmatched"] = unmatched_claims().count()
        context["new_codes"] = codes_without_meaning()
    return render(request, "portal/data/_batches.html" if request.htmx else "portal/data/list.html", context)


@needs(Right.UPLOAD)
@require_POST
@transaction.non_atomic_requests
def upload(request: PortalRequest) -> HttpResponse:
    """Keep each file; a worker reads it, and the list shows how far it is."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["file"]))
        return redirect("portal:data")
    received = []
    for file in form.cleaned_data["file"]:
        with refusal_as_message(request):
            sender = f"user:{request.user.public_id.hex}"
            received.append(services.receive(file.chunks(), name=file.name, received_from=sender))
    _say_received(request, received)
    return redirect("portal:data")


def _say_received(request: PortalRequest, received: list[tuple[Batch, bool]]) -> None:
    new = sum(is_new for _, is_new in received)
    if new:
        messages.success(request, f"{words.counted(new, 'file')} received. You may leave this page; reading goes on.")
    if new < len(received):
        known = words.counted(len(received) - new, "file")
        messages.info(request, f"{known} came before with the same content, so nothing was changed.")


@needs(Right.READ)
@require_safe
def batch(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One file: what came of it, what was left out and why, and whether its money adds up."""
    found = existing(find_batch(public_id))
    payments = queries.payments_in(found)
    keys = _keys(request)
    row = queries.row_of(found, keys)
    members = queries.members_of(found, keys) if found.format == archives.FORMAT else []
    archive = archives.archive_of(found)
    moving = row.moving or any(member.row and member.row.moving for member in members)
    context: dict[str, Any] = {
        "row": row,
        "members": members,
        "inside": queries.files_inside(found, members),
        "archive": queries.row_of(archive, keys) if archive else None,
        "poll": next_poll(request, moving=moving),
        "batch": found,
        "place": "segment" if found.format == "x12" else "line",
        "sender": names_of({found.received_from}).get(found.received_from, found.received_from),
        "reasons": queries.reasons_of(found),
        "zones": zones_of(found),
        "corrected_in": corrections_of(found)[:ROWS],
        "rejections": Paginator(rejections_of(found), ROWS).get_page(request.GET.get("page")),
        "acknowledgements": acknowledgements_in(found)[:ROWS] if found.acknowledgements else (),
        "columns_open": rereading.may_be_read_again(found),
        "newer": rereading.newer_mapping(found),
        "payments": payments,
        "report": file_report(found),
        "totals": queries.totals_of(payments),
    }
    return render(request, "portal/data/_progress.html" if request.htmx else "portal/data/detail.html", context)


def _keys(request: PortalRequest) -> TenantKeys | None:
    """File names may name a person: sealed to those who may not see that."""
    return tenant_keys() if may(request, Right.READ_PHI) else None
