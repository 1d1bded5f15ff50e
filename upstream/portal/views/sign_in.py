from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from upstream.core import tenancy
from upstream.portal.access import existing
from upstream.portal.forms import SignInForm
from upstream.tenants.middleware import SESSION_KEY, memberships_of
from upstream.tenants.models import Membership


class SignIn(LoginView):
    """E-mail and password; django-axes locks after ten wrong ones."""

    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        user = self.request.user
        if getattr(user, "is_staff", False) and not _memberships(self.request):
            return reverse("admin:index")
        return super().get_default_redirect_url()


class SignOut(LogoutView):
    """Ends the session; the browser forgets the pages it kept for going back."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


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
