"""The register of authorizations, claims at risk, late decisions, and what time payers leave."""

import uuid
from typing import ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.register import (
    EntryDetail,
    EntryShape,
    MarkShape,
    PayerQuery,
    RegisterQuery,
    RiskQuery,
    RiskShape,
    TimeRequest,
    TimeShape,
    WeekOfUnits,
)
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.authorizations import queries, services
from upstream.claims import payer_queries
from upstream.core import clock
from upstream.core.errors import Invalid
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization


class RegisterView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="authorization_register_list",
        parameters=[RegisterQuery, *PAGES],
        responses={200: EntryShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Authorizations as they stand, service by service, in the order in which they were first known."""
        wanted = queries.Asked(**asked(RegisterQuery, request.query_params))
        return self.paged(queries.entries(wanted, clock.today(bound_organization().time_zone)), EntryShape)


class EntryView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="authorization_register_read",
        parameters=[IF_NONE_MATCH],
        responses={200: EntryDetail, **refusals(404)},
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One service of an authorization with its units week by week and what was told of its end."""
        entry = found(queries.entry(id))
        weeks = [{"week": week, "units": units} for week, units in queries.weekly_units(entry)]
        beside = {
            "weeks": WeekOfUnits(weeks, many=True).data,
            "marks": MarkShape(queries.marks_of(entry), many=True).data,
        }
        return tagged(request, {**EntryShape(entry).data, **beside})


class RisksView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="authorization_risks_list",
        parameters=[RiskQuery, *PAGES],
        responses={200: RiskShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Claims that nobody has decided and that may be denied for their authorization."""
        wanted = asked(RiskQuery, request.query_params)
        return self.paged(queries.risks(wanted.get("payer"), wanted.get("reason", "")), RiskShape)


class LateView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="authorization_late_list",
        parameters=[PayerQuery, *PAGES],
        responses={200: EntryShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Requests that were decided after `due_at`, or still wait after it."""
        return self.paged(queries.late(queries.Asked(**asked(PayerQuery, request.query_params))), EntryShape)


class TimesView(CommittingView):
    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(
        operation_id="authorization_times_set",
        parameters=[IDEMPOTENCY_KEY],
        request=TimeRequest,
        responses={201: TimeShape, **refusals(400, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Say what time a payer leaves, from a day on. What payers had to decide by is told anew."""
        return once(request, lambda: self._set(request))

    def _set(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(TimeRequest, request.data)
            payer = payer_queries.payer(wanted.pop("payer")) if "payer" in wanted else None
            if "payer" in request.data and payer is None:
                raise Invalid("payer", "there is no such payer")
            source = wanted.pop("written_in", "")
            said = services.set_time(payer=payer, actor=self.caller.actor, source=source, **wanted)
            return Response(TimeShape(said).data, status=201)


class TakeBackView(CommittingView):
    rights: ClassVar = {"POST": Right.PAYERS}

    @extend_schema(
        operation_id="authorization_times_take_back",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: TimeShape, **refusals(404, 409, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """What was said before holds again; answers with the row that says so."""
        return once(request, lambda: self._taken_back(id))

    def _taken_back(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            said = services.take_back(found(queries.setting(public_id)), actor=self.caller.actor)
            return Response(TimeShape(said).data, status=201)
