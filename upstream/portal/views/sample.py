"""Into the practice's sample and out of it again: the session goes to the other tenant, and nothing else does."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from upstream.core import tenancy
from upstream.portal.access import PortalRequest, needs, next_poll, refusal_as_message
from upstream.samples.queries import progress
from upstream.tenants import samples
from upstream.tenants.choices import Right
from upstream.tenants.middleware import SESSION_KEY, memberships_of

REMOVED = "The sample practice is being removed, with all that was in it."


@needs(Right.READ)
@require_POST
def sample_open(request: PortalRequest) -> HttpResponse:
    """The person works in their practice's sample from now on; asked for here where there is none yet."""
    person, role = request.user, request.membership.role
    if request.tenant.is_sample:
        return redirect("portal:today")
    with refusal_as_message(request):
        sample = samples.sample_of(request.tenant)
        # The rest of this request belongs to the sample alone: nothing serves two practices at once.
        request.tenancy_exit.close()
        with tenancy.bind(sample.pk, user_id=person.pk), transaction.atomic():
            samples.join(person, role)
        request.session[SESSION_KEY] = sample.pk
    return redirect("portal:today")


@needs(Right.READ)
@require_safe
def sample_progress(request: PortalRequest) -> HttpResponse:
    """How far the sample is, for the banner; once it is there, Today is shown anew."""
    _in_sample(request)
    moving = request.tenant.sample_state in samples.BEING_MADE
    if not request.htmx:
        return redirect("portal:today")
    context = {"poll": next_poll(request, moving=moving), "progress": progress() if moving else None, "moving": moving}
    response = render(request, "portal/sample/_progress.html", context)
    if not moving and request.htmx.current_url_abs_path == reverse("portal:today"):
        response["HX-Refresh"] = "true"
    return response


@needs(Right.READ)
@require_POST
def sample_leave(request: PortalRequest) -> HttpResponse:
    """Back to the practice that the sample belongs to."""
    _in_sample(request)
    _go_home(request)
    return redirect("portal:today")


@needs(Right.ADMINISTER)
def sample_remove(request: PortalRequest) -> HttpResponse:
    """Asks first; then nobody finds into the sample any more, and a worker removes it."""
    _in_sample(request)
    if request.method != "POST":
        return render(request, "portal/sample/remove.html")
    samples.let_go(request.tenant)
    _go_home(request)
    messages.success(request, REMOVED)
    return redirect("portal:today")


def _in_sample(request: PortalRequest) -> None:
    if not request.tenant.is_sample:
        raise Http404


def _go_home(request: PortalRequest) -> None:
    """The session works for the sample's own practice where the person still belongs to it, else for their first."""
    home, person = request.tenant.sample_of_id, request.user.pk
    request.tenancy_exit.close()
    with tenancy.acting_as(person), tenancy.directory(), transaction.atomic():
        mine = {row.tenant_id for row in memberships_of(person)}
    request.session.pop(SESSION_KEY, None)
    if home in mine:
        request.session[SESSION_KEY] = home
