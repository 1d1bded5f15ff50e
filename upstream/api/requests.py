"""The request of the web server inside the one that the API's views get."""

from typing import cast

from rest_framework.request import Request

from upstream.tenants.requests import TenantRequest


def within(request: Request) -> TenantRequest:
    """What TenantMiddleware let through."""
    return cast(TenantRequest, request._request)
