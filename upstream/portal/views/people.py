from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.portal.access import PortalRequest, existing, needs, refusal_as_message
from upstream.portal.forms import PersonForm
from upstream.portal.queries.people import member_of, members
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


def _page(request: PortalRequest, form: PersonForm, status: int = 200) -> HttpResponse:
    context = {"members": members(), "form": form, "roles": services.ROLES}
    return render(request, "portal/people/list.html", context, status=status)
