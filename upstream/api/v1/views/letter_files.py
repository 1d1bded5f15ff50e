"""Files of many letters at once; each taking is written into the access log."""

import uuid
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from upstream.api.v1.documented import refusals
from upstream.api.v1.views.letters import file_answer
from upstream.api.views import ApiView, found
from upstream.appeals import batches, queries
from upstream.appeals.documents import MEDIA_TYPES
from upstream.tenants.choices import Right


def file_of_kind(kind: str) -> dict[tuple[int, str], Any]:
    """What a file's operation answers, for the document."""
    return {(200, MEDIA_TYPES[kind]): OpenApiTypes.BINARY, **refusals(404, 409)}


class BatchFileView(ApiView):
    """`format` is given by the address."""

    rights: ClassVar = {"GET": Right.READ_PHI}
    format = "zip"

    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        batch = found(queries.batch(id))
        content = batches.open_files(batch, self.format, actor=self.caller.actor)
        return file_answer(content, f"letters-{str(id)[-8:]}", self.format)


class BatchZipView(BatchFileView):
    @extend_schema(operation_id="letter_batches_zip", responses=file_of_kind("zip"))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """All letters of a batch as Word documents in one archive."""
        return super().get(request, id)


class BatchPdfView(BatchFileView):
    format = "pdf"

    @extend_schema(operation_id="letter_batches_pdf", responses=file_of_kind("pdf"))
    def get(self, request: Request, id: uuid.UUID) -> HttpResponse:
        """All letters of a batch as one PDF."""
        return super().get(request, id)
