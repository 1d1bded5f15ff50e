from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core import clock
from upstream.portal.access import PortalRequest, actor_of, existing, needs, next_poll, refusal_as_message
from upstream.portal.queries.people import names_of
from upstream.reports import queries, services
from upstream.reports.choices import ReportKind, RunState
from upstream.reports.rules import period_of
from upstream.tenants.choices import Right

PAGE = 25
TYPES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@needs(Right.READ)
@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """Every report, newest week first; the table alone for htmx while one is being made."""
    page = Paginator(queries.runs(), PAGE).get_page(request.GET.get("page"))
    moving = any(run.state == RunState.DUE for run in page)
    context = {
        "page": page,
        "moving": moving,
        "poll": next_poll(request, moving=moving),
        "as_of": _last_sunday(request),
    }
    return render(request, "portal/reports/_runs.html" if request.htmx else "portal/reports/list.html", context)


@needs(Right.READ)
@require_safe
def report(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One report: where the link in the mail leads."""
    run = existing(queries.run(public_id))
    asker = names_of({run.requested_by})[run.requested_by]
    moving = run.state == RunState.DUE
    context = {"run": run, "asker": asker, "moving": moving, "poll": next_poll(request, moving=moving)}
    return render(request, "portal/reports/_run.html" if request.htmx else "portal/reports/detail.html", context)


@needs(Right.REPORT)
@require_POST
def make(request: PortalRequest) -> HttpResponse:
    """Ask for the report of the last complete week; a worker makes it."""
    with refusal_as_message(request):
        run = services.request_run(kind=ReportKind.WEEKLY, as_of=_last_sunday(request), actor=actor_of(request))
        made = run.state == RunState.RENDERED
        messages.success(request, "It was made already." if made else "It is being made. You may leave this page.")
    return redirect("portal:reports")


@needs(Right.READ)
@require_safe
def download(request: PortalRequest, public_id: UUID, file_format: str) -> HttpResponse:
    """One file of a report, after writing down who opened it."""
    artifact = existing(queries.artifact(public_id, file_format))
    headers = {"Content-Disposition": f'attachment; filename="{artifact.name}"', "Cache-Control": "no-store"}
    with refusal_as_message(request):
        content = b"".join(services.open_artifact(artifact, actor=actor_of(request)))
        return HttpResponse(content, content_type=TYPES[artifact.format], headers=headers)
    return redirect("portal:report", public_id)


def _last_sunday(request: PortalRequest) -> date:
    """The end of the last complete week on the practice's calendar."""
    return period_of(clock.today(request.tenant.time_zone) - timedelta(days=1)).end
