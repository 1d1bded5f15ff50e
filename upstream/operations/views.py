"""For machines that watch over this one: alive, and ready."""

import time
from functools import lru_cache

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from upstream.core import health
from upstream.operations.keys import tenant_secret


@transaction.non_atomic_requests
@require_safe
def livez(_request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nobody else."""
    return JsonResponse({"status": "ok"})


@transaction.non_atomic_requests
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """503 unless everything that a request needs is there; says which part is not, and never why."""
    states = _states_in(int(time.monotonic()))
    ready = set(states.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "failed", "checks": states}, status=200 if ready else 503)


@lru_cache(maxsize=1)
def _states_in(_second: int) -> dict[str, str]:
    """Asked once a second at most, for anybody may ask."""
    return health.states_of({**health.CHECKS, "keys": tenant_secret})
