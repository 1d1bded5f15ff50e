"""Own reports: put together, seen at once, kept, shared, and opened to the claims behind each value."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from upstream.core.charts import value_chart
from upstream.core.csv_text import harmless
from upstream.core.errors import DomainError
from upstream.explore import queries, services, showing
from upstream.explore.answering import Table, answer, claims_of
from upstream.explore.models import OwnReport
from upstream.explore.question import Question
from upstream.explore.terms import MEASURE
from upstream.portal.access import PortalRequest, actor_of, existing, needs, refusal_as_message
from upstream.portal.explore_forms import BuildForm, SaveForm, query_of, starting
from upstream.portal.queries.explore import claims_in_order, page_of, rows_of
from upstream.portal.queries.people import names_of
from upstream.tenants.choices import Right

MOST_SHOWN = 500
NARROW = 360  # pixels of a chart on a phone


@needs(Right.READ)
@require_safe
def explore(request: PortalRequest) -> HttpResponse:
    """Own and shared reports."""
    actor = actor_of(request)
    found = list(queries.own_reports(actor))
    names = names_of({report.owner for report in found})
    context = {
        "reports": [(report, names[report.owner]) for report in found],
        "deleted": queries.deleted_reports(actor)[:20],
        "actor": actor,
        "may_ask": may_ask(request),
    }
    return render(request, "portal/explore/list.html", context)


@needs(Right.READ)
@require_safe
def build(request: PortalRequest) -> HttpResponse:
    """Put a report together; it stands below at once."""
    return _page(request, BuildForm(request.GET if "m" in request.GET else starting()))


@needs(Right.READ)
@require_safe
def own(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """A kept report, as of now."""
    report = _kept(request, public_id)
    try:
        query = query_of(queries.checked(report.definition))
    except DomainError as exc:
        messages.error(request, f"{report.name}: {exc.message}")
        return redirect("portal:explore")
    return _page(request, BuildForm(QueryDict(query)), report)


@needs(Right.READ)
@require_safe
def explore_csv(request: PortalRequest) -> HttpResponse:
    """The table as a file."""
    form = BuildForm(request.GET)
    question = form.question()
    table = _table(form, question) if question else None
    if table is None:
        return _page(request, form)
    made = HttpResponse(content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="own-report-{table.first}-{table.last}.csv"'
    csv.writer(made).writerows([harmless(cell) for cell in row] for row in showing.file_rows(table))
    return made


@needs(Right.READ)
@require_safe
def explore_claims(request: PortalRequest) -> HttpResponse:
    """The claims that one value of a report counts."""
    form = BuildForm(request.GET)
    question, term = form.question(), MEASURE.get(request.GET.get("measure", ""))
    at = tuple(request.GET.getlist("at"))
    if question is None or term is None or len(at) > len(question.by):
        raise Http404
    page = min(int(number), 100_000) if (number := request.GET.get("page", "0")).isdecimal() else 0
    try:
        ids, more = claims_of(question, term, at, page)
    except DomainError as exc:
        form.add_error(None, exc.message)
        return _page(request, form)
    names = [dimension.shown(value) for dimension, value in zip(question.by, at, strict=False)]
    query = request.GET.copy()
    context = {
        "claims": claims_in_order(ids), "term": term, "names": names, "query": query_of(question), "number": page + 1,
        "basis": question.basis.label,
        "before": page_of(query, page - 1) if page else "", "after": page_of(query, page + 1) if more else "",
    }  # fmt: skip
    return render(request, "portal/explore/claims.html", context)


@needs(Right.REPORT)
@require_POST
def save(request: PortalRequest) -> HttpResponse:
    """Keep what was put together, under a name."""
    form = SaveForm(request.POST)
    definition = form.definition() if form.is_valid() else None
    if definition is None:
        messages.error(request, "Give the report a name, and put it together so that it shows a table.")
        return redirect("portal:explore_build")
    given = form.cleaned_data
    with refusal_as_message(request, done="Saved."):
        made = services.save_report(
            name=given["name"], definition=definition, shared=given["shared"], actor=actor_of(request)
        )
        return redirect("portal:own", made.public_id)
    return redirect("portal:explore")


@needs(Right.REPORT)
@require_POST
def change(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Keep what was put together as the new version of a report."""
    report, form = _kept(request, public_id), SaveForm(request.POST)
    definition = form.definition() if form.is_valid() else None
    if definition is None:
        messages.error(request, "Give the report a name, and put it together so that it shows a table.")
        return redirect("portal:own", public_id)
    given = form.cleaned_data
    with refusal_as_message(request, done="Saved. What it said before stands below."):
        services.change_report(
            report, version=given["version"] or 0, name=given["name"], definition=definition, shared=given["shared"],
            actor=actor_of(request),
        )  # fmt: skip
    return redirect("portal:own", public_id)


