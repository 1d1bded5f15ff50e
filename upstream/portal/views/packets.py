from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from upstream.alerts.models import Incident
from upstream.alerts.queries import incident as find_incident
from upstream.appeals import packets, queries
from upstream.appeals.choices import WorkState
from upstream.appeals.models import Packet
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.portal.access import PortalRequest, actor_of, may, needs, next_poll, refusal_as_message
from upstream.portal.letter_forms import PacketForm
from upstream.portal.queries.people import names_of
from upstream.portal.views.letters import attached
from upstream.tenants.choices import Right


@needs(Right.READ)
def incident_packet(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The packets of an incident, and on POST the next one, for those who work incidents."""
    incident, today = find_incident(public_id), clock.today(request.tenant.time_zone)
    if incident is None:
        raise Http404
    if request.method != "POST":
        return _page(request, incident, PacketForm(today, initial={"statement": packets.statement_of(incident)}))
    if not may(request, Right.WORK):
        raise PermissionDenied(Right.WORK)
    form = PacketForm(today, request.POST)
    if not form.is_valid():
        return _page(request, incident, form, status=422)
    said = form.cleaned_data
    try:
        made = packets.ask(
            incident, actor=actor_of(request), statement=said["statement"], clause=said["clause"],
            clause_source=said["clause_source"], rate=form.chosen(),
        )  # fmt: skip
    except Invalid as exc:
        form.add_error(exc.code if exc.code in form.fields else None, exc.message)
        return _page(request, incident, form, status=422)
    messages.success(request, "The packet is being made. You may leave this page.")
    return redirect("portal:packet", made.public_id)


@needs(Right.READ)
@require_safe
def packet(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One packet; asks again by itself while it is made."""
    found = _found(public_id)
    moving = found.state == WorkState.DUE
    context = {
        "packet": found,
        "asker": names_of({found.requested_by})[found.requested_by],
        "moving": moving,
        "poll": next_poll(request, moving=moving),
    }
    name = "portal/letters/_packet.html" if request.htmx else "portal/letters/packet.html"
    return render(request, name, context)


@needs(Right.READ_PHI)
@require_safe
def packet_file(request: PortalRequest, public_id: UUID, file_format: str) -> HttpResponse:
    """One file of the packet, after writing down who takes it."""
    found = _found(public_id)
    if file_format not in packets.FORMATS:
        raise Http404
    with refusal_as_message(request):
        content = packets.open_file(found, file_format, actor=actor_of(request))
        return attached(content, f"{packets.name_of(found)}.{file_format}")
    return redirect("portal:packet", public_id)


def _found(public_id: UUID) -> Packet:
    found = queries.packet(public_id)
    if found is None:
        raise Http404
    return found


def _page(request: PortalRequest, incident: Incident, form: PacketForm, status: int = 200) -> HttpResponse:
    made = list(queries.packets().filter(incident=incident))
    return render(
        request, "portal/letters/packets.html", {"incident": incident, "form": form, "made": made}, status=status
    )
