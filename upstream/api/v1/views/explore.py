"""Own reports and questions in SQL, as in the portal."""

import uuid
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted
from upstream.api.v1.documented import IDEMPOTENCY_KEY, refusals
from upstream.api.v1.serializers import explore as shapes
from upstream.api.views import ApiView, CommittingView, found
from upstream.explore import queries, services
from upstream.explore.answering import answer
from upstream.explore.models import OwnReport
from upstream.explore.terms import DIMENSIONS, MEASURES
from upstream.tenants.choices import Right

WRITES = [IDEMPOTENCY_KEY]


class TermsView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="explore_terms_read", responses={200: shapes.TermsShape, **refusals()})
    def get(self, request: Request) -> Response:
        """Measures and dimensions that own reports are made of."""
        return Response(shapes.TermsShape({"terms": MEASURES, "dimensions": DIMENSIONS}).data)


class RunView(ApiView):
    rights: ClassVar = {"POST": Right.READ}

    @extend_schema(
        operation_id="explore_run", request=shapes.DefinitionRequest,
        responses={200: shapes.TableShape, **refusals(400, 409, 415, 422)},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """The table of a definition, which is not kept."""
        question = queries.checked(accepted(shapes.DefinitionRequest, request.data))
        return Response(shapes.TableShape(shapes.told(answer(question))).data)


class SqlView(CommittingView):
    rights: ClassVar = {"POST": Right.QUERY}

    @extend_schema(
        operation_id="explore_sql", request=shapes.SqlRequest,
        responses={200: shapes.SqlShape, **refusals(400, 409, 415, 422)},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """What one SELECT finds in the table `claims`; the question is written down, sealed."""
        wanted = accepted(shapes.SqlRequest, request.data)
        return Response(shapes.SqlShape(services.ask_sql(wanted["sql"], actor=self.caller.actor)).data)


class OwnReportsView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.REPORT}

    @extend_schema(operation_id="own_reports_list", responses={200: shapes.OwnReportShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """The client's own reports and those that are shared; never more than five hundred."""
        with transaction.atomic():
            rows = queries.own_reports(self.caller.actor)
            return Response({"results": shapes.OwnReportShape(rows, many=True).data})

    @extend_schema(
        operation_id="own_reports_create", request=shapes.OwnReportRequest,
        responses={201: shapes.OwnReportShape, **refusals(400, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Keep a definition under a name."""
        return once(request, lambda: self._made(request))

    def _made(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(shapes.OwnReportRequest, request.data)
            made = services.save_report(actor=self.caller.actor, **wanted)
            return Response(shapes.OwnReportShape(made).data, status=201)


class OwnReportView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.REPORT}

    @extend_schema(operation_id="own_reports_read", responses={200: shapes.OwnReportShape, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One report, also one that was deleted."""
        with transaction.atomic():
            return Response(shapes.OwnReportShape(_one(self, id)).data)

    @extend_schema(
        operation_id="own_reports_write", request=shapes.OwnReportChange,
        responses={200: shapes.OwnReportShape, **refusals(400, 404, 409, 415, 422)}, parameters=WRITES,
    )  # fmt: skip
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """Say all of it anew; 409 when somebody has changed it since the version that you name."""
        return once(request, lambda: self._changed(request, id))

    def _changed(self, request: Request, id: uuid.UUID) -> Response:
        with transaction.atomic():
            report = _one(self, id)
            wanted = accepted(shapes.OwnReportChange, request.data)
            services.change_report(report, actor=self.caller.actor, **wanted)
            return Response(shapes.OwnReportShape(report).data)


class OwnReportActView(CommittingView):
    """A step on one own report."""

    rights: ClassVar = {"POST": Right.REPORT}

    def acted(self, request: Request, id: uuid.UUID, act: Any) -> Response:
        def done() -> Response:
            with transaction.atomic():
                report = _one(self, id)
                act(report, actor=self.caller.actor)
                return Response(shapes.OwnReportShape(report).data)

        return once(request, done)


ACT: dict[str, Any] = {
    "request": None, "responses": {200: shapes.OwnReportShape, **refusals(404, 409, 422)}, "parameters": WRITES
}  # fmt: skip


class OwnReportDeleteView(OwnReportActView):
    @extend_schema(operation_id="own_reports_delete", **ACT)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Take it out of the lists; it can be restored."""
        return self.acted(request, id, services.delete_report)


class OwnReportRestoreView(OwnReportActView):
    @extend_schema(operation_id="own_reports_restore", **ACT)
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Bring a deleted report back."""
        return self.acted(request, id, services.restore_report)


class OwnReportTableView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="own_reports_table", responses={200: shapes.TableShape, **refusals(404, 409, 422)}
    )  # fmt: skip
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """What the report finds now."""
        return Response(shapes.TableShape(shapes.told(answer(queries.checked(_one(self, id).definition)))).data)


def _one(view: ApiView, id: uuid.UUID) -> OwnReport:
    return found(queries.own_report(id, view.caller.actor))
