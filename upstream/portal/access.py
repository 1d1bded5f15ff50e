"""Who may open a page, and how a refusal by the product reaches the person."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from upstream.core.errors import DomainError
from upstream.portal.accounts.doors import lacks_second_factor, to_second_factor
from upstream.portal.navigation import is_switched_off
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership, Organization, User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

P = ParamSpec("P")
T = TypeVar("T")
MOST_POLLS = 300  # ten minutes at one every two seconds


class PortalRequest(HttpRequest):
    """A request of a member, as the views behind `needs` get it."""

    user: User
    tenant: Organization
    membership: Membership
    tenancy_exit: ExitStack
    htmx: "HtmxDetails"


View = Callable[Concatenate[PortalRequest, P], HttpResponseBase]


def needs(right: Right) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Opens the view to members with this right; strangers sign in first, members without the right get 403."""

    def guard(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if request.membership is None:
                return redirect("admin:index" if request.user.is_staff else "portal:no_practice")
            if lacks_second_factor(request):
                return to_second_factor(request)
            if is_switched_off(request.resolver_match.url_name or "", request.tenant.switched_off):
                raise Http404
            if right not in request.membership.rights:
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def _to_sign_in(request: Any) -> HttpResponseBase:
    """A whole page, never a sign-in form inside a fragment; an act is not repeated after signing in."""
    if request.htmx:
        return HttpResponseClientRedirect(reverse("portal:login"))
    return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("portal:today"))


def actor_of(request: PortalRequest) -> str:
    """The person as histories and the audit trail name them."""
    return f"user:{request.user.public_id}"


def may(request: PortalRequest, right: Right) -> bool:
    return right in request.membership.rights


def next_poll(request: PortalRequest, *, moving: bool) -> int:
    """Which time a page asks again while something moves; 0 to stop, lest asking keep a left session open for ever."""
    asked = request.GET.get("poll", "0")
    return int(asked) + 1 if moving and asked.isdecimal() and int(asked) < MOST_POLLS else 0


def existing(found: T | None) -> T:
    """What was looked for; 404 where there is no such thing, or only another practice has it."""
    if found is None:
        raise Http404
    return found


@contextmanager
def refusal_as_message(request: HttpRequest, *, done: str = "") -> Iterator[None]:
    """A DomainError of a service, which took its own writes back, becomes a message on the next page; else `done`."""
    try:
        yield
    except DomainError as exc:
        messages.error(request, exc.message)
    else:
        if done:
            messages.success(request, done)
