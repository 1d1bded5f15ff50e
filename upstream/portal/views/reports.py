"""Reports: the list, one run, and its files."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.portal.access import PortalRequest, actor_of, existing, needs, next_poll, refusal_as_message
from upstream.portal.queries import reports as shown
from upstream.reports import queries, services
from upstream.reports.choices import MOVING
from upstream.reports.definitions import standard
from upstream.reports.kinds import KINDS
from upstream.reports.links import LinkOver, link_to, opened
from upstream.reports.models import ReportRun
from upstream.tenants.choices import Right

PAGE = 25
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@needs(Right.READ)
@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """What is reported, what could be, and every report made; the runs alone for htmx while one is being made."""
    page = Paginator(queries.runs(), PAGE).get_page(request.GET.get("page"))
    moving = any(run.state in MOVING for run in page)
    context = {"page": page, "moving": moving, "poll": next_poll(request, moving=moving)}
    if request.htmx:
        return render(request, "portal/reports/_runs.html", context)
    more = {"rows": shown.definition_rows(), "kinds": KINDS.values()}
    return render(request, "portal/reports/list.html", {**context, **more})


@needs(Right.READ)
@require_safe
def report(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One report: where the link in the mail leads."""
    one = shown.run_shown(existing(queries.run(public_id)))
    context = {"shown": one, "run": one.run, "poll": next_poll(request, moving=one.moving)}
    return render(request, "portal/reports/_run.html" if request.htmx else "portal/reports/detail.html", context)


@needs(Right.REPORT)
@require_POST
def move(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Stop a report that is on its way, or try one again that failed or was stopped."""
    run = existing(queries.run(public_id))
    if "again" in request.POST:
        with refusal_as_message(request, done="It is tried again. You may leave this page."):
            services.try_again(run)
    else:
        with refusal_as_message(request, done="It is not made. Nothing was mailed."):
            services.cancel(run)
    return redirect("portal:report", public_id)


@needs(Right.READ)
@require_safe
def download(request: PortalRequest, token: str) -> HttpResponse:
    """The file that a signed link leads to, after writing down who opened it; a link that is over says so."""
    try:
        artifact = existing(opened(token))
    except LinkOver as exc:
        run = exc.artifact.run
        return render(request, "portal/reports/over.html", {"run": run, "link": link_to(run)}, status=exc.status)
    headers = {"Content-Disposition": f'attachment; filename="{artifact.name}"', "Cache-Control": "no-store"}
    with refusal_as_message(request):
        content = b"".join(services.open_artifact(artifact, actor=actor_of(request)))
        return HttpResponse(content, content_type=TYPES[artifact.format], headers=headers)
    return redirect("portal:report", artifact.run.public_id)


@needs(Right.REPORT)
@require_POST
def run_now(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Ask for a definition's report of the last complete day, week or month; a worker makes it."""
    row = existing(queries.definition(public_id))
    with refusal_as_message(request):
        return _on_its_way(request, services.run_now(row, actor=actor_of(request)))
    return redirect("portal:definition", public_id)


@needs(Right.REPORT)
@require_POST
def make(request: PortalRequest) -> HttpResponse:
    """Ask for the report of one thing, from that thing's own page; nobody is mailed."""
    with refusal_as_message(request):
        wanted = standard(request.POST.get("kind", ""), request.POST.get("about", ""))
        return _on_its_way(request, services.run_now(wanted, actor=actor_of(request), mail=False))
    return redirect("portal:reports")


def _on_its_way(request: PortalRequest, run: ReportRun) -> HttpResponse:
    moving = run.state in MOVING
    messages.success(request, "It is being made. You may leave this page." if moving else "It was made already.")
    return redirect("portal:report", run.public_id)
