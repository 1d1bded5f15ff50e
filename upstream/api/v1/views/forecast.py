"""What the next four weeks are expected to bring."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import asked
from upstream.api.v1.documented import refusals
from upstream.api.v1.serializers.forecast import ForecastQuery, ForecastShape, told
from upstream.api.views import ApiView, found
from upstream.claims import payer_queries
from upstream.forecast.queries import next_weeks
from upstream.tenants.choices import Right


class ForecastView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="forecast_read",
        parameters=[ForecastQuery],
        responses={200: ForecastShape, **refusals(400, 404)},
    )
    def get(self, request: Request) -> Response:
        """Cash and denials of the next four weeks with 80 % ranges, and how right earlier forecasts were.

        From what was known at the end of `as_of`. Payers that bring most come first; they add up to the total.
        """
        given = asked(ForecastQuery, request.query_params)
        payer = found(payer_queries.payer(given["payer"])) if "payer" in given else None
        return Response(ForecastShape(told(next_weeks(payer))).data)
