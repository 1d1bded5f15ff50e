"""What incidents brought back, tied to what payers paid."""

from datetime import date
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts import ledger_queries as ledger
from upstream.api.shapes import asked
from upstream.api.v1.documented import PAGES, refusals
from upstream.api.v1.serializers.recovered import DaysQuery, LinesQuery, RecoveredLine, RecoveredMonth
from upstream.api.views import PagedView
from upstream.tenants.choices import Right

EVER = {"first": date(2000, 1, 1), "last": date(2999, 12, 31)}


class RecoveredView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="recovered_months",
        parameters=[DaysQuery],
        responses={200: RecoveredMonth(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Every month in which anything came back, was taken back or was avoided; the lines add up to it."""
        wanted = {**EVER, **asked(DaysQuery, request.query_params)}
        months = RecoveredMonth(ledger.months(wanted["first"], wanted["last"]), many=True)
        return Response({"next": None, "previous": None, "results": months.data})


class LinesView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="recovered_lines",
        parameters=[LinesQuery, *PAGES],
        responses={200: RecoveredLine(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Answers of payers with what each adds, in the order in which they were settled."""
        wanted: dict[str, Any] = {**EVER, **asked(LinesQuery, request.query_params)}
        pages = self.pagination_class()
        page = pages.paginate_queryset(ledger.lines(**wanted), request, view=self) or []
        told = RecoveredLine(page, many=True, context={"payments": ledger.payments_of(page)})
        return pages.get_paginated_response(told.data)
