from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstream.portal.access import PortalRequest, needs
from upstream.portal.forms import AccessForm
from upstream.portal.queries.access_log import log_page
from upstream.tenants.choices import Right


@needs(Right.AUDIT)
@require_safe
def access_log(request: PortalRequest) -> HttpResponse:
    """Who looked at identifying values, newest first."""
    form = AccessForm(request.GET)
    before = request.GET.get("before", "")
    page = log_page(
        form.cleaned_data if form.is_valid() else {},
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        time_zone=request.tenant.time_zone,
    )
    return render(request, "portal/access_log.html", {"form": form, "page": page})
