"""Authorizations and coverages that payers told of."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import Shape, asked
from upstream.api.v1.documented import PAGES, refusals
from upstream.api.v1.serializers.told import AuthorizationQuery, AuthorizationShape, CoverageQuery, CoverageShape
from upstream.api.v1.views.claims import ReadsIdentity
from upstream.api.views import PagedView
from upstream.audit.services import record_access
from upstream.claims import told_queries
from upstream.tenants.choices import Right


class ToldView(ReadsIdentity, PagedView):
    """A list of what was told; a subclass names it."""

    rights: ClassVar = {"GET": Right.READ}

    def listed(self, name: str, wanted: dict[str, Any], rows: "QuerySet[Any]", shape: type[Shape]) -> Response:
        refusal = self.refused(wanted, f"{name}.list", name)
        if refusal is not None:
            return refusal
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, self.request, view=self) or []
        found: list[dict[str, Any]] = list(shape(page, many=True).data)
        if wanted.get("fields") == "identity" and page:
            record_access(actor=self.caller.actor, action=f"{name}.list", subject=name, records=len(page))
            people = told_queries.people_in(page)
            found = [{**row, "identity": people[told.pk]} for row, told in zip(found, page, strict=True)]
        return pages.get_paginated_response(found)


def _which(wanted: dict[str, Any]) -> told_queries.Asked:
    return told_queries.Asked(**{name: value for name, value in wanted.items() if name != "fields"})


class AuthorizationsView(ToldView):
    @extend_schema(
        operation_id="authorizations_list",
        parameters=[AuthorizationQuery, *PAGES],
        responses={200: AuthorizationShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """What payers decided on requests for approval, in the order in which it was first told."""
        wanted = asked(AuthorizationQuery, request.query_params)
        return self.listed("authorizations", wanted, told_queries.authorizations(_which(wanted)), AuthorizationShape)


class CoveragesView(ToldView):
    @extend_schema(
        operation_id="coverages_list",
        parameters=[CoverageQuery, *PAGES],
        responses={200: CoverageShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """What payers said of members' coverage, in the order in which it was first told."""
        wanted = asked(CoverageQuery, request.query_params)
        return self.listed("coverages", wanted, told_queries.coverages(_which(wanted)), CoverageShape)
