"""Client id and secret, from wherever RFC 6749 lets them stand, and whose they are."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from django.db import transaction
from django.http import QueryDict
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from upstream.core import clock, tenancy
from upstream.core.errors import NotAllowed
from upstream.tenants import services
from upstream.tenants.models import ApiClient


def sent_credentials(request: Request) -> dict[str, str]:
    """client_id and client_secret of an Authorization: Basic header; empty when there is none that can be read."""
    scheme, _, encoded = get_authorization_header(request).decode("latin-1").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return {}
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(secret)}


def sent_fields(body: Any) -> dict[str, Any]:
    """The plain fields of a JSON object or a form; ParseError for what is neither."""
    if not isinstance(body, Mapping):
        raise ParseError("the body is not an object", code="invalid")
    return body.dict() if isinstance(body, QueryDict) else dict(body)


def proven_client(client_id: str, secret: str) -> ApiClient | None:
    """The live client whose secret this is. The same questions are asked of the database for an unknown client."""
    with transaction.atomic():
        tenant_id = _tenant_named(client_id)
    if tenancy.current() not in {None, tenant_id}:
        return None
    with tenancy.bind(tenant_id), transaction.atomic():
        client = services.live_client(client_id)
        known = client.secret_hash if client else services.hash_secret("nobody's secret")
        if not hmac.compare_digest(services.hash_secret(secret), known) or client is None:
            return None
        client.last_used_at = clock.now()
        client.save(update_fields=["last_used_at"])
    return client


def _tenant_named(client_id: str) -> int:
    try:
        return services.organization_of_client(client_id).pk
    except NotAllowed:
        return tenancy.current() or 0
