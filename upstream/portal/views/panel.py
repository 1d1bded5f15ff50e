"""The clinician's two minutes: what only they can change, of their own claims alone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upstream.core import clock
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.queries.people import member_of, members
from upstream.tenants import people
from upstream.tenants.choices import Right
from upstream.worklist.panel import asked_of, panel_of
from upstream.worklist.services import write_note

ANSWERS = {
    "done": "The clinician says: done.",
    "not_mine": "The clinician says: this is not mine.",
    "desk": "The clinician sends it to the authorization desk.",
}


@needs(Right.READ)
@require_safe
def panel(request: PortalRequest) -> HttpResponse:
    """What waits for the member whose provider number this is; without a number, who sets it."""
    npi, today = request.membership.provider_npi, clock.today(request.tenant.time_zone)
    context = {"npi": npi, "panel": panel_of(npi, actor_of(request), today) if npi else None, "today": today}
    return render(request, "portal/panel/page.html", context)


@require_POST
@needs(Right.READ)
def say(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Answer a request; the answer stands in the claim's history, for those who work it."""
    item = existing(asked_of(request.membership.provider_npi, public_id))
    words = existing(ANSWERS.get(request.POST.get("answer", "")))
    with refusal_as_message(request, done="Thank you. Those who work the claim read it."):
        write_note(item, text=words, actor=actor_of(request))
    return redirect("portal:panel")


@needs(Right.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def providers(request: PortalRequest) -> HttpResponse:
    """Which member is which provider."""
    if request.method == "POST":
        member = existing(member_of(request.POST.get("person", "")))
        with refusal_as_message(request, done=f"Saved for {member.user.email}."):
            people.set_provider(member, npi=request.POST.get("npi", ""))
        return redirect("portal:panel_providers")
    return render(request, "portal/panel/providers.html", {"members": members().filter(active=True)})
