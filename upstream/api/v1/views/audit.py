"""The access log, for a practice's own monitoring."""

from io import BytesIO
from typing import ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import PAGES, refusals
from upstream.api.v1.serializers.finding import AccessQuery, AccessShape
from upstream.api.views import CommittingView, PagedView
from upstream.audit.exporting import export
from upstream.audit.queries import Asked, accesses
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization


class AccessesView(PagedView):
    rights: ClassVar = {"GET": Right.AUDIT}

    @extend_schema(
        operation_id="audit_list",
        parameters=[AccessQuery, *PAGES],
        responses={200: AccessShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Who looked at what identifies a claim or a patient, from where and why, in the order of the chain."""
        wanted = Asked(**asked(AccessQuery, request.query_params))
        return self.paged(accesses(wanted, bound_organization().time_zone), AccessShape)


class AuditExportView(CommittingView):
    rights: ClassVar = {"POST": Right.AUDIT}

    @extend_schema(
        operation_id="audit_export",
        request=AccessQuery,
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **refusals(400, 415)},
    )
    def post(self, request: Request) -> HttpResponse:
        """The entries asked for as a ZIP of JSON lines, CSV and a signed manifest; the export is an entry itself."""
        wanted = Asked(**accepted(AccessQuery, request.data))
        made = BytesIO()
        with transaction.atomic():
            practice = bound_organization()
            export(wanted, made, actor=self.caller.actor, practice=practice)
        response = HttpResponse(made.getvalue(), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="audit-{practice.slug}.zip"'
        return response
