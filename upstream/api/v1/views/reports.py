"""Reports: to list, to ask for, and to take away."""

import uuid
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.reports import ReportQuery, ReportRequest, ReportShape, RunMoveRequest
from upstream.api.views import ApiView, CommittingView, PagedView, found, tagged
from upstream.core import clock
from upstream.core.errors import Conflict
from upstream.reports import queries, services
from upstream.reports.definitions import standard
from upstream.reports.models import Definition
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class ReportsView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.REPORT}

    @extend_schema(
        operation_id="reports_list",
        parameters=[ReportQuery, *PAGES],
        responses={200: ReportShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Reports in the order in which they were asked for."""
        wanted = asked(ReportQuery, request.query_params)
        with transaction.atomic():
            return self.paged(queries.runs().filter(**wanted), ReportShape)

    @extend_schema(
        operation_id="reports_create",
        parameters=[IDEMPOTENCY_KEY],
        request=ReportRequest,
        responses={202: ReportShape, **refusals(400, 409, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Ask for a report; one per definition and day, so that asking twice gives the same one."""
        return once(request, lambda: self._requested(request))

    def _requested(self, request: Request) -> Response:
        wanted = accepted(ReportRequest, request.data)
        with transaction.atomic():
            as_of = wanted.get("as_of") or clock.today(bound_organization().time_zone)
            run = services.request(_definition(wanted), as_of=as_of, actor=self.caller.actor, mail=wanted["mail"])
            return Response(ReportShape(run).data, status=202)


def _definition(wanted: dict[str, Any]) -> Definition:
    """The definition that was named, or the standard one of the kind."""
    if "definition" in wanted:
        return found(queries.definition(wanted["definition"]))
    return standard(wanted["kind"], wanted["about"])


class ReportMovesView(CommittingView):
    rights: ClassVar = {"POST": Right.REPORT}

    @extend_schema(
        operation_id="reports_move", parameters=[IDEMPOTENCY_KEY], request=RunMoveRequest,
        responses={200: ReportShape, **refusals(400, 404, 409, 415)},
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Stop a report that is on its way, or try one again that failed or was stopped."""
        return once(request, lambda: self._moved(request, id))

    def _moved(self, request: Request, id: uuid.UUID) -> Response:
        with transaction.atomic():
            run = found(queries.run(id))
            move = accepted(RunMoveRequest, request.data)["move"]
            moved = services.try_again(run) if move == "again" else services.cancel(run)
            return Response(ReportShape(moved).data)


class ReportView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="reports_read", parameters=[IF_NONE_MATCH], responses={200: ReportShape, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One report and its files."""
        return tagged(request, ReportShape(found(queries.run(id))).data)


class ReportFileView(ApiView):
    """`format` is given by the address."""

    rights: ClassVar = {"GET": Right.READ}
    format = "pdf"

    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        run = found(queries.run(id))
        artifact = run.artifacts.select_related("run").filter(format=self.format).first()
        if artifact is None:
            raise Conflict("not_ready", "this report has no such file yet")
        content = b"".join(services.open_artifact(artifact, actor=self.caller.actor))
        response = HttpResponse(content, content_type=MEDIA_TYPES[self.format])
        response["Content-Disposition"] = f'attachment; filename="{run.kind}-{run.as_of:%Y-%m-%d}.{self.format}"'
        response["ETag"] = f'"{artifact.sha256}"'
        return response


def _file(media_type: str) -> dict[tuple[int, str], Any]:
    return {(200, media_type): OpenApiTypes.BINARY, **refusals(404, 409)}


class ReportPdfView(ReportFileView):
    @extend_schema(operation_id="reports_pdf", responses=_file(MEDIA_TYPES["pdf"]))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The report as PDF."""
        return super().get(request, id)


class ReportXlsxView(ReportFileView):
    format = "xlsx"

    @extend_schema(operation_id="reports_xlsx", responses=_file(MEDIA_TYPES["xlsx"]))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The report as an Excel workbook."""
        return super().get(request, id)


class ReportDocxView(ReportFileView):
    format = "docx"

    @extend_schema(operation_id="reports_docx", responses=_file(MEDIA_TYPES["docx"]))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """The report as a Word document."""
        return super().get(request, id)
