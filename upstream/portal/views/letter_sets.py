"""Letters of one cause, drafted and taken together; and what the practice writes by default."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts.queries import incident as find_incident
from upstream.appeals import batches, queries, shipped, templates
from upstream.appeals.choices import Subject, WorkState
from upstream.appeals.fields import FIELDS
from upstream.appeals.models import LetterBatch, LetterTemplate
from upstream.appeals.word import shipped_layout
from upstream.claims.models import Claim, Payer
from upstream.core.errors import Invalid
from upstream.portal.access import PortalRequest, actor_of, needs, next_poll, refusal_as_message
from upstream.portal.letter_forms import LOOPS, ReviewForm, SentForm, TemplateForm
from upstream.portal.queries.people import names_of
from upstream.portal.views.letters import attached
from upstream.portal.views.worklist import whole_list
from upstream.tenants.choices import Right
from upstream.worklist.models import Item
from upstream.worklist.queries import items

PAGE = 25
MOST_CHOSEN = 500


@needs(Right.WORK)
@require_POST
def letters_start(request: PortalRequest) -> HttpResponse:
    """Draft a letter on each claim of an incident that calls for one, or on each that was chosen from a list."""
    chosen = [public_id for said in request.POST.getlist("claim")[:MOST_CHOSEN] if (public_id := _id(said))]
    asked = _id(request.POST.get("incident", ""))
    incident = find_incident(asked) if asked else None
    if asked and incident is None:
        raise Http404
    with refusal_as_message(request):
        rows = whole_list(request, batches.MOST_CLAIMS) if request.POST.get("whole") else _items(request)
        claims = list(Claim.objects.filter(public_id__in=chosen)) + [row.claim for row in rows]
        made = batches.start(
            actor=actor_of(request), incident=incident, claims=claims, subject=request.POST.get("subject", "")
        )
        return redirect("portal:letterset", made.public_id)
    return redirect("portal:incident", asked) if asked else redirect("portal:letters")


@needs(Right.READ)
@require_safe
def letterset(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """How far the drafts are, and what came of them; asks again by itself while something moves."""
    found = _batch(public_id)
    moving = WorkState.DUE in {found.state, found.files_state}
    context = {
        "batch": found,
        "asker": names_of({found.requested_by})[found.requested_by],
        "page": Paginator(queries.letters_of(found), PAGE).get_page(request.GET.get("page")),
        "moving": moving,
        "poll": next_poll(request, moving=moving),
        "sent_form": SentForm(),
    }
    name = "portal/letters/_set.html" if request.htmx else "portal/letters/set.html"
    return render(request, name, context)


@needs(Right.WORK)
@require_POST
def letterset_files(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Ask for one archive and one PDF of all."""
    with refusal_as_message(request):
        batches.ask_files(_batch(public_id))
    return redirect("portal:letterset", public_id)


@needs(Right.READ_PHI)
@require_safe
def letterset_file(request: PortalRequest, public_id: UUID, file_format: str) -> HttpResponse:
    """All letters as one archive or PDF, after writing down who takes them."""
    found = _batch(public_id)
    if file_format not in batches.FILES:
        raise Http404
    with refusal_as_message(request):
        content = batches.open_files(found, file_format, actor=actor_of(request))
        return attached(content, f"letters-{str(public_id)[-8:]}.{file_format}")
    return redirect("portal:letterset", public_id)


@needs(Right.WORK)
@require_POST
def letterset_move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Make all drafts ready, say that all ready ones were sent, withdraw them, or take one's own last steps back."""
    found, act = _batch(public_id), request.POST.get("act", "")
    form = SentForm(request.POST)
    with refusal_as_message(request):
        if act == "undo":
            done = batches.undo_all(found, actor=actor_of(request))
        elif act in {"ready", "withdrawn"}:
            done = batches.move_all(found, to_state=act, actor=actor_of(request))
        elif act == "sent" and form.is_valid():
            done = batches.move_all(found, to_state="sent", actor=actor_of(request), sent=form.sent())
        else:
            raise Invalid("act", "say how and on which day they were sent")
        left = f"; {done.left} could not be" if done.left else ""
        messages.success(request, f"{done.moved} letters were moved{left}.")
    return redirect("portal:letterset", public_id)


