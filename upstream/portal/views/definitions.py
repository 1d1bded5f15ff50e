"""What is reported, to whom and when: to read, to change, to stop."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.core.errors import DomainError
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.queries import reports as shown
from upstream.portal.report_forms import DefinitionForm, KeepingForm
from upstream.reports import definitions, queries
from upstream.reports.kinds import KINDS, Kind
from upstream.reports.models import Definition
from upstream.reports.timing import upcoming
from upstream.reports.timing_words import EXAMPLES, words_of
from upstream.tenants.choices import Right

DONE = {
    "pause": "It rests. It can still be asked for.",
    "resume": "It is made again when its next moment comes.",
    "undo": "It is as it was before.",
    "end": "It is made no more. What was made stays, and it can be put back.",
    "put_back": "It counts again.",
}


@needs(Right.READ)
@require_safe
def definition(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One report of the practice: what, when, for whom, and what was made."""
    row = existing(queries.definition(public_id))
    context = {"row": row, "shown": shown.shown(row, request.membership)}
    return render(request, "portal/reports/definition.html", context)


@needs(Right.REPORT)
def add(request: PortalRequest) -> HttpResponse:
    """A new report of the kind named in the address; a look at its moments saves nothing."""
    kind = existing(KINDS.get(request.GET.get("kind", "weekly")))
    form = DefinitionForm(request.POST or None, kind=kind, practice=request.tenant, row=None, initial=_asked(request))
    return _form(request, form, kind, None)


def _asked(request: PortalRequest) -> dict[str, str]:
    about = request.GET.get("about", "")
    return {"about": about} if about else {}


@needs(Right.REPORT)
def edit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Change a report; a look at its moments saves nothing."""
    row = existing(queries.definition(public_id))
    kind = existing(KINDS.get(row.kind))
    return _form(request, DefinitionForm(request.POST or None, kind=kind, practice=request.tenant, row=row), kind, row)


def _form(request: PortalRequest, form: DefinitionForm, kind: Kind, row: Definition | None) -> HttpResponse:
    words, moments = "", list[datetime]()
    if request.method == "POST" and form.is_valid():
        try:
            timing = form.timing()
            if "preview" not in request.POST:
                return redirect("portal:definition", _saved(request, form, row).public_id)
            if timing:
                words, moments = words_of(timing), upcoming(timing, clock.now(), shown.SHOWN_MOMENTS)
        except DomainError as exc:
            form.add_error(exc.code if exc.code in form.fields else None, exc.message)
    context = {"form": form, "kind": kind, "row": row, "words": words, "moments": moments, "examples": EXAMPLES}
    return render(request, "portal/reports/edit.html", context, status=422 if form.errors else 200)


def _saved(request: PortalRequest, form: DefinitionForm, row: Definition | None) -> Definition:
    if row is None:
        return definitions.add_definition(kind=form.kind.code, wanted=form.wanted, actor=actor_of(request))
    return definitions.change_definition(row, version=form.cleaned_data["version"], wanted=form.wanted)


@needs(Right.REPORT)
@require_POST
def move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Pause, resume, undo, end or put back, as the page that was looked at had it."""
    row = existing(queries.definition(public_id))
    move, sent = request.POST.get("move", ""), request.POST.get("version", "")
    act = existing(definitions.MOVES.get(move))
    with refusal_as_message(request, done=DONE[move]):
        act(row, version=int(sent) if sent.isdecimal() else row.version)
    return redirect("portal:definition", public_id)


@needs(Right.READ)
@require_POST
def mail(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The person gets this report by mail, or does not."""
    row, wanted = existing(queries.definition(public_id)), "wanted" in request.POST
    done = "You get it by mail, if it names you." if wanted else "You get it by mail no more."
    with refusal_as_message(request, done=done):
        definitions.subscribe(row, request.membership, wanted=wanted)
    return redirect("portal:definition", public_id)


@needs(Right.REPORT)
def keeping(request: PortalRequest) -> HttpResponse:
    """How long files of reports are kept, and whether mail may carry them."""
    form = KeepingForm(request.POST) if request.method == "POST" else KeepingForm.showing(queries.policy())
    if form.is_bound and form.is_valid():
        try:
            definitions.save_policy(version=form.cleaned_data["version"], **form.values)
        except DomainError as exc:
            form.add_error(exc.code if exc.code in form.fields else None, exc.message)
        else:
            return redirect("portal:reports")
    return render(request, "portal/reports/keeping.html", {"form": form}, status=422 if form.errors else 200)