@needs(Right.REPORT)
@require_POST
def back(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Let a report say again what it said in an earlier version."""
    report = _kept(request, public_id)
    to, version = (_number(request.POST.get(name)) for name in ("to", "version"))
    with refusal_as_message(request, done=f"It says again what it said in version {to}."):
        services.put_back(report, to=to, version=version, actor=actor_of(request))
    return redirect("portal:own", public_id)


@needs(Right.REPORT)
@require_POST
def delete(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Take a report out of the lists."""
    report = _kept(request, public_id)
    with refusal_as_message(request, done=f"{report.name} is deleted. It can be brought back below."):
        services.delete_report(report, actor=actor_of(request))
    return redirect("portal:explore")


@needs(Right.REPORT)
@require_POST
def restore(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Bring a deleted report back."""
    report = existing(queries.own_report(public_id, actor_of(request)))
    with refusal_as_message(request, done=f"{report.name} is back."):
        services.restore_report(report, actor=actor_of(request))
    return redirect("portal:explore")


def may_ask(request: PortalRequest) -> bool:
    """Whether the person may ask in SQL: by their role, or because somebody let them."""
    return Right.QUERY in request.membership.rights or queries.is_analyst(actor_of(request))


def _kept(request: PortalRequest, public_id: UUID) -> OwnReport:
    report = existing(queries.own_report(public_id, actor_of(request)))
    return existing(None if report.deleted_at else report)


def _number(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 9 else 0


def _table(form: BuildForm, question: Question) -> Table | None:
    """The question's table; None, with the reason in the form, where there is none."""
    try:
        return answer(question)
    except DomainError as exc:
        form.add_error(None, exc.message)
        return None


def _page(request: PortalRequest, form: BuildForm, report: OwnReport | None = None) -> HttpResponse:
    question = form.question()
    table = _table(form, question) if question else None
    context: dict[str, Any] = {"form": form, "report": report, "table": table}
    if report is not None:
        context |= {"mine": report.owner == actor_of(request), "versions": queries.versions_of(report)[:20]}
        context["author"] = names_of({report.owner})[report.owner]
    if question and table:
        context |= _shown(question, table, report)
    return render(request, "portal/explore/build.html", context, status=200 if table else 422)


def _shown(question: Question, table: Table, report: OwnReport | None) -> dict[str, Any]:
    """The table, its chart, and what it is kept with."""
    drawn, query = showing.chart(table), query_of(question)
    kept = {"name": report.name, "shared": report.shared, "version": report.version} if report else {}
    return {
        "query": query,
        "columns": showing.columns(question),
        "rows": rows_of(table.lines[:MOST_SHOWN], query),
        "total": rows_of([table.total], query)[0],
        "left_out": len(table.lines) - MOST_SHOWN,
        "charts": (value_chart(drawn), value_chart(drawn, width=NARROW)) if drawn else (),
        "said": showing.in_words(question, table.first, table.last),
        "saving": SaveForm(initial={"query": query, **kept}),
    }
