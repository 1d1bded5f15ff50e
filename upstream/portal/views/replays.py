import csv
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.alerts import replay_queries, replays
from upstream.alerts.choices import ReplayState
from upstream.alerts.models import Replay
from upstream.alerts.raising import COLUMNS, row_of
from upstream.portal.access import PortalRequest, actor_of, existing, needs, next_poll, refusal_as_message
from upstream.portal.queries.people import names_of
from upstream.portal.queries.replays import caught
from upstream.portal.replay_forms import ReplayForm
from upstream.tenants.choices import Right

PAGE = 25


@needs(Right.READ)
@require_safe
def replay_list(request: PortalRequest) -> HttpResponse:
    """Every replay, newest first; whoever makes reports may ask for another."""
    return _list(request, ReplayForm())


@needs(Right.REPORT)
@require_POST
def start(request: PortalRequest) -> HttpResponse:
    """Ask for a replay; a worker does it."""
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    with refusal_as_message(request):
        made = replays.request_replay(actor=actor_of(request), **form.cleaned_data)
        return redirect("portal:replay", made.public_id)
    return redirect("portal:replays")


@needs(Right.READ)
@require_safe
def replay(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One replay: how far it is and what it found so far."""
    found = _found(public_id)
    moving = found.state == ReplayState.DUE
    context = {
        "replay": found,
        "asker": names_of({found.requested_by})[found.requested_by],
        "caught": caught(found),
        "moving": moving,
        "poll": next_poll(request, moving=moving),
        "stopped": found.error_code == replays.STOPPED,
    }
    return render(request, "portal/replays/_replay.html" if request.htmx else "portal/replays/detail.html", context)


@needs(Right.REPORT)
@require_POST
def stop(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """End a replay that runs; what it found stays."""
    with refusal_as_message(request):
        replays.stop_replay(_found(public_id))
    return redirect("portal:replay", public_id)


@needs(Right.READ)
@require_safe
def download(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What it raised, in the columns of the command's file."""
    found = _found(public_id)
    name = f"{request.tenant.slug}-replay-{found.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    response = HttpResponse(content_type="text/csv", headers=headers)
    writer = csv.DictWriter(response, COLUMNS)
    writer.writeheader()
    for row in replay_queries.findings_of(found):
        writer.writerow(row_of(row, row.number, request.tenant.slug, {row.payer_id: row.payer.name}))
    return response


def _found(public_id: UUID) -> Replay:
    return existing(replay_queries.replay(public_id))


def _list(request: PortalRequest, form: ReplayForm, status: int = 200) -> HttpResponse:
    page = Paginator(replay_queries.replays(), PAGE).get_page(request.GET.get("page"))
    askers = names_of({row.requested_by for row in page})
    rows = [(row, askers[row.requested_by]) for row in page]
    return render(request, "portal/replays/list.html", {"page": page, "rows": rows, "form": form}, status=status)
