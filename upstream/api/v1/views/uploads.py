"""Files in: streamed to encrypted storage, answered at once, read by the workers."""

import itertools
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.multipart import file_of
from upstream.api.shapes import accepted, asked
from upstream.api.v1.documented import IDEMPOTENCY_KEY, PAGES, refusals
from upstream.api.v1.receiving import received
from upstream.api.v1.serializers.uploads import (
    InsideShape,
    UploadAccepted,
    UploadDetail,
    UploadQuery,
    UploadRequest,
    UploadShape,
    WaitingRow,
)
from upstream.api.views import ApiView, CommittingView, PagedView, found
from upstream.core.errors import Invalid
from upstream.ingestion import archives, queries
from upstream.ingestion.models import ArchiveMember, Rejection
from upstream.tenants.choices import Right

SHOWN_REJECTIONS = 100
SHOWN_MEMBERS = 500
FORM = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}


@dataclass(frozen=True)
class Inside:
    """What one file holds: the first files of an archive and rows left out, where its content is, how far it is."""

    members: Iterable[ArchiveMember]
    zones: queries.Zones
    progress: dict[str, int] | None
    rejections: Iterable[Rejection]


class UploadsView(CommittingView, PagedView):
    rights: ClassVar = {"GET": Right.READ, "POST": Right.UPLOAD}
    max_body = None

    @extend_schema(
        operation_id="uploads_list", parameters=PAGES, responses={200: UploadShape(many=True), **refusals(400)}
    )
    def get(self, request: Request) -> Response:
        """Files received, oldest first."""
        asked(UploadQuery, request.query_params)
        with transaction.atomic():
            return self.paged(queries.batches(), UploadShape)

    @extend_schema(
        operation_id="uploads_create",
        parameters=[UploadRequest, IDEMPOTENCY_KEY],
        request={"application/octet-stream": OpenApiTypes.BINARY, "multipart/form-data": FORM},
        responses={202: UploadAccepted, **refusals(400, 409, 411, 413, 422)},
    )
    def post(self, request: Request) -> Response:
        """Send one file (X12, CSV, Excel, FHIR, or a zip of many): as the raw body, or as the part "file" of a form."""
        how = accepted(UploadRequest, request.query_params.dict())
        name, pieces = file_of(request._request)
        return received(request, self.caller.client_id, _not_empty(pieces), name=name, **how)


class UploadView(ApiView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(operation_id="uploads_read", responses={200: UploadDetail, **refusals(404)})
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """One file: whether it was read, what it held, and which of its rows could not be loaded."""
        batch = found(queries.batch(id))
        inside = Inside(
            members=archives.members_of(batch)[:SHOWN_MEMBERS],
            zones=queries.zones_of(batch),
            progress=queries.progress_of(batch),
            rejections=queries.rejections_of(batch)[:SHOWN_REJECTIONS],
        )
        return Response({**UploadShape(batch).data, **InsideShape(inside).data})


class RejectionsView(PagedView):
    rights: ClassVar = {"GET": Right.READ}

    @extend_schema(
        operation_id="uploads_rejections",
        parameters=PAGES,
        responses={200: WaitingRow(many=True), **refusals(400, 404)},
    )
    def get(self, request: Request, id: uuid.UUID) -> Response:
        """Every row of one file that could not be loaded: its line, the field and a code; never its content."""
        asked(UploadQuery, request.query_params)
        rows = queries.rejections_of(found(queries.batch(id))).select_related("replayed_in")
        return self.paged(rows, WaitingRow)


def _not_empty(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first: Any = next(pieces, b"")
    if not first:
        raise Invalid("empty_file", "the file is empty")
    return itertools.chain([first], pieces)
