"""Every measure of the practice over some weeks."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import asked
from upstream.api.v1.documented import refusals
from upstream.api.v1.serializers.measures import (
    BehindQuery,
    BehindShape,
    MeasuresQuery,
    MeasuresShape,
    told,
    told_behind,
)
from upstream.api.views import ApiView, found
from upstream.claims import payer_queries
from upstream.kpis.measures import measures
from upstream.tenants.choices import Right


class MeasuresView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="measures_read",
        parameters=[MeasuresQuery],
        responses={200: MeasuresShape, **refusals(400, 404, 422)},
    )
    def get(self, request: Request) -> Response:
        """Each measure with its formula, basis, range, maturity and method, or why it is unknown.

        Days stand for the whole weeks that they lie in; at most two years.
        """
        given = asked(MeasuresQuery, request.query_params)
        payer = found(payer_queries.payer(given["payer"])) if "payer" in given else None
        return Response(MeasuresShape(told(measures(given.get("first"), given.get("last"), payer))).data)


class BehindView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="measure_claims",
        parameters=[BehindQuery],
        responses={200: BehindShape, **refusals(400, 404, 422)},
    )
    def get(self, request: Request) -> Response:
        """One measure, its sites, and exactly the claims that it counts: they add up to it."""
        given = asked(BehindQuery, request.query_params)
        payer = found(payer_queries.payer(given["payer"])) if "payer" in given else None
        seen = measures(given.get("first"), given.get("last"), payer)
        return Response(BehindShape(told_behind(seen, given["measure"], given.get("page", 1))).data)
