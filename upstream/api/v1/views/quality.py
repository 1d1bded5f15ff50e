"""The state of the data, and whether the money adds up."""

from datetime import timedelta
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import asked
from upstream.api.v1.documented import PAGES, refusals
from upstream.api.v1.serializers.quality import (
    FindingQuery,
    FindingShape,
    ReconciliationQuery,
    ReconciliationShape,
)
from upstream.api.views import ApiView, PagedView
from upstream.core import clock
from upstream.ingestion.quality import queries as quality
from upstream.ingestion.reconciliation import queries
from upstream.ingestion.reconciliation.choices import Basis, By
from upstream.ingestion.reconciliation.payments import payments
from upstream.ingestion.reconciliation.rules import Range
from upstream.kpis import answer_sums
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization

WEEKS = 8


class QualityView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="quality_list",
        parameters=[FindingQuery, *PAGES],
        responses={200: FindingShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """What was found in files, payers and the practice, in the order in which it was found first."""
        wanted = asked(FindingQuery, request.query_params)
        rows = quality.findings()
        if "state" in wanted:
            rows = rows.filter(state=wanted["state"])
        return self.paged(rows, FindingShape)


class ReconciliationView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="reconciliation_read",
        parameters=[ReconciliationQuery],
        responses={200: ReconciliationShape, **refusals(400, 422)},
    )
    def get(self, request: Request) -> Response:
        """Payments by payer and period against what was loaded of them, and claims by the basis chosen.

        By day at most 92 days, by week two years, by month ten.
        """
        given = asked(ReconciliationQuery, request.query_params)
        last = given.get("last") or clock.today(bound_organization().time_zone)
        wanted = Range(given.get("first") or last - timedelta(weeks=WEEKS), last, By(given["by"]))
        basis = Basis(given["basis"])
        rows = queries.reconciliation(wanted, payments(wanted))
        sums = answer_sums.claim_sums(wanted, basis)
        body = {
            "first": wanted.first,
            "last": wanted.last,
            "by": wanted.by,
            "basis": basis,
            "rows": rows,
            "total": queries.total(rows),
            "claims": sums,
            "claims_total": queries.claim_total(sums),
        }
        return Response(ReconciliationShape(body).data)
