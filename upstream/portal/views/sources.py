from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core.errors import DomainError
from upstream.ingestion.connectors.kinds import KINDS, Kind
from upstream.ingestion.models import Source
from upstream.ingestion.sources import queries as found
from upstream.ingestion.sources import services
from upstream.portal.access import PortalRequest, needs, next_poll, refusal_as_message
from upstream.portal.queries import sources as queries
from upstream.portal.source_forms import SourceForm
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys

RUNS = 20


@needs(Right.CONNECT)
@require_safe
def sources(request: PortalRequest) -> HttpResponse:
    """Every place that files are pulled from, and how it is."""
    rows = [queries.row_of(source) for source in found.sources()]
    return render(request, "portal/sources/list.html", {"rows": rows, "kinds": KINDS.values()})


@needs(Right.CONNECT)
@require_safe
def source(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One source: its health, its latest pulls, and the files seen there."""
    one = _source(public_id)
    poll = next_poll(request, moving=queries.is_moving(one))
    context = {
        "row": queries.row_of(one),
        "source": one,
        "poll": poll,
        "settings": queries.settings_of(one, KINDS[one.kind]),
        "runs": found.runs_of(one)[:RUNS],
        "files": queries.files_of(one, tenant_keys()),
    }
    return render(request, "portal/sources/_state.html" if request.htmx else "portal/sources/detail.html", context)


@needs(Right.CONNECT)
def add(request: PortalRequest) -> HttpResponse:
    """Tell of a new source, of the kind that the address names."""
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None:
        return redirect("portal:sources")
    form = SourceForm(kind, request.POST or None, time_zone=request.tenant.time_zone)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = services.add_source(kind=kind.key, **form.told())
        except DomainError as exc:
            form.add_error(None, exc.message)
        else:
            messages.success(request, f"{made.name} is kept, and asked for the first time now.")
            return redirect("portal:source", made.public_id)
    return _form(request, form, kind, None)


@needs(Right.CONNECT)
def edit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Change a source; secrets that are left blank stay."""
    one = _source(public_id)
    kind = KINDS[one.kind]
    form = SourceForm(kind, request.POST or None, source=one)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.change_source(one, **form.told())
        except DomainError as exc:
            form.add_error(None, exc.message)
        else:
            messages.success(request, "Saved.")
            return redirect("portal:source", one.public_id)
    return _form(request, form, kind, one)


@needs(Right.CONNECT)
@require_POST
@transaction.non_atomic_requests
def test(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Connect and list while the person waits; nothing is fetched."""
    with transaction.atomic():
        one = _source(public_id)
    tried = services.try_connection(one)
    (messages.success if tried.works else messages.error)(request, tried.words)
    return redirect("portal:source", public_id)


@needs(Right.CONNECT)
@require_POST
def pull(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Have a worker pull the source now."""
    one = _source(public_id)
    with refusal_as_message(request, done=f"{one.name} is asked now. You may leave this page."):
        services.ask_now(one)
    return redirect("portal:source", public_id)


@needs(Right.CONNECT)
@require_POST
def switch(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Switch the source on or off, or end it for good."""
    one = _source(public_id)
    if "end" in request.POST:
        services.end_source(one)
        messages.success(
            request, "The source is ended. What it brought stays; its place and its password are forgotten."
        )
        return redirect("portal:sources")
    services.switch(one, on="on" in request.POST)
    messages.success(request, f"{one.name} is switched {'on' if one.enabled else 'off'}.")
    return redirect("portal:source", public_id)


def _source(public_id: UUID) -> Source:
    one = found.source(public_id)
    if one is None or one.kind not in KINDS:
        raise Http404
    return one


def _form(request: PortalRequest, form: SourceForm, kind: Kind, one: Source | None) -> HttpResponse:
    context = {"form": form, "kind": kind, "source": one}
    return render(request, "portal/sources/edit.html", context, status=422 if form.errors else 200)
