from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from upstream.portal.access import PortalRequest, needs
from upstream.portal.forms import MailForm
from upstream.portal.queries.outcomes import observed_false
from upstream.tenants.choices import Right


@needs(Right.READ)
def settings(request: PortalRequest) -> HttpResponse:
    """A member's own choices in this practice."""
    form = MailForm(request.POST if request.method == "POST" else None, instance=request.membership)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("portal:settings")
    return render(request, "portal/settings.html", {"form": form, "observed_false": observed_false(request.tenant)})
