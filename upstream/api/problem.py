"""One place that turns errors into RFC 9457 problem details."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from upstream.core.errors import DomainError
from upstream.core.observability import request_id

MEDIA_TYPE = "application/problem+json"
HINTS = {
    "bad_token": "Get a new token from /api/v1/auth/token/.",
    "client_ended": "Ask an owner of the practice for a new API client.",
    "not_authenticated": "Send 'Authorization: Bearer <token>' with a token from /api/v1/auth/token/.",
    "missing_scope": "An owner of the practice gives scopes to API clients.",
    "not_found": "Paths end with a slash; /api/v1/docs/ lists them.",
}
log = logging.getLogger(__name__)


def handle(exc: Exception, context: dict[str, Any]) -> Response:
    """The answer to any error in an API view. What is a fault of ours is recorded here and answered with 500."""
    if not getattr(context["view"], "commits", False):
        set_rollback()
    if isinstance(exc, DomainError) and exc.status < 500:
        return _of_domain_error(exc)
    if isinstance(exc, Http404):
        return problem(404, "not_found", "there is no such thing here")
    if isinstance(exc, PermissionDenied):
        return problem(403, "not_allowed", "this is not allowed")
    if isinstance(exc, SuspiciousOperation):
        return problem(400, "bad_request", "the request cannot be read")
    if isinstance(exc, exceptions.APIException):
        return _of_api_exception(exc)
    return _of_fault(exc, context["request"]._request)


def problem(status: int, code: str, title: str, **extra: Any) -> Response:
    """application/problem+json; `trace_id` is the request's id in our logs."""
    return Response(body_of(status, code, title, **extra), status=status, content_type=MEDIA_TYPE)


def body_of(status: int, code: str, title: str, **extra: Any) -> dict[str, Any]:
    known = {"type": f"urn:upstream:problem:{code}", "title": title, "status": status, "code": code}
    hint = {"hint": HINTS[code]} if code in HINTS else {}
    return {**known, **hint, "trace_id": request_id(), **extra}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: what is refused before a view is found."""
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return _plain(400, "bad_request", "the request cannot be read")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: faults outside of the API's views."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    return _plain(500, "internal", "something went wrong on our side")


def _plain(status: int, code: str, title: str) -> JsonResponse:
    return JsonResponse(body_of(status, code, title), status=status, content_type=MEDIA_TYPE)


def _of_domain_error(exc: DomainError) -> Response:
    where = {name: value for name in ("line", "field", "changed") if (value := getattr(exc, name, None))}
    return problem(exc.status, exc.code, exc.message, **where)


def _of_fault(exc: Exception, request: HttpRequest) -> Response:
    got_request_exception.send(sender=None, request=request)
    log.error("api_fault", exc_info=exc)
    if isinstance(exc, RedisError | OperationalError | InterfaceError):
        response = problem(503, "unavailable", "a part of the service is away; try again soon")
        response["Retry-After"] = "5"
        return response
    return problem(500, "internal", "something went wrong on our side")


def _of_api_exception(exc: exceptions.APIException) -> Response:
    if isinstance(exc, exceptions.ValidationError):
        return problem(
            exc.status_code, "invalid", "some fields are not valid", errors=list(_flat(exc.get_full_details()))
        )
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else exc.default_code
    response = problem(exc.status_code, code, str(exc.detail))
    if how := getattr(exc, "auth_header", None):  # set by DRF on 401
        response["WWW-Authenticate"] = how
    if isinstance(exc, exceptions.Throttled):
        response["Retry-After"] = str(int(getattr(exc, "wait", None) or 1))
    return response


def _flat(details: Any, field: str = "") -> Iterator[dict[str, str]]:
    if isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield {"field": field, "code": details["code"], "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flat(inner, "" if name == "non_field_errors" else f"{field}.{name}".strip("."))
    else:
        for inner in details:
            yield from _flat(inner, field)
