"""Incidents: to read, and to trace back to claims."""

import uuid
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.alerts import queries
from upstream.alerts.bundle import bundle_of
from upstream.alerts.models import Incident
from upstream.api.shapes import asked
from upstream.api.v1.documented import IF_NONE_MATCH, PAGES, refusals
from upstream.api.v1.serializers.incidents import (
    EvidenceShape,
    IncidentClaimShape,
    IncidentDetail,
    IncidentQuery,
    IncidentShape,
    JudgedIncident,
    TransitionShape,
    money_told,
)
from upstream.api.v1.serializers.uploads import UploadQuery
from upstream.api.views import ApiView, PagedView, found, tagged
from upstream.tenants.choices import Right
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys


class IncidentsView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="incidents_list",
        parameters=[IncidentQuery, *PAGES],
        responses={200: IncidentShape(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Incidents in the order in which they were opened."""
        wanted = asked(IncidentQuery, request.query_params)
        rows = queries.incidents().select_related("payer")
        if "state" in wanted:
            rows = rows.filter(state=wanted["state"])
        if "updated_after" in wanted:
            rows = rows.filter(changed_at__gt=wanted["updated_after"])
        return self.paged(rows, IncidentShape)


class IncidentView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="incidents_read", parameters=[IF_NONE_MATCH], responses={200: IncidentDetail, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One incident with its history."""
        incident = found(queries.incident(id))
        return tagged(request, detail_of(incident), incident.version)


class IncidentClaimsView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="incidents_claims",
        parameters=PAGES,
        responses={200: IncidentClaimShape(many=True), **refusals(400, 404)},
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """The claims behind the numbers; all pages together add up to the incident's `claims_total`."""
        asked(UploadQuery, request.query_params)
        return self.paged(queries.members_of(found(queries.incident(id))), IncidentClaimShape)


class IncidentEvidenceView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="incidents_evidence", parameters=[IF_NONE_MATCH], responses={200: EvidenceShape, **refusals(404)}
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """What the detector saw, and which run of it: enough to compute it again."""
        return tagged(request, EvidenceShape(found(queries.incident(id))).data)


class IncidentBundleView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="incidents_bundle",
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **refusals(404, 422)},
    )
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """What the incident was worked out from, without people, as a zip with a script that checks it; who took it
        is written down."""
        incident = found(queries.incident(id))
        content = bundle_of(incident, actor=self.caller.actor, practice=bound_organization().name)
        response = HttpResponse(content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="incident-{incident.public_id}.zip"'
        return response


def detail_of(incident: Incident) -> dict[str, Any]:
    """The incident as its page tells it, with its history."""
    told = TransitionShape(queries.told_steps(incident), many=True, context={"keys": tenant_keys()})
    return {**JudgedIncident(incident).data, "money": money_told(incident), "transitions": told.data}
