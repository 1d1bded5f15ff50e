"""Rows that could not be loaded: seen on purpose, put right, left out for good, or read again all together."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit.services import record_access
from upstream.core.errors import DomainError
from upstream.ingestion import corrections
from upstream.ingestion.choices import DiscardReason, RejectionState
from upstream.ingestion.corrections import StillUnreadable
from upstream.ingestion.formats.excerpt import Title
from upstream.ingestion.models import Rejection
from upstream.ingestion.queries import batch as find_batch
from upstream.ingestion.queries import rejection as find_rejection
from upstream.portal import words
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys


@needs(Right.READ)
@require_safe
def rejection(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One row that was left out: where it stands and what is wrong, without its content."""
    return _page(request, _found(public_id))


@needs(Right.UPLOAD)
@needs(Right.READ_PHI)
@require_POST
def rejection_open(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The same with its content, to be put right, after writing down who asked."""
    found = _found(public_id)
    record_access(
        actor=actor_of(request),
        action="open_rejected_row",
        subject=f"rejection:{found.public_id}",
        purpose="put a row right",
    )
    return _page(request, found, text=found.raw(tenant_keys()))


@needs(Right.UPLOAD)
@needs(Right.READ_PHI)
@require_POST
@transaction.non_atomic_requests
def rejection_fix(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Load the row as it is sent; the same page, with what is wrong, when it still cannot be read."""
    with transaction.atomic():
        found = _found(public_id)
    text = ""
    try:
        text = _text(request, corrections.form_of(found.batch).title)
        made = corrections.fix(found, text=text, actor=actor_of(request))
    except StillUnreadable as exc:
        with transaction.atomic():
            return _page(request, found, text=text, fault=exc, status=422)
    except DomainError as exc:
        messages.error(request, exc.message)
        return redirect("portal:rejection", public_id)
    messages.success(request, "The row can be read now and is being loaded.")
    return redirect("portal:batch", made.public_id)


@needs(Right.UPLOAD)
@require_POST
def rejection_discard(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Leave the row out for good, for a reason."""
    found = _found(public_id)
    with refusal_as_message(request, done="The row is left out for good."):
        corrections.discard(found, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return redirect("portal:batch", found.batch.public_id)


@needs(Right.UPLOAD)
@require_POST
@transaction.non_atomic_requests
def batch_replay(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Read every row of the file that waits once more."""
    with transaction.atomic():
        found = existing(find_batch(public_id))
    with refusal_as_message(request):
        done = corrections.replay(found, actor=actor_of(request))
        now, still = words.counted(done.fixed, "row"), words.counted(done.still_open, "row")
        messages.info(request, f"{now} can be read now; {still} wait.")
    return redirect("portal:batch", public_id)


def _found(public_id: UUID) -> Rejection:
    return existing(find_rejection(public_id))


def _text(request: PortalRequest, title: Title | None) -> str:
    """The row as one text: as it was typed, or from its cells."""
    if title is None or "text" in request.POST:
        return request.POST.get("text", "")
    cells = [" ".join(request.POST.get(f"cell-{place}", "").splitlines()) for place in range(len(title.cells))]
    return title.text_of(cells)


def _page(
    request: PortalRequest,
    rejection: Rejection,
    *,
    text: str | None = None,
    fault: StillUnreadable | None = None,
    status: int = 200,
) -> HttpResponse:
    form = None
    if text is not None:
        try:
            form = corrections.form_of(rejection.batch)
        except DomainError as exc:
            messages.info(request, exc.message)
    title = form.title if form else None
    cells = title.cells_of(text) if title and text is not None else None
    context = {
        "rejection": rejection,
        "batch": rejection.batch,
        "place": words.place(rejection.batch.format),
        "waits": rejection.state == RejectionState.OPEN,
        "reasons": DiscardReason.choices,
        "text": text,
        "fields": list(zip(title.cells, cells, strict=True)) if title and cells else [],
        "may_fix": form is not None,
        "fault": fault,
    }
    return render(request, "portal/data/rejection.html", context, status=status)
