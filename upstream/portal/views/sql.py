"""Questions in SQL: one SELECT over the practice's facts, on the record."""

import csv
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upstream.audit.services import record_access
from upstream.core.csv_text import harmless
from upstream.core.errors import DomainError
from upstream.explore import queries, services
from upstream.explore.asking import Answer
from upstream.explore.facts.columns import CLAIMS
from upstream.explore.facts.reading import standing
from upstream.explore.services import LONGEST_SQL, SQL_LIMITS
from upstream.portal.access import PortalRequest, actor_of, existing, may, needs, refusal_as_message
from upstream.portal.queries.people import names_of
from upstream.portal.views.explore import may_ask
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members

SHOWN, LAST = 500, 20
EXAMPLE = """SELECT payer, answer_month, count(*) AS claims, sum(denied) AS denied,
       round(100.0 * sum(denied) / count(*), 1) AS percent
FROM claims
WHERE answered = 1
GROUP BY payer, answer_month
ORDER BY payer, answer_month"""


class SqlForm(forms.Form):
    """One SELECT."""

    sql = forms.CharField(
        label="One SELECT", max_length=LONGEST_SQL, strip=False,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip


@needs(Right.READ)
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.non_atomic_requests
def sql(request: PortalRequest) -> HttpResponse:
    """Ask, and see what was found; a question's text is never in an address."""
    with transaction.atomic():
        if not may_ask(request):
            raise PermissionDenied(Right.QUERY)
    if request.method != "POST":
        return _page(request, SqlForm(initial={"sql": EXAMPLE}))
    form = SqlForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        found = services.ask_sql(form.cleaned_data["sql"], actor=actor_of(request))
    except DomainError as exc:
        form.add_error("sql", exc.message)
        return _page(request, form, status=422)
    return _file(found) if request.POST.get("as") == "csv" else _page(request, form, found)


@needs(Right.QUERY)
@require_POST
def sql_people(request: PortalRequest) -> HttpResponse:
    """Let a member ask in SQL, or let them no more."""
    members = {str(member.user.public_id): member.user.public_id for member in active_members()}
    member = existing(members.get(request.POST.get("member", "")))
    if request.POST.get("may") == "yes":
        with refusal_as_message(request, done="This person may ask in SQL from now on."):
            services.let_ask(member=member, actor=actor_of(request))
    else:
        with refusal_as_message(request, done="This person may not ask in SQL any more."):
            services.stop_asking(existing(queries.analyst(f"user:{member}")), actor=actor_of(request))
    return redirect("portal:sql")


@needs(Right.READ)
@require_safe
def question(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What was asked once, for who asked it and for who examines the record."""
    found = existing(queries.sql_question(public_id))
    actor = actor_of(request)
    if found.actor != actor:
        if not may(request, Right.AUDIT):
            raise PermissionDenied(Right.AUDIT)
        record_access(actor=actor, action="read_sql", subject=f"question:{public_id}")
    context = {"question": found, "text": services.text_of(found), "author": names_of({found.actor})[found.actor]}
    return render(request, "portal/explore/question.html", context)


def _page(request: PortalRequest, form: SqlForm, found: Answer | None = None, status: int = 200) -> HttpResponse:
    with transaction.atomic():
        context: dict[str, Any] = {
            "form": form, "found": found, "rows": found.rows[:SHOWN] if found else (), "columns": CLAIMS,
            "facts": standing(), "limits": SQL_LIMITS, "questions": queries.questions_of(actor_of(request))[:LAST],
        }  # fmt: skip
        if may(request, Right.QUERY):
            context["people"] = _people()
        return render(request, "portal/explore/sql.html", context, status=status)


def _people() -> list[tuple[object, bool]]:
    """Members whose role does not let them ask, and whether somebody does."""
    let = {analyst.actor for analyst in queries.analysts()}
    members = active_members().select_related("user")
    return [(m, f"user:{m.user.public_id}" in let) for m in members if Right.QUERY not in m.rights]


def _file(found: Answer) -> HttpResponse:
    made = HttpResponse(content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = 'attachment; filename="answer.csv"'
    writer = csv.writer(made)
    writer.writerow([harmless(name) for name, _ in found.columns])
    writer.writerows(["" if cell is None else harmless(str(cell)) for cell in row] for row in found.rows)
    return made
