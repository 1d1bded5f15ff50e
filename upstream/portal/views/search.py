from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upstream.audit.services import record_access
from upstream.claims.models import Claim
from upstream.claims.queries import claim_numbered
from upstream.portal.access import PortalRequest, actor_of, may, needs
from upstream.portal.queries.search import LONGEST, search
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys


@needs(Right.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: PortalRequest) -> HttpResponse:
    """What goes by the words that were sent, which stand in no address; for htmx the finds alone, while one types.

    A claim is looked for by its number only when somebody presses Enter, as each such search is written down. It opens.
    """
    asked = request.POST.get("q", "").strip()[:LONGEST]
    opens = may(request, Right.READ_PHI)
    context = {
        "asked": asked,
        "found": search(asked, rights=request.membership.rights, keys=tenant_keys() if opens and asked else None),
        "by_number": opens,
    }
    if request.htmx:
        return render(request, "portal/search/_found.html", context)
    claim = _claim(request, asked) if asked and opens else None
    return redirect("portal:claim", claim.public_id) if claim else render(request, "portal/search/page.html", context)


def _claim(request: PortalRequest, number: str) -> Claim | None:
    """The claim with exactly this number; the search stands in the trail."""
    found = claim_numbered(number)
    subject = f"claim:{found.public_id}" if found else "claim:none"
    record_access(actor=actor_of(request), action="find_claim", subject=subject, purpose="find a claim")
    return found
