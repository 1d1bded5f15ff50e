"""Choices of rows that members keep under names of their own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upstream.portal.access import PortalRequest, existing, needs, refusal_as_message
from upstream.tenants import saved_views
from upstream.tenants.choices import Right

PAGES = {"incidents": "portal:incidents", "audit": "portal:access_log"}


@needs(Right.READ)
@require_POST
def view_save(request: PortalRequest) -> HttpResponse:
    """Keep the rows that a screen shows now."""
    screen = request.POST.get("screen", "")
    page, query = existing(PAGES.get(screen)), saved_views.choice(screen, request.POST.get("query", ""))
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
    return redirect(PAGES.get(request.POST.get("screen", ""), "portal:today"))
