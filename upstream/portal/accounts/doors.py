"""What is asked of a person before a page opens: a second factor, or to prove themselves again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from upstream.tenants.accounts import factors
from upstream.tenants.models import User
from upstream.tenants.rules import needs_second_factor

P = ParamSpec("P")


class AccountRequest(HttpRequest):
    """A request of a signed-in person, whether or not they belong to a practice."""

    user: User


View = Callable[Concatenate[AccountRequest, P], HttpResponseBase]


def is_demanded(request: Any) -> bool:
    """Whether this person's practice, or the installation of its staff, asks them for a second factor."""
    if request.user.is_staff and settings.STAFF_SECOND_FACTOR:
        return True
    if request.membership is None:
        return False
    return needs_second_factor(request.membership.rights, request.tenant.second_factor, settings.SECOND_FACTOR)


def lacks_second_factor(request: Any) -> bool:
    """Whether more is asked of the person than this session has shown. Asks no database."""
    return is_demanded(request) and not factors.used_in(request)


def to_second_factor(request: Any) -> HttpResponseBase:
    """To where a factor is set up, or used where there is one; the page that was asked for comes after."""
    name = "portal:confirm" if factors.has_factor(request.user) else "portal:second_factor"
    address = _with_next(reverse(name), request)
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)


def confirmed(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Opens the view to a person who proved themselves in the last five minutes, and asks others to do so first."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not factors.is_fresh(request):
            return redirect(_with_next(reverse("portal:confirm"), request))
        return view(request, *args, **kwargs)

    return login_required(guarded)


def next_of(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that the person was on the way to, else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse(otherwise)


def _with_next(address: str, request: HttpRequest) -> str:
    """An act is not repeated by itself: after it, the person is on the page from which it is done."""
    wanted = request.get_full_path() if request.method == "GET" else reverse("portal:account")
    return f"{address}?{urlencode({'next': wanted})}"
