"""How often a client may ask, and how often anyone may guess."""

import hashlib
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

LOCKED_SECONDS = 15 * 60
CLIENT_FAILURES = 10
SOURCE_FAILURES = 30


class ClientThrottle(SimpleRateThrottle):
    """Requests of one API client; not a wall against guessing, which `Guesses` counts."""

    scope = "client"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        client = getattr(request.user, "client_id", "")
        return self.cache_format % {"scope": self.scope, "ident": client} if client else None


class Guesses:
    """Failed tries at one client's secret from anywhere, and at any client's from one source.

    Each try is counted before it is judged, by Redis INCR, so that simultaneous ones cannot slip through, and taken
    back when it succeeds. The last allowed failure closes the door for 15 minutes. Without Redis nobody gets in.
    """

    def __init__(self, request: Request, client_id: str) -> None:
        client = hashlib.sha256(client_id.encode()).hexdigest()
        self._client = f"guesses:client:{client}"
        self._source = f"guesses:source:{BaseThrottle().get_ident(request)}"

    def count(self) -> None:
        """One more try; Throttled when client or source has failed too often."""
        tries = _more(self._client, CLIENT_FAILURES), _more(self._source, SOURCE_FAILURES)
        if tries[0] > CLIENT_FAILURES or tries[1] > SOURCE_FAILURES:
            raise Throttled(wait=LOCKED_SECONDS, detail="too many failed tries", code="locked")

    def forgive(self) -> None:
        """The try was good: the client starts anew, and the source has one failure less."""
        cache.delete(self._client)
        with suppress(ValueError):  # the count has expired meanwhile
            cache.decr(self._source)


def _more(key: str, limit: int) -> int:
    cache.add(key, 0, LOCKED_SECONDS)
    tries = int(cache.incr(key))
    if tries == limit:
        cache.touch(key, LOCKED_SECONDS)
    return tries
