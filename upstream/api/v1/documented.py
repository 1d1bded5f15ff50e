"""What the OpenAPI document says of every operation: who may call it, and how it refuses."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from upstream.api.v1.serializers.common import Problem
from upstream.tenants.choices import Right
from upstream.tenants.rules import CLIENT_SCOPES

REASONS = {
    400: "A field or the body is not valid.",
    401: "No token, or one that is not valid any more.",
    403: "The client lacks the scope.",
    404: "There is no such thing here.",
    409: "Not in the state that this needs.",
    411: "No Content-Length.",
    412: "Changed since the version in If-Match; `changed` says by whom and how.",
    413: "The body is too large.",
    415: "Not a media type that this path reads.",
    422: "Read, and refused by a rule.",
    429: "Too often; see Retry-After.",
}
PAGES = [
    OpenApiParameter("cursor", str, description="From `next` or `previous` of a page."),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
]
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag that you have; 304 when it is still that."
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag that you have; 412 when it is no more that."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key with the same body gets the same answer for a day; with another body, 422.",
)


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The refusals of an operation, as problem+json."""
    return {
        (status, "application/problem+json"): OpenApiResponse(Problem, description=REASONS[status])
        for status in statuses
    }


def refusals(*more: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Those of every operation behind a token, and more."""
    return problems(401, 403, 429, *more)


class ClientCredentials(OpenApiAuthenticationExtension):
    target_class = "upstream.api.authentication.ApiClientAuthentication"
    name = "clientCredentials"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        right = getattr(auto_schema.view, "rights", {}).get(auto_schema.method)
        return {self.name: [str(right)] if right else []}

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        scopes = {right.value: right.label for right in Right if right in CLIENT_SCOPES}
        return {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/api/v1/auth/token/", "scopes": scopes}},
        }
