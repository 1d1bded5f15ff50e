"""Binds the tenant of a signed-in person's session, after checking that they still belong to it."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from upstream.core import tenancy
from upstream.tenants.models import Membership, Organization
from upstream.tenants.requests import TenantRequest

SESSION_KEY = "tenant_id"
SEEN_KEY = "seen_at"
STAFF_PAGES = "/admin/"


class TenantMiddleware:
    """Sets request.tenant and request.membership (None for strangers) and binds the tenant for the view.

    A session idle for longer than SESSION_IDLE_SECONDS ends here, on the server; pages that ask again by themselves
    (`poll` in the query) are no activity. Staff pages bind the organization that staff opened, never one's own.
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
        if self._idle(request):
            logout(request)
            return self.get_response(request)
        membership = None if request.path.startswith(STAFF_PAGES) else membership_of_session(request)
        if membership is None:
            return self.get_response(request)
        # On the same stack as the API's own binding: left in any other order, the last one would stay for the thread.
        request.tenancy_exit.enter_context(tenancy.bind(membership.tenant_id, user_id=request.user.pk))
        request.membership, request.tenant = membership, membership.tenant
        return self.get_response(request)

    def _idle(self, request: HttpRequest) -> bool:
        now, seen = int(time.time()), request.session.get(SEEN_KEY)
        if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        if seen is None or (now - seen > 30 and "poll" not in request.GET):
            request.session[SEEN_KEY] = now
        return False


def membership_of_session(request: HttpRequest) -> Membership | None:
    """The active membership that the session chose, or the person's first one; None when they have none."""
    user_id = request.user.pk
    if user_id is None:
        return None
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
