"""Binds the tenant of a signed-in person's session, after checking that they still belong to it and are still there."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from upstream.core import tenancy
from upstream.tenants import visits
from upstream.tenants.accounts import drafts, sessions
from upstream.tenants.models import Membership, Organization
from upstream.tenants.requests import TenantRequest

SESSION_KEY = "tenant_id"
SEEN_KEY, BEGAN_KEY = "seen_at", "began_at"
STAFF_PAGES = "/admin/"
LARGEST_DRAFT = 64 * 1024


class TenantMiddleware:
    """Sets request.tenant and request.membership (None for strangers) and binds the tenant for the view.

    A session that rested for longer than its practice allows, or that is older than SESSION_LONGEST_SECONDS, ends
    here, on the server; what was being posted is kept as a draft. Pages that ask again by themselves (`poll` in the
    query) are no activity. Staff pages bind the organization that staff opened, never one's own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponse:
        request.tenant = request.membership = None
        # The API binds its token's tenant on the same stack.
        with ExitStack() as request.tenancy_exit:
            return self._answer(request)

    def _answer(self, request: TenantRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        membership = None if request.path.startswith(STAFF_PAGES) else membership_of_session(request)
        if _is_over(request, idle_seconds(membership.tenant if membership else None)):
            return self._end(request, membership)
        if membership is None:
            return self.get_response(request)
        # On the same stack as the API's own binding: left in any other order, the last one would stay for the thread.
        request.tenancy_exit.enter_context(tenancy.bind(membership.tenant_id, user_id=request.user.pk))
        request.membership, request.tenant = membership, membership.tenant
        if membership.visited and not visits.may_pass(request):
            return render(request, "portal/visit_only.html", status=403)
        return self.get_response(request)

    def _end(self, request: TenantRequest, membership: Membership | None) -> HttpResponse:
        kept = membership is not None and not membership.visited and _keep_what_was_posted(request, membership)
        logout(request)
        if kept:
            return redirect(f"{reverse('portal:login')}?next={reverse('portal:drafts')}")
        return self.get_response(request)


def idle_seconds(tenant: Organization | None) -> int:
    """How long a session of this practice may rest."""
    if tenant is not None and tenant.idle_minutes is not None:
        return 60 * tenant.idle_minutes
    return int(settings.SESSION_IDLE_SECONDS)


def _is_over(request: HttpRequest, idle: int) -> bool:
    """Whether it rested or lasted for too long; else this request is remembered as activity, twice a minute at most."""
    session, now = request.session, int(time.time())
    seen = session.get(SEEN_KEY)
    if seen is not None and now - seen > idle:
        return True
    if now - session.setdefault(BEGAN_KEY, now) > settings.SESSION_LONGEST_SECONDS:
        return True
    if seen is None or (now - seen > 30 and "poll" not in request.GET):
        session[SEEN_KEY] = now
        if seen is not None:
            sessions.touch(session.session_key)
    return False


def _keep_what_was_posted(request: HttpRequest, membership: Membership) -> bool:
    """A form that comes too late is kept, files and all that is large aside."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if request.method != "POST" or length > LARGEST_DRAFT or "urlencoded" not in (request.content_type or ""):
        return False
    with tenancy.bind(membership.tenant_id, user_id=membership.user_id), transaction.atomic():
        return drafts.keep(membership, _written_on(request), request.POST.dict())


def _written_on(request: HttpRequest) -> str:
    """The page on which the form stood, which is seldom the address that it is sent to."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    return referrer.path if referrer.netloc == request.get_host() else request.path


def membership_of_session(request: HttpRequest) -> Membership | None:
    """Whom our staff visit as; or the active membership that the session chose, or the person's first one; or None."""
    user_id = request.user.pk
    if user_id is None:
        return None
    if visits.VISIT_KEY in request.session:
        return visits.visited_member(request)
    with tenancy.acting_as(user_id), tenancy.directory(), transaction.atomic():
        rows = memberships_of(user_id)
        chosen = request.session.get(SESSION_KEY)
        return next((row for row in rows if row.tenant_id == chosen), rows[0] if rows else None)


def memberships_of(user_id: int) -> list[Membership]:
    """A person's active memberships with their organizations, inside `acting_as(user_id)` and `directory()`."""
    rows = list(Membership.own.filter(user_id=user_id, active=True).order_by("pk"))
    found = {row.pk: row for row in Organization.objects.filter(pk__in=[row.tenant_id for row in rows])}
    for row in rows:
        row.tenant = found[row.tenant_id]
    return rows
