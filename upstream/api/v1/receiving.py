"""The one door for what clients send, files or rows: kept sealed, known by content, answered with the job."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.api.idempotency import Key, again, fingerprint_of
from upstream.api.v1.serializers.uploads import UploadAccepted, answer_of
from upstream.ingestion import services
from upstream.ingestion.models import Batch


def received(
    request: Request,
    client_id: str,
    chunks: Iterator[bytes],
    *,
    name: str,
    known_at: datetime | None = None,
    profile: str = "",
) -> Response:
    """202 with the job that reads it; under an Idempotency-Key, what was answered the first time."""
    key = Key(request)
    if not key:
        return _keep(client_id, chunks, name, known_at, profile)[0]
    with key.held() as earlier:
        if earlier is not None:
            return again(earlier, fingerprint_of(_sha256_of(chunks), known_at, profile))
        response, batch = _keep(client_id, chunks, name, known_at, profile)
        with transaction.atomic():
            key.remember(response, fingerprint_of(batch.sha256, known_at, profile))
        return response


def _keep(
    client_id: str, chunks: Iterator[bytes], name: str, known_at: datetime | None, profile: str
) -> tuple[Response, Batch]:
    received_from = f"api:{client_id.rpartition('.')[2]}"
    batch, new = services.receive(chunks, name=name, received_from=received_from, known_at=known_at, profile=profile)
    job = reverse("api:upload", args=[batch.public_id])
    response = Response(UploadAccepted(answer_of(batch, new=new, job=job)).data, status=202)
    response["Location"] = job
    return response, batch


def _sha256_of(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
