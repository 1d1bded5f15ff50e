"""Adding and removing what a person signs in with besides the password."""

import base64
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.internal.flows import activate_totp, deactivate_totp
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.internal.flows import add_authenticator, remove_authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from upstream.portal.access import existing
from upstream.portal.accounts import acts
from upstream.portal.accounts.doors import AccountRequest, confirmed, is_demanded, next_of
from upstream.portal.accounts.forms import AppForm, PasskeyForm, passkey_options
from upstream.portal.views.account import page
from upstream.tenants.accounts import factors

AFTER_KEY = "after_second_factor"


@login_required
def second_factor(request: Any) -> HttpResponse:
    """Why a second factor is asked for, and the ways to one; the page that was asked for comes after."""
    request.session[AFTER_KEY] = next_of(request, "portal:account")
    return page(request, "second_factor", {"demanded": is_demanded(request)})


@confirmed
def app(request: AccountRequest) -> HttpResponseBase:
    """Adds an authenticator app: a seed as picture and text, and the first code from it."""
    if Authenticator.objects.filter(user=request.user, type=factors.APP).exists():
        messages.info(request, "There is an app already. Remove it first to add another one.")
        return redirect("portal:account")
    form = AppForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made, _ = activate_totp(request, form)
        factors.spend(request.user, form.cleaned_data["code"])
        return _added(request, made, "app_added")
    return page(request, "app", {"form": form, "seed": _in_fours(form.secret), "picture": _picture(request, form)})


@confirmed
def passkey_add(request: AccountRequest) -> HttpResponseBase:
    """Adds a passkey; the browser makes it, for which the page needs JavaScript."""
    form = PasskeyForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made, _ = add_authenticator(request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"])
        return _added(request, made, "passkey_added")
    return page(request, "passkey", {"form": form, "asked": passkey_options(begin_registration(request.user, True))})


def _added(request: AccountRequest, made: Authenticator, act: str) -> HttpResponse:
    """The session counts as opened by the new factor, which its owner has just held in hand."""
    record_authentication(request, request.user, "mfa", id=made.pk, type=made.type)
    acts.note(request, request.user, act)
    messages.success(request, "Your account has a second factor. Keep the recovery codes for the day it is lost.")
    return redirect("portal:codes_of_recovery")


@confirmed
def recovery(request: AccountRequest) -> HttpResponseBase:
    """Recovery codes: shown once after they were made, later only how many are left. POST makes new ones."""
    if request.method == "POST" and factors.has_factor(request.user):
        generate_recovery_codes(request)
        acts.note(request, request.user, "recovery_codes_made")
        return redirect("portal:codes_of_recovery")
    found, may_see = view_recovery_codes(request)
    left = found.get_unused_codes() if found else []
    context = {"codes": left if may_see else [], "left": len(left), "has_factor": found is not None}
    return page(request, "recovery", {**context, "after": request.session.get(AFTER_KEY) or reverse("portal:account")})


@require_POST
@confirmed
def factor_remove(request: AccountRequest) -> HttpResponseBase:
    """Removes an app or a passkey; the last one stays while the practice asks for one."""
    number = request.POST.get("factor", "")
    mine = Authenticator.objects.filter(user=request.user, type__in=[factors.APP, factors.PASSKEY])
    found = existing(mine.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None)
    if mine.count() == 1 and is_demanded(request):
        messages.error(request, "Your practice asks for a second factor. Add another one before you remove this one.")
        return redirect("portal:account")
    remove = deactivate_totp if found.type == factors.APP else remove_authenticator
    remove(request, found)
    acts.note(request, request.user, "factor_removed")
    messages.success(request, "It is removed.")
    return redirect("portal:account")


def _in_fours(seed: str) -> str:
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))


def _picture(request: HttpRequest, form: AppForm) -> str:
    """The seed as a square code, as an address that an image can have."""
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(request.user, form.secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
