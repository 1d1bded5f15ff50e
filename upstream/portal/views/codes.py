"""Reason codes that are on no map, and what this practice says that codes mean."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.claims.queries import new_codes, own_meanings
from upstream.claims.services import set_meaning
from upstream.core import clock
from upstream.portal import words
from upstream.portal.access import PortalRequest, actor_of, needs, refusal_as_message
from upstream.portal.queries.people import names_of
from upstream.tenants.choices import Right

ROWS = 200


@needs(Right.READ)
@require_safe
def codes(request: PortalRequest) -> HttpResponse:
    """New codes by payer, the newest first, and the practice's own word on codes."""
    own = list(own_meanings()[:ROWS])
    names = names_of({row.author for row in own})
    context = {
        "codes": new_codes()[:ROWS],
        "own": [(row, names.get(row.author, row.author)) for row in own],
        "meanings": words.MEANINGS,
    }
    return render(request, "portal/data/codes.html", context)


@require_POST
@needs(Right.ADMINISTER)
def code_meaning(request: PortalRequest) -> HttpResponse:
    """From today on a code means this, in files read from now on."""
    sent = {name: request.POST.get(name, "") for name in ("carc", "category", "reason")}
    with refusal_as_message(request, done="Files that are read from now on take the code for this."):
        set_meaning(**sent, actor=actor_of(request), day=clock.today(request.tenant.time_zone))
    return redirect("portal:codes")
