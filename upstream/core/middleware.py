"""Middleware that knows nothing of tenants: request ids, body limits, private answers."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django_structlog.middlewares import RequestMiddleware

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
logger = structlog.get_logger(__name__)


class RequestLogMiddleware(RequestMiddleware):
    """Log lines of a request by its path alone: a query may hold a search for a person, a header whatever was sent."""

    def prepare(self, request: HttpRequest) -> None:
        """The request has an id, its caller's when that is one, and nothing else that a caller can choose."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        logger.info("request_started", request=self.format_request(request))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


class BodyLimitMiddleware:
    """Refuses by its header a body that no page of ours takes, before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.MAX_UPLOAD_BYTES:
            return too_large()
        return self.get_response(request)


def too_large() -> JsonResponse:
    """The refusal of a body by its length."""
    return JsonResponse(
        {"title": "The upload is too large", "status": 413, "code": "too_large"},
        status=413,
        content_type="application/problem+json",
    )


class PrivateResponseMiddleware:
    """Nothing that a signed-in person or client sees is stored by a browser or proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
