"""What of Upstream itself fails."""

import uuid
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.register import (
    StepShape,
    TroubleDetail,
    TroubleMove,
    TroubleQuery,
    TroubleShape,
    WatchLimitRequest,
    WatchLimitShape,
)
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.core import clock
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization
from upstream.watchers import limits, queries, services
from upstream.watchers.models import Trouble


class TroublesView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="troubles_list",
        parameters=[TroubleQuery, *PAGES],
        responses={200: TroubleShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """What fails and what failed, in the order in which it began."""
        return self.paged(queries.troubles().filter(**asked(TroubleQuery, request.query_params)), TroubleShape)


class TroubleView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="troubles_read", parameters=[IF_NONE_MATCH], responses={200: TroubleDetail, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One of them with its history."""
        return tagged(request, _detail(found(queries.trouble(id))))


class TroubleMovesView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(
        operation_id="troubles_move",
        parameters=[IDEMPOTENCY_KEY],
        request=TroubleMove,
        responses={200: TroubleDetail, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take one up or hand it back; 409 when it changed since `version`. It is over by itself."""
        return once(request, lambda: self._moved(request, id))

    def _moved(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            trouble = found(queries.trouble(public_id))
            wanted = accepted(TroubleMove, request.data)
            act = services.acknowledge if wanted["to"] == "acknowledged" else services.hand_back
            return Response(_detail(act(trouble, version=wanted["version"], actor=self.caller.actor)))


def _detail(trouble: Trouble) -> dict[str, Any]:
    return {**TroubleShape(trouble).data, "steps": StepShape(queries.steps_of(trouble), many=True).data}


class WatchLimitsView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.ROUTE}

    @extend_schema(operation_id="trouble_limits_list", responses={200: WatchLimitShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """From when on something is a trouble, today."""
        with transaction.atomic():
            return Response({"results": _limits()})

    @extend_schema(
        operation_id="trouble_limits_write",
        parameters=[IDEMPOTENCY_KEY],
        request=WatchLimitRequest,
        responses={200: WatchLimitShape(many=True), **refusals(400, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Your own limit from a day on, or ours again; 409 when it is another one than you have read."""
        return once(request, lambda: self._said(request))

    def _said(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(WatchLimitRequest, request.data)
            replaces = str(wanted.pop("replaces") or "")
            limits.set_limit(**wanted, replaces=replaces, actor=self.caller.actor)
            return Response({"results": _limits()})


def _limits() -> list[dict[str, Any]]:
    standing = limits.limits_of(clock.today(bound_organization().time_zone))
    return list(WatchLimitShape(list(standing.values()), many=True).data)
