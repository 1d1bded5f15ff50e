"""Choices of rows that members keep under names of their own."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upstream.portal.access import PortalRequest, existing, needs, refusal_as_message
from upstream.portal.audit_forms import ASKED
from upstream.tenants import saved_views
from upstream.tenants.choices import Right

# Each screen's page, and what of its address is a choice of rows.
SCREENS: dict[str, tuple[str, tuple[str, ...]]] = {
    "incidents": ("portal:incidents", ("state", "payer", "owner", "severity", "order")),
    "audit": ("portal:access_log", ASKED),
}
LONGEST = 60


@needs(Right.READ)
@require_POST
def view_save(request: PortalRequest) -> HttpResponse:
    """Keep the rows that a screen shows now."""
    screen = request.POST.get("screen", "")
    page, allowed = existing(SCREENS.get(screen))
    query = _choice(request.POST.get("query", ""), allowed)
    with refusal_as_message(request, done="Kept. Only you see it."):
        saved_views.save_view(
            member=request.membership, screen=screen, name=request.POST.get("name", ""), query=query
        )  # fmt: skip
    return redirect(f"{reverse(page)}?{query}")


@needs(Right.READ)
@require_POST
def view_forget(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Keep it no more."""
    existing(saved_views.forget_view(member=request.membership, public_id=public_id) or None)
    page, _ = SCREENS.get(request.POST.get("screen", ""), ("portal:today", ()))
    return redirect(page)


def _choice(query: str, allowed: tuple[str, ...]) -> str:
    """Of an address's question what chooses rows, and no more."""
    asked, kept = QueryDict(query), QueryDict(mutable=True)
    for name in allowed:
        if value := asked.get(name, "")[:LONGEST]:
            kept[name] = value
    return kept.urlencode()
