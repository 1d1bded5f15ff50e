from typing import Any

from rest_framework.throttling import SimpleRateThrottle


class ClientThrottle(SimpleRateThrottle):
    """Requests of one API client; not a wall against guessing, which the token endpoint counts by itself."""

    scope = "client"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        client = getattr(request.user, "client_id", "")
        return self.cache_format % {"scope": self.scope, "ident": client} if client else None