@needs(Right.READ)
@require_safe
def letter_templates(request: PortalRequest) -> HttpResponse:
    """What is written on each subject: the practice's own versions, and the shipped ones."""
    return _templates(request, TemplateForm())


@needs(Right.PAYERS)
@require_POST
def template_add(request: PortalRequest) -> HttpResponse:
    """Put the next version in."""
    form = TemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        return _templates(request, form, status=422)
    said = form.cleaned_data
    layout: UploadedFile | None = said["layout"]
    try:
        made = templates.put_in(
            subject=said["subject"], payer=Payer.objects.filter(public_id=said["payer"] or None).first(),
            words=said["words"], layout=layout.read() if layout else b"", valid_from=said["valid_from"],
            actor=actor_of(request),
        )  # fmt: skip
    except Invalid as exc:
        place = "layout" if layout else "words"
        form.add_error(exc.code if exc.code in form.fields else place, exc.message)
        return _templates(request, form, status=422)
    messages.success(request, f"Version {made.version} is put in.")
    return redirect("portal:template", made.public_id)


@needs(Right.READ)
@require_safe
def template(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One version with invented data."""
    found = _template(public_id)
    words, layout = templates.words_of(found), templates.layout_of(found, request.tenant.paper)
    return _preview(request, found.subject, words, layout, found)


@needs(Right.READ)
@require_safe
def template_shipped(request: PortalRequest) -> HttpResponse:
    """The shipped template on a subject, with invented data."""
    subject = request.GET.get("subject", Subject.AUTH)
    if subject not in Subject.values:
        raise Http404
    return _preview(request, subject, shipped.words_of(subject), shipped_layout(request.tenant.paper), None)


@needs(Right.READ)
@require_safe
def template_word(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The Word document of one version, with its fields, to be changed and put in again."""
    found = _template(public_id)
    return attached(templates.layout_of(found, request.tenant.paper), f"{found.subject.lower()}-{found.version}.docx")


@needs(Right.READ)
@require_safe
def template_layout(request: PortalRequest) -> HttpResponse:
    """The shipped Word document with its fields."""
    return attached(shipped_layout(request.tenant.paper), "letter-template.docx")


@needs(Right.PAYERS)
@require_POST
def template_take_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Draft by the version before again."""
    found = _template(public_id)
    with refusal_as_message(request):
        templates.take_back(found, actor=actor_of(request))
        messages.success(request, "It is taken back. Letters that were drafted by it stay as they are.")
    return redirect("portal:templates")


@needs(Right.PAYERS)
@require_POST
def template_put_back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Draft by a version again that was taken back."""
    found = _template(public_id)
    with refusal_as_message(request):
        templates.put_back(found)
        messages.success(request, "It holds again.")
    return redirect("portal:templates")


def _items(request: PortalRequest) -> QuerySet[Item]:
    """What was ticked in the worklist: ids, each with the version that was seen."""
    ticked = request.POST.getlist("item")[:MOST_CHOSEN]
    ids = [public_id for said in ticked if (public_id := _id(said.partition(".")[0]))]
    return items().filter(public_id__in=ids)


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _batch(public_id: UUID) -> LetterBatch:
    found = queries.batch(public_id)
    if found is None:
        raise Http404
    return found


def _template(public_id: UUID) -> LetterTemplate:
    found = queries.template(public_id)
    if found is None:
        raise Http404
    return found


def _templates(request: PortalRequest, form: TemplateForm, status: int = 200) -> HttpResponse:
    own = list(queries.templates())
    limit = queries.review_limit()
    context = {
        "own": [(row, by) for row, by in _with_names(own)],
        "subjects": Subject.choices,
        "form": form,
        "fields": FIELDS,
        "loops": LOOPS,
        "limit": limit,
        "review_form": ReviewForm(initial={"above": limit / 100 if limit is not None else None}),
    }
    return render(request, "portal/letters/templates.html", context, status=status)


def _with_names(own: list[LetterTemplate]) -> list[tuple[LetterTemplate, str]]:
    named = names_of({row.said_by for row in own})
    return [(row, named[row.said_by]) for row in own]


def _preview(
    request: PortalRequest, subject: str, words: str, layout: bytes, row: LetterTemplate | None
) -> HttpResponse:
    preview = templates.preview_of(words=words, layout=layout, subject=subject)
    context = {"subject": Subject(subject), "words": words, "template": row, "page": preview.page}
    return render(request, "portal/letters/template.html", context)
