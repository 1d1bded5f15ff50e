from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit import helping
from upstream.delivery import addresses
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.forms import PersonForm
from upstream.portal.queries.people import member_of, with_addresses
from upstream.portal.views.passwords import ONE_LINK_IN
from upstream.tenants import people as services
from upstream.tenants.choices import Right


@needs(Right.ADMINISTER)
@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """Everybody who belongs or belonged to the practice."""
    return _page(request, PersonForm())


@require_POST
@needs(Right.ADMINISTER)
def add(request: PortalRequest) -> HttpResponse:
    """Make somebody a member and mail them how to get in."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    with refusal_as_message(request, done=f"{form.cleaned_data['email']} is a member now and gets a mail."):
        services.add_person(**form.cleaned_data)
    return redirect("portal:people")


@require_POST
@needs(Right.ADMINISTER)
def change(request: PortalRequest) -> HttpResponse:
    """Give a member another role, or end the membership."""
    member = existing(member_of(request.POST.get("person", "")))
    with refusal_as_message(request):
        if "end" in request.POST:
            services.deactivate(member, by=request.user)
            messages.success(request, f"{member.user.email} has no way in any more.")
        else:
            services.change_role(member, role=request.POST.get("role", ""), by=request.user)
            messages.success(request, f"{member.user.email} is {member.get_role_display().lower()} now.")
    return redirect("portal:people")


@require_POST
@needs(Right.ADMINISTER)
def mail(request: PortalRequest) -> HttpResponse:
    """Let mail go to somebody again whose mail came back, with the reason; or take that back."""
    member = existing(member_of(request.POST.get("person", "")))
    if "stop" in request.POST:
        with refusal_as_message(request, done=f"No mail goes to {member.user.email} any more."):
            addresses.stop_again(member, actor=actor_of(request))
        return redirect("portal:people")
    with refusal_as_message(request, done=f"Mail goes to {member.user.email} again."):
        addresses.lift(member, reason=request.POST.get("reason", ""), actor=actor_of(request))
    return redirect("portal:people")


def _page(request: PortalRequest, form: PersonForm, status: int = 200) -> HttpResponse:
    context = {"members": with_addresses(), "form": form, "roles": services.ROLES}
    return render(request, "portal/people/list.html", context, status=status)


@require_POST
@needs(Right.ADMINISTER)
def account(request: PortalRequest) -> HttpResponse:
    """Help a member with their account: invite again, end sessions, take a lost second factor away."""
    member, act = existing(member_of(request.POST.get("person", ""))), request.POST.get("act", "")
    email = member.user.email
    if act == "reset":
        with refusal_as_message(request, done=f"{email} signs in by password alone next time."):
            helping.reset_member(member, by=request.user, reason=request.POST.get("reason", ""))
    elif act == "invite":
        if not cache.add(f"invited:{member.user.public_id}", 1, ONE_LINK_IN):
            messages.error(request, f"{email} was mailed a link a moment ago.")
            return redirect("portal:people")
        with refusal_as_message(request, done=f"A new link is on its way to {email}."):
            helping.invite_again(member, by=request.user)
    else:
        helping.end_sessions(member, by=request.user)
        messages.success(request, f"{email} is signed out everywhere.")
    return redirect("portal:people")
