"""What payers said of authorizations and coverages: lists, and whom they concern once somebody asks."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, TextChoices
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from upstream.audit.services import record_access
from upstream.claims import told_queries
from upstream.claims.choices import Approval, Covered
from upstream.portal.access import PortalRequest, actor_of, needs
from upstream.portal.forms import ToldForm
from upstream.tenants.choices import Right

PAGE = 50


@dataclass(frozen=True)
class Kind:
    """One of the two lists: where it stands and what its rows may be."""

    name: str
    statuses: type[TextChoices]
    rows: Any

    def asked(self, form: ToldForm) -> "QuerySet[Any]":
        found: QuerySet[Any] = self.rows(form.wanted)
        return found


AUTHORIZATIONS = Kind("authorizations", Approval, told_queries.authorizations)
COVERAGES = Kind("coverages", Covered, told_queries.coverages)


@needs(Right.READ)
@require_safe
def authorizations(request: PortalRequest) -> HttpResponse:
    """Decisions of payers on requests for approval."""
    return _list(request, AUTHORIZATIONS)


@needs(Right.READ)
@require_safe
def coverages(request: PortalRequest) -> HttpResponse:
    """What payers said of members' coverage."""
    return _list(request, COVERAGES)


@needs(Right.READ_PHI)
@require_POST
def authorization_people(request: PortalRequest) -> HttpResponse:
    """One page of authorizations with their numbers and whom they concern, after writing down who asked."""
    return _with_people(request, AUTHORIZATIONS)


@needs(Right.READ_PHI)
@require_POST
def coverage_people(request: PortalRequest) -> HttpResponse:
    """One page of coverages with whom they concern, after writing down who asked for how many."""
    return _with_people(request, COVERAGES)


def _context(kind: Kind, query: QueryDict, *, people: bool) -> dict[str, Any]:
    """Whom rows concern is not even read from the database unless `people` are asked for."""
    form = ToldForm(kind.statuses, query)
    rows = kind.asked(form)
    page = Paginator(rows if people else rows.defer("sealed"), PAGE).get_page(query.get("page"))
    return {"form": form, "page": page, "kind": kind.name, "people": None}


def _list(request: PortalRequest, kind: Kind) -> HttpResponse:
    return render(request, f"portal/told/{kind.name}.html", _context(kind, request.GET, people=False))


def _with_people(request: PortalRequest, kind: Kind) -> HttpResponse:
    context = _context(kind, request.POST, people=True)
    rows = list(context["page"].object_list)
    record_access(
        actor=actor_of(request), action=f"show_{kind.name}", subject=kind.name, records=len(rows),
        purpose="work with authorizations and coverages",
    )  # fmt: skip
    context["people"] = told_queries.people_in(rows)
    return render(request, f"portal/told/{kind.name}.html", context)
