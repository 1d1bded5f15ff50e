from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit.services import record_access
from upstream.core.errors import DomainError
from upstream.delivery import endpoints, services
from upstream.delivery import queries as found
from upstream.delivery.choices import Kind
from upstream.delivery.models import Endpoint
from upstream.portal.access import PortalRequest, existing, needs, refusal_as_message
from upstream.portal.channel_forms import ChannelForm
from upstream.portal.queries import channels as queries
from upstream.tenants.choices import Right

PAGE_SIZE = 50


@needs(Right.CONNECT)
@require_safe
def channels(request: PortalRequest) -> HttpResponse:
    """Every system that is told of events, and how it is."""
    return render(request, "portal/channels/list.html", {"rows": queries.rows(), "kinds": queries.KINDS})


@needs(Right.CONNECT)
@require_safe
def channel(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One channel: its health and what was sent there."""
    return _shown(request, _found(public_id))


@needs(Right.CONNECT)
def add(request: PortalRequest) -> HttpResponse:
    """Tell of a new channel, of the kind that the address names."""
    kind = request.GET.get("kind", "")
    if kind not in {one.key for one in queries.KINDS}:
        return redirect("portal:channels")
    form = ChannelForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = endpoints.add_endpoint(kind=kind, **form.cleaned_data)
        except DomainError as exc:
            form.add_error(None, exc.message)
        else:
            messages.success(request, f"{made.name} is kept. Send a test to see that it arrives.")
            return redirect("portal:channel", made.public_id)
    return _form(request, form, None)


@needs(Right.CONNECT)
def edit(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Change a channel; an address that is left blank stays."""
    one = _found(public_id)
    form = ChannelForm(request.POST or None, kind=one.kind, endpoint=one)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                endpoints.change_endpoint(one, **form.cleaned_data)
        except DomainError as exc:
            form.add_error(None, exc.message)
        else:
            messages.success(request, "Saved.")
            return redirect("portal:channel", one.public_id)
    return _form(request, form, one)


@needs(Right.CONNECT)
@require_POST
def test(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Queue a message that says only that it is a test."""
    one = _found(public_id)
    with refusal_as_message(request, done="A test is on its way. Look at this page again in a few seconds."):
        endpoints.send_test(one)
    return redirect("portal:channel", public_id)


@needs(Right.CONNECT)
@require_POST
def switch(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Send there again, or keep everything until later."""
    one = _found(public_id)
    endpoints.switch(one, on="on" in request.POST)
    messages.success(request, f"{one.name} is {'switched on' if 'on' in request.POST else 'paused: messages wait'}.")
    return redirect("portal:channel", public_id)


@needs(Right.CONNECT)
@require_POST
def secret(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Show the signing secret, or make a new one first; both are written down with the person's name."""
    one = _found(public_id)
    if one.kind != Kind.WEBHOOK:
        raise Http404
    anew = "new" in request.POST
    if anew:
        endpoints.new_secret(one)
    action = "new_secret" if anew else "show_secret"
    record_access(
        actor=f"user:{request.user.public_id}", action=action, subject=f"channel:{one.public_id}", purpose="settings"
    )
    return _shown(request, one, secret=endpoints.secret_of(one))


@needs(Right.CONNECT)
@require_POST
def again(request: PortalRequest, public_id: UUID, message_id: int) -> HttpResponse:
    """Send a message of the channel again that has failed or whose outcome is unknown."""
    one = _found(public_id)
    message = existing(found.messages_at(one.pk).filter(pk=message_id).first())
    with refusal_as_message(request, done="The message is queued again."):
        services.retry_message(message, actor=f"user:{request.user.public_id}")
    return redirect("portal:channel", public_id)


def _found(public_id: UUID) -> Endpoint:
    return existing(found.endpoint(public_id))


def _shown(request: PortalRequest, one: Endpoint, *, secret: str = "") -> HttpResponse:
    context = {
        "row": queries.row_of(one, found.waiting_by_endpoint().get(one.pk, {})),
        "endpoint": one,
        "events": queries.events_of(one),
        "sent": queries.messages_of(one, PAGE_SIZE),
        "secret": secret,
        "signed": one.kind == Kind.WEBHOOK,
    }
    return render(request, "portal/channels/detail.html", context)


def _form(request: PortalRequest, form: ChannelForm, one: Endpoint | None) -> HttpResponse:
    context = {"form": form, "kind": queries.kind_of(form.kind), "endpoint": one}
    return render(request, "portal/channels/edit.html", context, status=422 if form.errors else 200)
