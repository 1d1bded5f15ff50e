"""Every measure of the practice over some weeks."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import asked
from upstream.api.v1.documented import refusals
from upstream.api.v1.serializers.measures import MeasuresQuery, MeasuresShape, told
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
