"""Programs that act for the practice: made, with a secret that is shown once, and ended."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from upstream.core import clock
from upstream.portal.access import PortalRequest, needs, refusal_as_message
from upstream.portal.client_forms import ClientForm
from upstream.tenants import services
from upstream.tenants.choices import Right
from upstream.tenants.queries import api_clients


@needs(Right.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: PortalRequest) -> HttpResponse:
    """Every client; a new one's secret stands in the answer that made it, and nowhere else."""
    form = ClientForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        ends = clock.now() + timedelta(days=told["days"])
        made = services.create_api_client(
            name=told["name"], scopes=told["scopes"], expires_at=ends, created_by=request.user
        )  # fmt: skip
        form = ClientForm()
    context = {"clients": api_clients(), "form": form, "made": made, "now": clock.now()}
    return render(request, "portal/clients/list.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.ADMINISTER)
def revoke(request: PortalRequest) -> HttpResponse:
    """Its secret and every token it was given are dead at once."""
    with refusal_as_message(request, done="It has no way in any more."):
        services.revoke_api_client(request.POST.get("client", ""))
    return redirect("portal:clients")
