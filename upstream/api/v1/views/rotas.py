"""Whose turn it is: to read, and to decide as in the portal."""

import uuid
from typing import ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted
from upstream.api.v1.documented import refusals
from upstream.api.v1.serializers import rotas as shapes
from upstream.api.v1.views.routing import WRITES, ActView, documented, known, one_of, shown
from upstream.api.views import CommittingView
from upstream.routing import queries, ruling, turns
from upstream.routing.models import Rota
from upstream.tenants.choices import Right


class RotasView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.ROUTE}

    @extend_schema(operation_id="routing_rotas_list", responses={200: shapes.RotaShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """Turns that are in use; there are never many."""
        with transaction.atomic():
            return Response({"results": shapes.RotaShape(queries.rotas(), many=True, context=known()).data})

    @extend_schema(
        operation_id="routing_rotas_create", request=shapes.RotaRequest,
        responses={201: shapes.RotaShape, **refusals(400, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """New turns."""
        return once(request, lambda: saved_rota(request, None, 201))


def saved_rota(request: Request, public_id: uuid.UUID | None, status: int = 200) -> Response:
    """The turns as they were said, new without an id."""
    with transaction.atomic():
        row = one_of(Rota, public_id) if public_id is not None else None
        wanted = accepted(shapes.RotaRequest, request.data)
        wanted["members"] = [str(member) for member in wanted["members"]]
        return shown(shapes.RotaShape, ruling.save_rota(row, **wanted), status)


class RotaView(CommittingView):
    rights: ClassVar = {"PUT": Right.ROUTE}

    @extend_schema(
        operation_id="routing_rotas_write", request=shapes.RotaRequest,
        responses={200: shapes.RotaShape, **refusals(400, 404, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """Say all of the turns anew; 409 when somebody has changed them since."""
        return once(request, lambda: saved_rota(request, id))


class RotaEndView(ActView):
    kind, shape, act = Rota, shapes.RotaShape, staticmethod(ruling.end_rota)

    @documented("routing_rotas_end", shapes.RotaShape)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """The turns are used no more; 409 while a rule names them."""
        return self.acted(request, id)


class StandInView(CommittingView):
    rights: ClassVar = {"POST": Right.ROUTE}

    @extend_schema(
        operation_id="routing_rotas_stand_in", request=shapes.SubstituteRequest,
        responses={200: shapes.RotaShape, **refusals(400, 404, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Somebody takes one week in another's place, and is told; 409 when somebody has changed the turns since."""
        return once(request, lambda: self._taken(request, id))

    def _taken(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            row, wanted = one_of(Rota, public_id), accepted(shapes.SubstituteRequest, request.data)
            return shown(shapes.RotaShape, turns.stand_in(row, **{**wanted, "member": str(wanted["member"])}))


class StandDownView(CommittingView):
    rights: ClassVar = {"POST": Right.ROUTE}

    @extend_schema(
        operation_id="routing_rotas_stand_down", request=shapes.WeekRequest,
        responses={200: shapes.RotaShape, **refusals(400, 404, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """That week is taken by whose turn it is again; 409 where nobody stood in."""
        return once(request, lambda: self._undone(request, id))

    def _undone(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            row, wanted = one_of(Rota, public_id), accepted(shapes.WeekRequest, request.data)
            return shown(shapes.RotaShape, turns.stand_down(row, **wanted))
