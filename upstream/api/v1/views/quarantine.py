"""Rows that could not be loaded: opened on purpose, put right, left out for good, or read again all together."""

import uuid
from typing import ClassVar

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import once
from upstream.api.problem import problem
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, refusals
from upstream.api.v1.serializers.uploads import (
    DiscardRequest,
    FixRequest,
    ReplayAnswer,
    RowDetail,
    RowQuery,
    UploadAccepted,
    answer_of,
)
from upstream.api.views import ApiView, CommittingView, found
from upstream.audit.services import record_access
from upstream.ingestion import corrections, queries
from upstream.tenants.choices import Right
from upstream.tenants.services import tenant_keys


class RowView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="rejections_read", parameters=[RowQuery], responses={200: RowDetail, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One row that could not be loaded; with `fields=text` the row itself, which is written into the access log."""
        wanted = asked(RowQuery, request.query_params)
        row = found(queries.rejection(id))
        if not wanted:
            return Response(RowDetail(row).data)
        allowed = Right.READ_PHI in self.caller.rights
        outcome, records = ("granted", 1) if allowed else ("refused", 0)
        record_access(
            actor=self.caller.actor,
            action="open_rejected_row",
            subject=f"rejection:{id}",
            records=records,
            outcome=outcome,
        )
        if not allowed:
            return problem(403, "missing_scope", "the row itself needs the scope read_phi")
        return Response({**RowDetail(row).data, "text": row.raw(tenant_keys())})


class FixView(CommittingView):
    rights: ClassVar = {"POST": Right.UPLOAD}

    @extend_schema(
        operation_id="rejections_fix",
        parameters=[IDEMPOTENCY_KEY],
        request=FixRequest,
        responses={202: UploadAccepted, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Put the row right: it is loaded as a file of its own, and leaves the quarantine; 422 if still unreadable."""
        return once(request, lambda: self._fixed(request, id))

    def _fixed(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            row = found(queries.rejection(public_id))
        text = accepted(FixRequest, request.data)["text"]
        made = corrections.fix(row, text=text, actor=self.caller.actor)
        job = reverse("api:upload", args=[made.public_id])
        response = Response(UploadAccepted(answer_of(made, new=True, job=job)).data, status=202)
        response["Location"] = job
        return response


class DiscardView(CommittingView):
    rights: ClassVar = {"POST": Right.UPLOAD}

    @extend_schema(
        operation_id="rejections_discard",
        parameters=[IDEMPOTENCY_KEY],
        request=DiscardRequest,
        responses={200: RowDetail, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Leave the row out for good, for a reason."""
        return once(request, lambda: self._discarded(request, id))

    def _discarded(self, request: Request, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            row = found(queries.rejection(public_id))
        corrections.discard(row, actor=self.caller.actor, **accepted(DiscardRequest, request.data))
        with transaction.atomic():
            return Response(RowDetail(found(queries.rejection(public_id))).data)


class ReplayView(CommittingView):
    rights: ClassVar = {"POST": Right.UPLOAD}

    @extend_schema(
        operation_id="uploads_replay",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: ReplayAnswer, **refusals(400, 404, 409, 415, 422)},
    )
    def post(self, request: Request, id: uuid.UUID) -> Response:
        """Read every row of the file that waits once more, as after a change of mapping."""
        return once(request, lambda: self._replayed(id))

    def _replayed(self, public_id: uuid.UUID) -> Response:
        with transaction.atomic():
            batch = found(queries.batch(public_id))
        return Response(ReplayAnswer(corrections.replay(batch, actor=self.caller.actor)).data)
