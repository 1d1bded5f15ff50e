import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from upstream.portal.accounts import acts
from upstream.portal.forms import ForgotForm
from upstream.tenants.accounts.links import LINKS
from upstream.tenants.models import User
from upstream.tenants.people import mail_password_link

WHO_KEY = "password_for"
ONE_LINK_IN = 300


class SetPassword(PasswordResetConfirmView):
    """Opened by a link, whose key moves into the session at once; a new password ends all sessions of before."""

    template_name = "portal/password.html"
    token_generator = LINKS
    success_url = reverse_lazy("portal:login")

    def dispatch(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if "who" in request.GET:
            request.session[WHO_KEY] = request.GET["who"]
        who, key = request.session.get(WHO_KEY, ""), request.GET.get("key") or self.reset_url_token
        return super().dispatch(request, uidb64=who, token=key)

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is set. Sign in with it.")
        response = super().form_valid(form)
        acts.note(self.request, form.user, "password_reset")
        return response


def forgot(request: HttpRequest) -> HttpResponseBase:
    """A link by mail to whoever is known, at most one in five minutes; the answer is the same for everybody."""
    form = ForgotForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/forgot.html", {"form": form})
    email = form.cleaned_data["email"].lower()
    user = User.objects.filter(email=email, is_active=True).first()
    first = cache.add(f"password-link:{hashlib.sha256(email.encode()).hexdigest()}", 1, ONE_LINK_IN)
    if user is not None and first:
        mail_password_link(user)
    messages.success(request, "If this address is known here, a link is on its way. It holds for 30 minutes.")
    return redirect("portal:login")
