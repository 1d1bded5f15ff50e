"""Underpaid lines over the API: the same rows and moves as the pages have."""

import uuid
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.contracts import (
    LineStep,
    Seen,
    ShortLineDetail,
    ShortLineMove,
    ShortLineShape,
    UnderpaidQuery,
)
from upstream.api.v1.views.contracts import done
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.contracts import moves, queries
from upstream.contracts.models import ShortLine
from upstream.core.money import cents_of
from upstream.tenants.choices import Right

MOVED: dict[Any, Any] = {201: ShortLineShape, **refusals(400, 404, 409, 415, 422)}


class UnderpaidView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="underpaid_list", parameters=[UnderpaidQuery, *PAGES],
        responses={200: ShortLineShape(many=True), **refusals(400)},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Lines that payers allowed less than their contract says, in the order in which they were found."""
        wanted = queries.Asked(**asked(UnderpaidQuery, request.query_params))
        return self.paged(queries.underpaid(wanted), ShortLineShape)


class ShortLineView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="underpaid_read", parameters=[IF_NONE_MATCH], responses={200: ShortLineDetail, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One line with what was done since."""
        line = found(queries.short_line(id))
        steps = LineStep([step for step, _ in queries.steps_of(line)], many=True).data
        return tagged(request, {**ShortLineShape(line).data, "steps": steps}, line.version)


class MovesView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(operation_id="underpaid_move", parameters=[IDEMPOTENCY_KEY], request=ShortLineMove, responses=MOVED)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The line is in this state. 409 where it cannot go there, or somebody moved it meanwhile."""

        def act() -> ShortLine:
            line = found(queries.short_line(id))
            told = accepted(ShortLineMove, request.data)
            came = told.pop("recovered", None)
            cents = None if came is None else cents_of(came)
            return moves.move(line, actor=self.caller.actor, recovered_cents=cents, **told)

        return done(request, ShortLineShape, act)


class UndoView(CommittingView):
    rights: ClassVar = {"POST": Right.WORK}

    @extend_schema(operation_id="underpaid_undo", parameters=[IDEMPOTENCY_KEY], request=Seen, responses=MOVED)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The line is where it was before its last move."""

        def act() -> ShortLine:
            line = found(queries.short_line(id))
            return moves.undo(line, version=accepted(Seen, request.data)["version"], actor=self.caller.actor)

        return done(request, ShortLineShape, act)
