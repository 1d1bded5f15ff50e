from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upstream.audit.services import record_access
from upstream.core.errors import Conflict, DomainError, Invalid
from upstream.ingestion import mapping as services
from upstream.ingestion import rereading
from upstream.ingestion.choices import BatchState
from upstream.ingestion.models import Batch, MappingProfile
from upstream.ingestion.queries import batch as find_batch
from upstream.ingestion.queries import files_read_by, versions_of
from upstream.ingestion.queries import mapping as find_mapping
from upstream.ingestion.queries import mappings as all_mappings
from upstream.portal.access import PortalRequest, actor_of, existing, may, needs, refusal_as_message
from upstream.portal.mapping_forms import LookForm, MatchForm, ProfileForm
from upstream.portal.queries import mappings as queries
from upstream.portal.queries.data import row_of
from upstream.portal.queries.people import names_of
from upstream.portal.words import counted
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys

PAGE = 25


@needs(Right.UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Match the columns of a file that waits or was read wrongly: look, check the whole file, confirm."""
    found = _file(public_id)
    if found.state != BatchState.MAPPING and not rereading.may_be_read_again(found):
        messages.info(request, "This file does not wait for its columns any more.")
        return redirect("portal:batch", public_id)
    keys = tenant_keys()
    look = LookForm(request.POST if request.method == "POST" else request.GET)
    said = look.cleaned_data if look.is_valid() else {}
    try:
        preview = services.preview(found, keys, **said)
    except DomainError as exc:
        messages.error(request, exc.message)
        return redirect("portal:batch", public_id)
    form = MatchForm(preview, request.POST if request.method == "POST" else None)
    result: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        if "confirm" in request.POST and _confirmed(request, found, form):
            return redirect("portal:batch", public_id)
        result = _checked(request, found, form)
    return _columns_page(request, found, preview, form, look, result)


def _file(public_id: UUID) -> Batch:
    return existing(find_batch(public_id))


def _confirmed(request: PortalRequest, found: Batch, form: MatchForm) -> bool:
    confirm = services.confirm if found.state == BatchState.MAPPING else rereading.corrected
    try:
        with transaction.atomic():
            confirm(found, profile=form.profile(), name=form.cleaned_data["name"], actor=actor_of(request))
    except (Invalid, Conflict) as exc:
        form.add_error(None, f"{exc.message}.")
        return False
    messages.success(request, "The file is being read. Files with the same columns are read this way from now on.")
    return True


@needs(Right.UPLOAD)
@require_POST
def read_again(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Read a file again under the version of its mapping that is in use now."""
    found = _file(public_id)
    mapping = rereading.newer_mapping(found)
    if mapping is None:
        messages.info(request, "The mapping in use is the one that read this file.")
        return redirect("portal:batch", public_id)
    with refusal_as_message(request, done=f"The file is being read again, under version {mapping.version}."):
        rereading.read_again(found, mapping=mapping, actor=actor_of(request))
    return redirect("portal:batch", public_id)


def _checked(request: PortalRequest, found: Batch, form: MatchForm) -> dict[str, Any]:
    profile = form.profile()
    check = services.tried(found, profile, tenant_keys())
    show = may(request, Right.READ_PHI)
    rows = queries.left_out(check, form.preview.table, profile, show=show)
    return queries.outcome(check) | {"left_out": rows, "lacking": profile.lacking()}


def _columns_page(
    request: PortalRequest, found: Batch, preview: services.Preview, form: MatchForm, look: LookForm, result: Any
) -> HttpResponse:
    show = may(request, Right.READ_PHI)
    if show:
        record_access(
            actor=actor_of(request), action="preview_file", subject=f"batch:{found.public_id}",
            records=len(preview.table.rows[: queries.ROWS]), purpose="match columns",
        )  # fmt: skip
    context = {
        "row": row_of(found, tenant_keys() if show else None),
        "batch": found,
        "preview": preview,
        "form": form,
        "look": look,
        "sections": queries.sections(form, preview, show=show),
        "rows": queries.first_rows(preview.table) if show else [],
        "doubts": [queries.DOUBTS[doubt] for doubt in preview.proposal.doubts],
        "words": [form[f"word-{number}"] for number in range(len(form.words))],
        "status_at": form["column-status"].value() or "",
        "result": result,
    }
    return render(request, "portal/mappings/columns.html", context, status=422 if form.errors else 200)


@needs(Right.UPLOAD)
@require_safe
def mappings(request: PortalRequest) -> HttpResponse:
    """Every mapping of the practice."""
    page = Paginator(all_mappings(), PAGE).get_page(request.GET.get("page"))
    sources = names_of({row.source for row in page if row.source})
    rows = [(row, sources.get(row.source, row.source)) for row in page]
    return render(request, "portal/mappings/list.html", {"page": page, "rows": rows})


@needs(Right.UPLOAD)
@require_safe
def mapping(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One version: which column is which, how it reads, and the other versions."""
    found = _found(public_id)
    return _mapping_page(request, found, ProfileForm(found.profile(tenant_keys())))


@needs(Right.UPLOAD)
@require_POST
def change(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Rename it, retire it, use an earlier version, read files again, or keep what was changed as a new version."""
    found = _found(public_id)
    if "save" in request.POST:
        return _saved(request, found)
    with refusal_as_message(request):
        if "rename" in request.POST:
            services.rename(found, request.POST.get("name", ""))
        elif "retire" in request.POST:
            services.retire(found)
            messages.success(request, "It is applied to no file any more.")
        elif "use" in request.POST:
            services.use_again(found)
            messages.success(request, f"Version {found.version} is in use.")
        elif "reread" in request.POST:
            files = rereading.read_all_again(found, actor=actor_of(request))
            messages.success(request, f"{counted(files, 'file')} will be read again under version {found.version}.")
    return redirect("portal:mapping", public_id)


def _saved(request: PortalRequest, found: MappingProfile) -> HttpResponse:
    form = ProfileForm(found.profile(tenant_keys()), request.POST)
    if form.is_valid():
        try:
            kept = services.keep(profile=form.profile(), name=found.name, actor=actor_of(request), source=found.source)
            messages.success(
                request,
                f"Version {kept.version} is in use. Files read before stay as they are, until they are read again.",
            )
            return redirect("portal:mapping", kept.public_id)
        except Invalid as exc:
            form.add_error(None, f"{exc.message}.")
    return _mapping_page(request, found, form, status=422)


def _found(public_id: UUID) -> MappingProfile:
    return existing(find_mapping(public_id))


def _mapping_page(request: PortalRequest, found: MappingProfile, form: ProfileForm, status: int = 200) -> HttpResponse:
    versions = list(versions_of(found.name))
    people, files = names_of({row.created_by for row in versions}), files_read_by(found.name)
    context = {
        "mapping": found,
        "told": queries.told_by(form.before),
        "form": form,
        "older_files": rereading.read_under_others(found).count(),
        "versions": [(row, people[row.created_by], files.get(row.pk, 0)) for row in versions],
    }
    return render(request, "portal/mappings/detail.html", context, status=status)
