from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts.queries import incident as find_incident
from upstream.appeals import documents, queries, services
from upstream.appeals.choices import LetterState
from upstream.appeals.drafting import draft
from upstream.appeals.models import Letter
from upstream.appeals.rules import ANSWERED, WRITABLE, needs_review
from upstream.claims.queries import claim as find_claim
from upstream.core import clock
from upstream.core.errors import Conflict, DomainError
from upstream.portal.access import PortalRequest, actor_of, may, needs, refusal_as_message
from upstream.portal.letter_forms import AnswerForm, LetterFilter, MoveForm, OneSentForm, ReviewForm, TextForm
from upstream.portal.queries import letters as pages
from upstream.tenants.choices import Right

PAGE = 25
SOON = timedelta(days=7)


@needs(Right.READ)
@require_safe
def letters(request: PortalRequest) -> HttpResponse:
    """Letters to send, or those in another group, narrowed down by payer, subject, claim or incident."""
    chosen, asked = request.GET.get("state", "open"), request.GET
    narrowed = {name: asked.get(name, "") for name in ("payer", "subject", "claim", "incident")}
    today = clock.today(request.tenant.time_zone)
    context = {
        "page": Paginator(pages.listed(chosen, **narrowed), PAGE).get_page(asked.get("page")),
        "chosen": chosen,
        "groups": pages.LABELS,
        "filter": LetterFilter(initial=narrowed),
        "narrowed": narrowed,
        "today": today,
        "soon": today + SOON,
    }
    return render(request, "portal/letters/list.html", context)


@needs(Right.WORK)
@require_POST
def letters_draft(request: PortalRequest) -> HttpResponse:
    """A draft on one claim; the one that is there when there is one."""
    claim = find_claim(_uuid(request, "claim"))
    if claim is None:
        raise Http404
    incident = find_incident(_uuid(request, "incident")) if request.POST.get("incident") else None
    with refusal_as_message(request):
        made, new = draft(
            claim, actor=actor_of(request), subject=request.POST.get("subject", ""), incident=incident,
            again="again" in request.POST,
        )  # fmt: skip
        messages.success(request, "The letter is drafted." if new else "There is a letter on this already.")
        return redirect("portal:letter", made.public_id)
    return redirect("portal:claim", claim.public_id)


@needs(Right.READ)
@require_safe
def letter(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One letter: where it stands; what it says for those who may see patients, after writing down who looks."""
    return _page(request, _found(public_id))


@needs(Right.WORK)
@require_POST
def letter_edit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Change the text. Who comes second is shown what changed, and keeps what was typed."""
    found, form = _found(public_id), TextForm(request.POST)
    if not may(request, Right.READ_PHI) or not form.is_valid():
        return _page(request, found, status=422)
    seen = form.cleaned_data["version"]
    try:
        services.edit(found, text=form.cleaned_data["text"], version=seen, actor=actor_of(request))
    except DomainError as exc:
        again = TextForm(initial={"text": form.cleaned_data["text"], "version": _found(public_id).version})
        messages.error(request, exc.message)
        return _page(request, _found(public_id), status=exc.status, text_form=again, seen=seen)
    messages.success(request, "The text is changed.")
    return redirect("portal:letter", public_id)


@needs(Right.WORK)
@require_POST
def letter_move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Bring the letter a step on."""
    found = _found(public_id)
    form = MoveForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, move_form=form)
    return _moved(request, found, form, **form.cleaned_data)


@needs(Right.WORK)
@require_POST
def letter_sent(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say that it was sent, how and when."""
    found, form = _found(public_id), OneSentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, sent_form=form)
    return _moved(request, found, form, to_state="sent", version=form.cleaned_data["version"], sent=form.sent())


