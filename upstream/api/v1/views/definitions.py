"""What the practice wants reported, to whom and when: to read, and to decide as in the portal."""

import uuid
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.shapes import accepted
from upstream.api.v1.documented import IDEMPOTENCY_KEY, IF_NONE_MATCH, refusals
from upstream.api.v1.serializers import reports as shapes
from upstream.api.views import ApiView, CommittingView, found, tagged
from upstream.reports import definitions, queries
from upstream.reports.kinds import KINDS
from upstream.reports.models import Definition
from upstream.tenants.choices import Right
from upstream.tenants.queries import active_members, bound_organization

WRITES = [IDEMPOTENCY_KEY]


def context() -> dict[str, Any]:
    """What a definition's shape needs to name people."""
    return {"members": {member.pk: str(member.user.public_id) for member in active_members()}}


def shown(row: Definition, status: int = 200) -> Response:
    """The definition as it stands, read anew with its schedule."""
    kept = queries.all_definitions().get(pk=row.pk)
    return Response(shapes.ReportDefinitionShape(kept, context=context()).data, status=status)


class KindsView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="report_kinds_list", responses={200: shapes.KindShape(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """Every kind of report there is, and what it says."""
        return Response({"results": shapes.KindShape(list(KINDS.values()), many=True).data})


class DefinitionsView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.REPORT}

    @extend_schema(
        operation_id="report_definitions_list", responses={200: shapes.ReportDefinitionShape(many=True), **refusals()}
    )
    def get(self, request: Request) -> Response:
        """Reports that are set up; there are never many."""
        with transaction.atomic():
            rows = queries.definitions()
            return Response({"results": shapes.ReportDefinitionShape(rows, many=True, context=context()).data})

    @extend_schema(
        operation_id="report_definitions_create", request=shapes.ReportDefinitionRequest, parameters=WRITES,
        responses={201: shapes.ReportDefinitionShape, **refusals(400, 415, 422)},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Set up a report."""
        return once(request, lambda: self._added(request))

    def _added(self, request: Request) -> Response:
        said = accepted(shapes.ReportDefinitionRequest, request.data)
        with transaction.atomic():
            wanted = shapes.wanted_of(said, bound_organization().time_zone)
            made = definitions.add_definition(kind=said["kind"], wanted=wanted, actor=self.caller.actor)
            return shown(made, 201)


class DefinitionView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.REPORT}

    @extend_schema(
        operation_id="report_definitions_read", parameters=[IF_NONE_MATCH],
        responses={200: shapes.ReportDefinitionShape, **refusals(404)},
    )  # fmt: skip
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One report that is set up, also one that was ended."""
        with transaction.atomic():
            row = found(queries.definition(id))
            return tagged(request, shapes.ReportDefinitionShape(row, context=context()).data)

    @extend_schema(
        operation_id="report_definitions_write", request=shapes.ReportDefinitionRequest, parameters=WRITES,
        responses={200: shapes.ReportDefinitionShape, **refusals(400, 404, 409, 415, 422)},
    )  # fmt: skip
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """Say all of it anew; 409 when somebody has changed it since."""
        return once(request, lambda: self._changed(request, id))

    def _changed(self, request: Request, id: uuid.UUID) -> Response:
        with transaction.atomic():
            row = found(queries.definition(id))
            said = accepted(shapes.ReportDefinitionRequest, request.data)
            wanted = shapes.wanted_of(said, bound_organization().time_zone)
            return shown(definitions.change_definition(row, version=said["version"], wanted=wanted))


class MovesView(CommittingView):
    rights: ClassVar = {"POST": Right.REPORT}

    @extend_schema(
        operation_id="report_definitions_move", request=shapes.ReportDefinitionMoveRequest, parameters=WRITES,
        responses={200: shapes.ReportDefinitionShape, **refusals(400, 404, 409, 415)},
    )  # fmt: skip
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Pause, resume, undo the last change, end or put back; 409 when somebody has changed it since."""
        return once(request, lambda: self._moved(request, id))

    def _moved(self, request: Request, id: uuid.UUID) -> Response:
        with transaction.atomic():
            row = found(queries.definition(id))
            said = accepted(shapes.ReportDefinitionMoveRequest, request.data)
            return shown(definitions.MOVES[said["move"]](row, version=said["version"]))


class PolicyView(CommittingView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.REPORT}

    @extend_schema(
        operation_id="report_policy_read", parameters=[IF_NONE_MATCH],
        responses={200: shapes.ReportPolicyShape, **refusals()},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """How long files of reports are kept, and whether mail may carry them."""
        with transaction.atomic():
            return tagged(request, shapes.ReportPolicyShape(queries.policy()).data)

    @extend_schema(
        operation_id="report_policy_write", request=shapes.ReportPolicyRequest, parameters=WRITES,
        responses={200: shapes.ReportPolicyShape, **refusals(400, 409, 415, 422)},
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        """Say both anew; 409 when somebody has changed it since."""
        return once(request, lambda: self._written(request))

    def _written(self, request: Request) -> Response:
        with transaction.atomic():
            wanted = accepted(shapes.ReportPolicyRequest, request.data)
            return Response(shapes.ReportPolicyShape(definitions.save_policy(**wanted)).data)
