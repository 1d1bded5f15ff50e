import json
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from upstream.audit import accounts as history
from upstream.core import tenancy
from upstream.portal.access import existing
from upstream.portal.accounts import acts
from upstream.portal.accounts.adapter import SecondStep
from upstream.portal.accounts.forms import CodeForm, passkey_options
from upstream.portal.forms import SignInForm
from upstream.tenants.accounts import factors
from upstream.tenants.middleware import SESSION_KEY, memberships_of
from upstream.tenants.models import Membership, User

NO_PASSKEY = "This passkey opens no account here."


class SignIn(LoginView):
    """E-mail and password, then a second factor where there is one; django-axes locks after ten wrong passwords."""

    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An address from which far too many wrong ones came waits, whichever accounts they were for."""
        if not ratelimit.consume(request, action="sign_in_failed", dry_run=True):
            return render(request, "portal/locked.html", {"address": True}, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        login = Login(user=user, redirect_url=self.get_redirect_url() or home_of(user))
        response: HttpResponse = perform_password_login(self.request, {"email": user.email}, login)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The answer is the same for every address; who has an account finds the try in its history."""
        ratelimit.consume(self.request, action="sign_in_failed")
        email = str(form.data.get("username", "")).lower()
        is_locked = getattr(self.request, "axes_locked_out", False)
        person = User.objects.filter(email=email).first()
        act = "sign_in_locked" if is_locked else history.REFUSED
        acts.note_refusal(self.request, person, act, why="password")
        return super().form_invalid(form)


class SignOut(LogoutView):
    """Ends the session; the browser forgets the pages it kept for going back."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User) and request.method == "POST":
            acts.note(request, request.user, "sign_out")
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


@login_stage_required(stage=SecondStep.key, redirect_urlname="portal:login")
def second_step(request: Any) -> HttpResponseBase:
    """A code or a passkey after the right password; nothing of the session is there before."""
    stage = request._login_stage
    person = stage.login.user
    codes, passkey = CodeForm(user=person), AuthenticateWebAuthnForm(user=person)
    if request.method == "POST":
        by_passkey = "credential" in request.POST
        posted = (AuthenticateWebAuthnForm if by_passkey else CodeForm)(data=request.POST, user=person)
        if posted.is_valid():
            post_authentication(request, posted.cleaned_data["credential"] if by_passkey else posted.factor)
            return stage.exit()
        acts.note_refusal(request, person, history.REFUSED, why="second factor")
        passkey, codes = (posted, codes) if by_passkey else (passkey, posted)
    return render(request, "portal/account/second_step.html", second_factor_page(person, codes, passkey))


def second_factor_page(person: User, codes: CodeForm, passkey: AuthenticateWebAuthnForm) -> dict[str, Any]:
    """What a page needs that asks for a second factor, by those that this person has."""
    kinds = factors.with_factor([person.pk]).get(person.pk, set())
    asked = passkey_options(begin_authentication(person)) if factors.PASSKEY in kinds else ""
    wrong = next((str(error) for error in passkey.errors.get("credential", [])), "")
    return {"codes": codes, "asked": asked, "wrong": wrong, "has_app": factors.APP in kinds}


def passkey(request: HttpRequest) -> HttpResponseBase:
    """Signs in by a passkey alone, which asks for a finger or PIN itself. GET: what the browser is to be asked."""
    if request.method != "POST":
        return JsonResponse(json.loads(passkey_options(begin_authentication())))
    form = LoginWebAuthnForm(data=request.POST)
    if not form.is_valid():
        ratelimit.consume(request, action="sign_in_failed")
        messages.error(request, NO_PASSKEY)
        return redirect("portal:login")
    found = form.cleaned_data["credential"]
    response: HttpResponse = perform_passwordless_login(
        request, found, Login(user=found.user, redirect_url=home_of(found.user))
    )
    return response


def home_of(user: User) -> str:
    """Where a person lands who was not on the way to a page."""
    with tenancy.acting_as(user.pk), tenancy.directory(), transaction.atomic():
        is_member = bool(memberships_of(user.pk))
    return reverse("admin:index" if user.is_staff and not is_member else "portal:today")


def _memberships(request: HttpRequest) -> list[Membership]:
    user_id = int(request.user.pk or 0)
    with tenancy.acting_as(user_id), tenancy.directory(), transaction.atomic():
        return memberships_of(user_id)


@login_required
def practices(request: HttpRequest) -> HttpResponse:
    """Choose among the practices one belongs to."""
    return render(request, "portal/practices.html", {"memberships": _memberships(request)})


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work for another of one's own practices from now on."""
    chosen = request.POST.get("practice", "")
    found = existing(next((m for m in _memberships(request) if str(m.tenant.public_id) == chosen), None))
    request.session[SESSION_KEY] = found.tenant_id
    messages.success(request, f"You now work for {found.tenant.name}.")
    return redirect("portal:today")


@login_required
def no_practice(request: HttpRequest) -> HttpResponse:
    """For a signed-in person who belongs to no practice."""
    context: dict[str, Any] = {"staff": getattr(request.user, "is_staff", False)}
    return render(request, "portal/no_practice.html", context)
