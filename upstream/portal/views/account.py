"""A person's own account: what protects it, where it is open, and what happened to it."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.portal.access import PortalRequest, existing, needs
from upstream.portal.accounts import acts
from upstream.portal.accounts.doors import AccountRequest, confirmed, next_of
from upstream.portal.accounts.forms import CodeForm, PasswordForm
from upstream.portal.queries import accounts as queries
from upstream.portal.views.sign_in import second_factor_page
from upstream.tenants.accounts import drafts, factors, sessions
from upstream.tenants.choices import Right


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """An account page, inside the practice's frame where the person works for one."""
    within = "portal/page.html" if getattr(request, "membership", None) else "base.html"
    return render(request, f"portal/account/{name}.html", {"within": within, **context}, status=status)


@login_required
@require_safe
def account(request: Any) -> HttpResponse:
    """Password, factors, sessions and history, on one page."""
    return page(request, "account", {"account": queries.account_of(request.user, request.session.session_key)})


@login_required
def confirm(request: Any) -> HttpResponseBase:
    """The person proves themselves again: by a factor where they have one, else by the password."""
    if not factors.has_factor(request.user):
        return _confirm_by_password(request)
    codes, passkey = CodeForm(user=request.user), ReauthenticateWebAuthnForm(user=request.user)
    if request.method == "POST":
        by_passkey = "credential" in request.POST
        posted = (ReauthenticateWebAuthnForm if by_passkey else CodeForm)(data=request.POST, user=request.user)
        if posted.is_valid():
            factor = posted.cleaned_data["credential"] if by_passkey else posted.factor
            post_authentication(request, factor, reauthenticated=True)
            return redirect(next_of(request, "portal:account"))
        acts.note_refusal(request, request.user, "confirm_refused")
        passkey, codes = (posted, codes) if by_passkey else (passkey, posted)
    asked = second_factor_page(request.user, codes, passkey)
    return page(request, "confirm", {**asked, "next": next_of(request, "portal:account")})


def _confirm_by_password(request: Any) -> HttpResponseBase:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"username": request.user.email, "password": form.cleaned_data["password"]}
        if authenticate(request, **given) == request.user:
            reauthenticate_by_password(request)
            return redirect(next_of(request, "portal:account"))
        acts.note_refusal(request, request.user, "confirm_refused")
        form.add_error("password", "This is not your password.")
    return page(request, "confirm", {"password": form, "next": next_of(request, "portal:account")})


@confirmed
def password(request: AccountRequest) -> HttpResponseBase:
    """A new password: every other session ends, and the person is told by mail."""
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "password", {"form": form}, status=422 if form.errors else 200)
    form.save()
    former = request.session.session_key
    update_session_auth_hash(request, request.user)
    sessions.keep_only(request.user, former, request.session.session_key)
    acts.note(request, request.user, "password_changed")
    messages.success(request, "Your password is changed. Every other session has ended.")
    return redirect("portal:account")


@require_POST
@login_required
def session_end(request: Any) -> HttpResponse:
    """End one session of one's own; the session in hand ends by signing out."""
    number = request.POST.get("session", "")
    existing(number.isdecimal() and len(number) < 19 and sessions.end_session(request.user, int(number)) or None)
    acts.note(request, request.user, "session_ended")
    messages.success(request, "That session has ended.")
    return redirect("portal:account")


@require_POST
@login_required
def sessions_end(request: Any) -> HttpResponse:
    """End every session of one's own, this one too."""
    acts.note(request, request.user, "sessions_ended")
    sessions.end_all(request.user)
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("portal:login")


@needs(Right.READ)
@require_safe
def still_here(_request: PortalRequest) -> HttpResponse:
    """The person is still there: asked for by the warning's button, and activity like any page."""
    return HttpResponse(status=204)


@needs(Right.READ)
def drafts_page(request: PortalRequest) -> HttpResponse:
    """What the person had typed when their session ended. POST: what a page that is about to end has in its fields."""
    if request.method == "POST":
        kept = drafts.keep(request.membership, request.POST.get("drafted_on", ""), request.POST.dict())
        return HttpResponse(status=201 if kept else 204)
    return render(request, "portal/account/drafts.html", {"drafts": drafts.drafts_of(request.membership)})


@require_POST
@needs(Right.READ)
def draft_discard(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Nobody needs the draft any more."""
    existing(drafts.discard(request.membership, public_id) or None)
    messages.success(request, "The draft is gone.")
    return redirect("portal:drafts")
