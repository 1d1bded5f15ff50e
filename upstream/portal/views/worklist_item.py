"""One denied claim: its story in plain words, and what to do with it; the next one follows by itself."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.core.errors import DomainError
from upstream.portal.access import PortalRequest, actor_of, may, needs
from upstream.portal.queries.worklist import row_of, undoable
from upstream.portal.story import story_of
from upstream.portal.views.worklist import filters_of
from upstream.portal.worklist_forms import AsideForm, ItemNoteForm, OwnerForm, SeenForm, StepForm, WorklistForm
from upstream.tenants.choices import Right
from upstream.worklist import queries, services
from upstream.worklist.models import Item

FORMS: dict[str, type[SeenForm]] = {"step": StepForm, "assign": OwnerForm, "snooze": AsideForm, "note": ItemNoteForm}


@needs(Right.READ)
@require_safe
def item(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One claim of the worklist, with the list that it was opened from."""
    return _page(request, _found(public_id), request.GET)


@needs(Right.WORK)
@require_POST
def item_act(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Move, assign, put aside or note; then the same claim again, or the next of the list."""
    found, filters = _found(public_id), QueryDict(request.POST.get("filters", ""))
    kind = request.POST.get("act", "")
    if kind not in FORMS:
        return _page(request, found, filters, status=422)
    form = FORMS[kind](found, request.POST)
    if not form.is_valid():
        return _page(request, found, filters, status=422, forms={kind: form})
    following = _following(request, found, filters) if request.POST.get("then") == "next" else found
    try:
        _carry_out(kind, form, found, request)
    except services.Changed:
        return _page(request, _found(public_id), filters, status=409, since=form.cleaned_data["version"])
    except DomainError as exc:
        messages.error(request, exc.message)
        following = found
    if following is None:
        messages.success(request, "That was the last one of this list.")
        return redirect(f"{reverse('portal:worklist')}?{filters_of(filters)}")
    return redirect(f"{reverse('portal:item', args=[following.public_id])}?{filters_of(filters)}")


def _carry_out(kind: str, form: SeenForm, found: Item, request: PortalRequest) -> None:
    told, actor = form.cleaned_data, actor_of(request)
    if kind == "step":
        services.step([found], to_step=told["to_step"], note=told["note"], actor=actor, seen=form.seen)
    elif kind == "assign":
        services.assign([found], member=told["member"], actor=actor, seen=form.seen)
    elif kind == "snooze":
        today = clock.today(request.tenant.time_zone)
        services.snooze([found], until=told["until"], today=today, actor=actor, seen=form.seen)
    else:
        services.write_note(found, text=told["text"], actor=actor)


def _found(public_id: UUID) -> Item:
    found = queries.item(public_id)
    if found is None:
        raise Http404
    return found


def _following(request: PortalRequest, row: Item, filters: QueryDict) -> Item | None:
    wanted = WorklistForm(request.membership, filters).wanted
    return queries.following(row, wanted, clock.today(request.tenant.time_zone))


def _page(
    request: PortalRequest, row: Item, filters: QueryDict, *, status: int = 200, since: int | None = None,
    forms: Mapping[str, SeenForm] | None = None,
) -> HttpResponse:  # fmt: skip
    """`since`: the version that somebody saw, where it was changed meanwhile; `forms`: those that were sent wrong."""
    story = story_of(row, request.tenant.time_zone)
    works = may(request, Right.WORK)
    context = {
        "row": row_of(row, clock.today(request.tenant.time_zone)), "item": row, "claim": row.claim,
        "today": clock.today(request.tenant.time_zone), "story": story, "filters": filters_of(filters),
        "next": _following(request, row, filters),
        "meanwhile": [line for line in story if since is not None and line.after > since],
        "undoable": undoable(actor_of(request)) if works else None,
        **({f"{kind}_form": (forms or {}).get(kind) or form(row) for kind, form in FORMS.items()} if works else {}),
    }  # fmt: skip
    return render(request, "portal/worklist/item.html", context, status=status)
