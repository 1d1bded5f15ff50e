"""The same request again, under the same Idempotency-Key, gets the same answer (IETF httpapi draft 07).

Kept for a day for each client, path and key. Another body under the key is refused with 422, and a second request
while the first is still at work with 409.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import JSONField, Value
from rest_framework.request import Request
from rest_framework.response import Response

from upstream.core import clock
from upstream.core.db.claiming import exclusive
from upstream.core.errors import Conflict, Invalid
from upstream.tenants.models import ApiAnswer

KEPT = timedelta(days=1)
HEADER = "Idempotency-Key"


class Key:
    """One client's key on one path; false when the caller sent none."""

    def __init__(self, request: Request) -> None:
        sent = request.headers.get(HEADER, "")
        if len(sent) > 200:
            raise Invalid("idempotency_key", f"{HEADER} has at most 200 characters")
        self._client = getattr(request.user, "client_id", "")
        self._hash = hashlib.sha256(f"{request.method} {request.path}\0{sent}".encode()).hexdigest() if sent else ""

    def __bool__(self) -> bool:
        return bool(self._hash)

    @contextmanager
    def held(self) -> Iterator[ApiAnswer | None]:
        """The answer that was given before, if any, with nobody else at work under the key; Conflict when there is."""
        with exclusive(f"answer:{self._client}:{self._hash}", 0) as mine:
            if not mine:
                raise Conflict("in_progress", f"a request with this {HEADER} is still at work")
            with transaction.atomic():
                since = clock.now() - KEPT
                answer = ApiAnswer.objects.filter(client_id=self._client, key_hash=self._hash, at__gt=since).first()
            yield answer

    def remember(self, response: Response, fingerprint: str) -> None:
        """Keep the answer; answers older than a day go."""
        mine = ApiAnswer.objects.filter(client_id=self._client)
        mine.filter(at__lte=clock.now() - KEPT).delete()
        ApiAnswer.objects.create(
            client_id=self._client,
            key_hash=self._hash,
            fingerprint=fingerprint,
            status=response.status_code,
            location=response.get("Location", ""),
            body=Value(json.loads(json.dumps(response.data)), JSONField()),  # JSON's null, too, says what was answered
            at=clock.now(),
        )


def once(request: Request, act: Callable[[], Response], *, sent: Any = None) -> Response:
    """What `act` answers; under a key, what it answered the first time, in one commit with what it did.

    Two requests are the same by what was `sent`, where that is no body that the request itself reads.
    """
    key = Key(request)
    if not key:
        return act()
    with key.held() as earlier:
        fingerprint = fingerprint_of(request.data if sent is None else sent)
        if earlier is not None:
            return again(earlier, fingerprint)
        with transaction.atomic():
            response = act()
            key.remember(response, fingerprint)
        return response


def again(answer: ApiAnswer, fingerprint: str) -> Response:
    """The stored answer; Invalid when it answered something else."""
    if answer.fingerprint != fingerprint:
        raise Invalid("key_reused", f"this {HEADER} was used for another request")
    response = Response(answer.body, status=answer.status)
    response["Idempotency-Replayed"] = "true"
    if answer.location:
        response["Location"] = answer.location
    return response


def fingerprint_of(*parts: Any) -> str:
    """SHA-256 over what the request asks for."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
