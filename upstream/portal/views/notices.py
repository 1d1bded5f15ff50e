"""What a person was told: the list behind the bell, and when they want to be told."""

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.core.errors import DomainError
from upstream.delivery import addresses
from upstream.portal.access import PortalRequest, needs
from upstream.portal.quiet_forms import PreferenceForm
from upstream.portal.views.routing import refuse
from upstream.routing import policies, queries
from upstream.routing.choices import Channel
from upstream.routing.services import mark_read
from upstream.routing.times import Receiver, times
from upstream.tenants.choices import Right

MOST_SHOWN = 100


@needs(Right.READ)
@require_safe
def notices(request: PortalRequest) -> HttpResponse:
    """The newest notices, the unread ones marked."""
    rows = list(queries.in_portal(request.membership)[:MOST_SHOWN])
    unread = sum(row.read_at is None for row in rows)
    without_mail = addresses.why_stopped(request.membership)
    return render(
        request, "portal/notices/list.html", {"rows": rows, "unread": unread, "without_mail": without_mail}
    )  # fmt: skip


@needs(Right.READ)
@require_POST
def notices_read(request: PortalRequest) -> HttpResponse:
    """All of them are read."""
    mark_read(request.membership)
    return redirect("portal:notices")


@needs(Right.READ)
@require_safe
def notices_poll(request: PortalRequest) -> HttpResponse:
    """How many are unread, for the bell; 304 while that is as before. Says nothing of what they are about."""
    unread, newest = queries.unread_of(request.membership)
    tag = quote_etag(f"{unread}-{newest.timestamp() if newest else 0}")
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        quiet = newest is not None and bool(_quiet_now(request))
        answer = JsonResponse({"unread": unread, "newest": newest.isoformat() if newest and not quiet else None})
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


def _quiet_now(request: PortalRequest) -> bool:
    when = times()
    planned = when.plan(Receiver(Channel.MAIL, member=request.membership), severity="high", at_once=True)
    return planned.due_at > clock.now()


@needs(Right.READ)
def quiet(request: PortalRequest) -> HttpResponse:
    """A member's own quiet hours and time zone."""
    row = queries.preferences().get(request.membership.pk)
    form = PreferenceForm(request.POST) if request.method == "POST" else PreferenceForm.showing(row)
    if form.is_bound and form.is_valid():
        try:
            policies.save_preference(request.membership, version=form.cleaned_data["version"], values=form.values)
        except DomainError as exc:
            refuse(form, exc)
        else:
            return redirect("portal:settings")
    without_mail = addresses.why_stopped(request.membership)
    context = {"form": form, "title": "When I am told", "without_mail": without_mail}
    return render(request, "portal/routing/quiet.html", context, status=422 if form.errors else 200)
