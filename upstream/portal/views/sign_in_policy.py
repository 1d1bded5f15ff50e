"""What the practice asks of its people when they sign in, and how a visit of our staff ends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from upstream.audit.services import record_access
from upstream.portal.access import PortalRequest, actor_of, needs
from upstream.portal.accounts.doors import confirmed
from upstream.portal.accounts.forms import SignInPolicyForm
from upstream.portal.context import visit_of
from upstream.tenants import visits
from upstream.tenants.choices import Right


@needs(Right.ADMINISTER)
def policy(request: PortalRequest) -> HttpResponseBase:
    """Who needs a second factor and how long a page may rest; changed by an owner who has just proved themselves."""
    if request.method == "POST":
        return _change(request)
    return _page(request, SignInPolicyForm(request.tenant))


@confirmed
def _change(request: HttpRequest) -> HttpResponse:
    tenant = request.tenant  # type: ignore[attr-defined]  # a member's request: see policy
    form = SignInPolicyForm(tenant, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    tenant.second_factor, tenant.idle_minutes = form.cleaned_data["second_factor"], form.cleaned_data["idle_minutes"]
    tenant.save(update_fields=["second_factor", "idle_minutes"])
    messages.success(request, "Saved.")
    return redirect("portal:sign_in_policy")


def _page(request: HttpRequest, form: SignInPolicyForm, status: int = 200) -> HttpResponse:
    return render(request, "portal/account/policy.html", {"form": form}, status=status)


@require_POST
@needs(Right.READ)
def visit_end(request: PortalRequest) -> HttpResponse:
    """The visitor leaves, or an owner of the practice shows them out."""
    is_visitor = request.membership.visited
    if not is_visitor and Right.ADMINISTER not in request.membership.rights:
        return HttpResponse(status=403)
    if visit_of(request.tenant) is not None:
        visits.end(request.tenant)
        record_access(actor=actor_of(request), action="staff_visit_end", subject="practice", records=0)
    messages.success(request, "The visit is over.")
    return redirect("admin:index" if is_visitor else "portal:today")
