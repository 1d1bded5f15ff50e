"""One place that turns errors into RFC 9457 problem details."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from upstream.core.errors import DomainError
from upstream.core.observability import request_id


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """application/problem+json with type, title, status, code and trace id; None for what is a fault of ours."""
    set_rollback()
    if isinstance(exc, DomainError):
        return problem(exc.status, exc.code, exc.message)
    if isinstance(exc, Http404):
        return problem(404, "not_found", "there is no such thing here")
    if isinstance(exc, PermissionDenied):
        return problem(403, "not_allowed", "this is not allowed")
    if isinstance(exc, exceptions.APIException):
        return _of_api_exception(exc)
    return None


def problem(status: int, code: str, title: str, **extra: Any) -> Response:
    body = {"type": f"about:blank#{code}", "title": title, "status": status, "code": code, "trace_id": request_id()}
    return Response({**body, **extra}, status=status, content_type="application/problem+json")


def _of_api_exception(exc: exceptions.APIException) -> Response:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]  # set by DRF on 401
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait or 1))  # type: ignore[attr-defined]  # set by Throttled
    if isinstance(exc, exceptions.ValidationError):
        response = problem(exc.status_code, "invalid", "some fields are not valid", errors=exc.detail)
    else:
        codes = exc.get_codes()
        code = codes if isinstance(codes, str) else exc.default_code
        response = problem(exc.status_code, code, str(exc.detail))
    for name, value in headers.items():
        response[name] = value
    return response