@needs(Right.WORK)
@require_POST
def letter_answer(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Say what the payer answered."""
    found, form = _found(public_id), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, answer_form=form)
    said = form.cleaned_data
    return _moved(
        request, found, form, to_state=said["to_state"], version=said["version"], answered_on=said["answered_on"],
        recovered_cents=form.recovered_cents,
    )  # fmt: skip


@needs(Right.WORK)
@require_POST
def letter_undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take the last step back."""
    found, version = _found(public_id), request.POST.get("version", "")
    with refusal_as_message(request):
        services.undo(found, version=int(version) if version.isdecimal() else 0, actor=actor_of(request))
        messages.success(request, "Your last step is taken back.")
    return redirect("portal:letter", public_id)


@needs(Right.READ_PHI)
@require_safe
def letter_file(request: PortalRequest, public_id: UUID, file_format: str) -> HttpResponse:
    """The letter as PDF or Word, after writing down who takes it."""
    found = _found(public_id)
    if file_format not in documents.FORMATS:
        raise Http404
    with refusal_as_message(request):
        content = documents.file_of(found, file_format, actor=actor_of(request))
        return attached(content, f"{documents.name_of(found)}.{file_format}")
    return redirect("portal:letter", public_id)


@needs(Right.READ)
@require_safe
def letters_outcomes(request: PortalRequest) -> HttpResponse:
    """How letters ended, by payer and subject."""
    return render(request, "portal/letters/outcomes.html", {"records": queries.records()})


@needs(Right.PAYERS)
@require_POST
def letters_review(request: PortalRequest) -> HttpResponse:
    """From which amount on a second person reads letters."""
    form = ReviewForm(request.POST)
    if form.is_valid():
        with refusal_as_message(request):
            services.set_review_limit(amount_cents=form.cents, actor=actor_of(request))
            messages.success(request, "That holds from now on.")
    else:
        messages.error(request, "Say an amount in dollars, or leave it blank.")
    return redirect("portal:templates")


FORMS = {MoveForm: "move_form", OneSentForm: "sent_form", AnswerForm: "answer_form"}


def attached(content: bytes, name: str) -> HttpResponse:
    """A download that nobody keeps on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=documents.MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


def _uuid(request: PortalRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as exc:
        raise Http404 from exc


def _found(public_id: UUID) -> Letter:
    found = queries.letter(public_id)
    if found is None:
        raise Http404
    return found


def _moved(
    request: PortalRequest, found: Letter, form: MoveForm | OneSentForm | AnswerForm, *, to_state: str, version: int,
    **said: Any,
) -> HttpResponse:  # fmt: skip
    """On, or the page again with what was typed: who comes second is shown what changed, and may send it then."""
    try:
        services.move(found, to_state=to_state, version=version, actor=actor_of(request), **said)
    except DomainError as exc:
        messages.error(request, exc.message)
        now = _found(found.public_id)
        typed = {**request.POST.dict(), "version": now.version}
        again = MoveForm(now, typed) if isinstance(form, MoveForm) else type(form)(typed)
        return _page(request, now, status=exc.status, seen=version, **{FORMS[type(form)]: again})
    messages.success(request, f"The letter is {LetterState(to_state).label.lower()}.")
    return redirect("portal:letter", found.public_id)


def _page(request: PortalRequest, letter: Letter, status: int = 200, seen: int = 0, **forms: Any) -> HttpResponse:
    history, today = pages.history_of(letter), clock.today(request.tenant.time_zone)
    text = documents.text_of(letter, actor=actor_of(request)) if may(request, Right.READ_PHI) else None
    version = {"version": letter.version}
    context = {
        "letter": letter,
        "text": text,
        "today": today,
        "history": history,
        "meanwhile": pages.since(history, seen) if seen and status == Conflict.status else [],
        "may_undo": pages.may_undo(history, actor_of(request)),
        "writable": letter.state in WRITABLE,
        "answerable": letter.state == LetterState.SENT or letter.state in ANSWERED,
        "needs_review": needs_review(letter.amount_cents, queries.review_limit()),
        "text_form": TextForm(initial={"text": "\n\n".join(text.paragraphs), **version}) if text else None,
        "move_form": MoveForm(letter, initial=version),
        "sent_form": OneSentForm(initial={"on": today, **version}),
        "answer_form": AnswerForm(initial={"answered_on": today, **version}),
        **forms,
    }
    return render(request, "portal/letters/detail.html", context, status=status)
