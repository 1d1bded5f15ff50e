from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit.services import record_access
from upstream.claims.models import Claim, ClaimMatch
from upstream.claims.queries import (
    attempts_of,
    identities_of,
    matches_of,
    rejected_claims,
    unmatched_claims,
)
from upstream.claims.queries import claim as find_claim
from upstream.claims.undoing import undo_match
from upstream.detection.waiting_claims import silences, waiting_claims
from upstream.portal.access import PortalRequest, actor_of, needs, refusal_as_message
from upstream.portal.queries.claims import lines_with_answers, sources_of, standing_of, steps_of
from upstream.portal.queries.strip import data_strip
from upstream.tenants.choices import Right
from upstream.worklist.queries import item_of_claim

PAGE = 50


@needs(Right.READ)
@require_safe
def rejected(request: PortalRequest) -> HttpResponse:
    """Claims turned away before adjudication and not sent again."""
    page = Paginator(rejected_claims(), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/claims/rejected.html", {"page": page})


@needs(Right.READ)
@require_safe
def silent(request: PortalRequest) -> HttpResponse:
    """Claims that wait longer than nearly all others of their payer did, of all payers or of one."""
    strip = data_strip()
    every = silences(strip.run)
    chosen = request.GET.get("payer", "")
    shown = [one for one in every if chosen in ("", str(one.payer.public_id))]
    pages = Paginator(waiting_claims(shown), PAGE)
    pages.count = sum(one.claims for one in shown)  # known from the weekly sums: no claim is counted
    page = pages.get_page(request.GET.get("page"))
    context = {"every": every, "shown": shown, "chosen": chosen, "page": page, "strip": strip}
    return render(request, "portal/claims/silent.html", context)


@needs(Right.READ)
@require_safe
def unmatched(request: PortalRequest) -> HttpResponse:
    """Answers of payers to claims that the practice's files do not hold."""
    page = Paginator(unmatched_claims(), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/claims/unmatched.html", {"page": page})


@needs(Right.UPLOAD)
@require_POST
def match_undo(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take two claims apart that were taken for one."""
    match = ClaimMatch.objects.select_related("claim").filter(public_id=public_id).first()
    if match is None:
        raise Http404
    with refusal_as_message(request):
        undo_match(match, actor=actor_of(request))
        messages.success(request, "The two are apart, and stay so.")
    return redirect("portal:claim", match.claim.public_id)


@needs(Right.READ)
@require_safe
def claim(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One claim without its number: facts, lines, and what happened to it."""
    return _page(request, _found(public_id))


@needs(Right.READ_PHI)
@require_POST
def claim_number(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The same with its number, once, after writing down who asked."""
    found = _found(public_id)
    record_access(
        actor=actor_of(request), action="show_claim_number", subject=f"claim:{found.public_id}", purpose="work a claim"
    )
    return _page(request, found, identities_of([found.pk]).get(found.pk, {}))


@needs(Right.READ_PHI)
@require_POST
def claim_source(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What every file says of the claim, as it stands there, after writing down who asked."""
    found = _found(public_id)
    record_access(
        actor=actor_of(request), action="show_claim_source", subject=f"claim:{found.public_id}", purpose="work a claim"
    )
    return render(request, "portal/claims/source.html", {"claim": found, "sources": sources_of(steps_of(found))})


def _found(public_id: UUID) -> Claim:
    found = find_claim(public_id)
    if found is None:
        raise Http404
    return found


def _page(request: PortalRequest, claim: Claim, identity: dict[str, str] | None = None) -> HttpResponse:
    steps = steps_of(claim)
    context = {
        "claim": claim, "lines": lines_with_answers(claim, steps), "steps": steps, "now": standing_of(steps),
        "identity": identity,
        "matches": matches_of(claim), "attempts": attempts_of(claim), "work": item_of_claim(claim),
    }  # fmt: skip
    return render(request, "portal/claims/detail.html", context)
