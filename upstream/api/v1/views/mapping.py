"""A table in other columns: what seems to be which, what would come of it, and the word that it is so."""

import uuid
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.shapes import accepted
from upstream.api.v1.documented import refusals
from upstream.api.v1.serializers.mapping import MappingAnswer, MappingRequest, ProposalShape, proposal_of
from upstream.api.views import ApiView, found
from upstream.core.errors import Conflict
from upstream.ingestion import mapping as services
from upstream.ingestion import queries
from upstream.ingestion.choices import BatchState
from upstream.ingestion.formats.profile import from_json
from upstream.ingestion.models import Batch
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys


class MappingView(ApiView):
    rights: ClassVar = {"GET": Right.READ, "PUT": Right.UPLOAD}

    @extend_schema(operation_id="uploads_mapping", responses={200: ProposalShape, **refusals(404, 409, 422)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Which column of a file that needs a mapping seems to be which of ours; never its content."""
        batch = _waiting(id)
        return Response(ProposalShape(proposal_of(batch.status, services.preview(batch, tenant_keys()))).data)

    @extend_schema(
        operation_id="uploads_mapping_confirm",
        request=MappingRequest,
        responses={200: MappingAnswer, 202: MappingAnswer, **refusals(400, 404, 409, 415, 422)},
    )
    def put(self, request: Request, id: uuid.UUID) -> Response:
        """Say which column is which: 202, and the file is read; with `check_only`, 200 and what would come of it."""
        batch = _waiting(id)
        sent = accepted(MappingRequest, request.data)
        name, check_only = sent.pop("name"), sent.pop("check_only")
        profile = from_json(sent)
        answer = {"confirmed": not check_only, "name": name, "version": 0, "missing": profile.lacking(), "check": None}
        if check_only:
            answer["check"] = services.tried(batch, profile, tenant_keys())
            return Response(MappingAnswer(answer).data)
        kept = services.confirm(batch, profile=profile, name=name, actor=self.caller.actor)
        return Response(MappingAnswer(answer | {"name": kept.name, "version": kept.version}).data, status=202)


def _waiting(public_id: uuid.UUID) -> Batch:
    batch = found(queries.batch(public_id))
    if batch.state != BatchState.MAPPING:
        raise Conflict("not_waiting", "this file does not wait for a mapping")
    return batch
