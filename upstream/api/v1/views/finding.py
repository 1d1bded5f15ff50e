"""Finding things, kept choices of rows, and a clinician's panel."""

import uuid
from typing import ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, PAGES, refusals
from upstream.api.v1.serializers.finding import (
    FoundList,
    PanelQuery,
    PanelShape,
    SavedViewQuery,
    SavedViewRequest,
    SavedViewShape,
    SearchRequest,
)
from upstream.api.views import ApiView, CommittingView, PagedView, found
from upstream.core import clock
from upstream.explore.finding import find
from upstream.tenants import saved_views
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members, bound_organization
from upstream.tenants.services import tenant_keys
from upstream.worklist.panel import panel_of


class SearchView(ApiView):
    rights: ClassVar = {"POST": Right.READ}

    @extend_schema(
        operation_id="search_run", request=SearchRequest, responses={200: FoundList, **refusals(400, 415)}
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Up to six incidents, payers and files whose names hold every word; what is asked stands in no address."""
        text = accepted(SearchRequest, request.data)["q"]
        keys = tenant_keys() if Right.READ_PHI in self.caller.rights else None
        return Response(FoundList({"results": find(text, keys)}).data)


class SavedViewsView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.WORK}

    @extend_schema(
        operation_id="saved_views_list",
        parameters=[SavedViewQuery, *PAGES],
        responses={200: SavedViewShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Choices of rows that members keep under names, in the order in which they were made."""
        wanted = asked(SavedViewQuery, request.query_params)
        with transaction.atomic():
            return self.paged(saved_views.of_practice(**wanted), SavedViewShape)

    @extend_schema(
        operation_id="saved_views_create",
        parameters=[IDEMPOTENCY_KEY],
        request=SavedViewRequest,
        responses={201: SavedViewShape, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Keep a choice for a member; one of the same name is replaced."""
        return once(request, lambda: self._kept(request))

    def _kept(self, request: Request) -> Response:
        wanted = accepted(SavedViewRequest, request.data)
        with transaction.atomic():
            member = found(active_members().filter(user__public_id=wanted.pop("member")).first())
            made = saved_views.save_view(member=member, **wanted)
            return Response(SavedViewShape(made).data, status=201)


class SavedViewForgetView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="saved_views_forget",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={204: None, **refusals(404, 409, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Keep it no more."""
        return once(request, lambda: self._forgotten(id))

    def _forgotten(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            kept = found(saved_views.of_practice().filter(public_id=public_id).first())
            saved_views.forget_view(member=kept.member, public_id=public_id)
        return Response(status=204)


class PanelView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="panel_read", parameters=[PanelQuery], responses={200: PanelShape, **refusals(400)}
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """What one clinician alone can change, of their own claims and authorizations: no dollars, no ranking."""
        npi = asked(PanelQuery, request.query_params)["npi"]
        today = clock.today(bound_organization().time_zone)
        return Response(PanelShape(panel_of(npi, self.caller.actor, today)).data)
