"""A short JWT names tenant, client and scopes; the client row is asked each time whether that still holds."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from upstream.api.requests import within
from upstream.core import tenancy
from upstream.tenants import services
from upstream.tenants.models import ApiClient


@dataclass(frozen=True)
class Machine:
    """Who calls: an API client of the bound organization, with the rights that its token and its row both give."""

    client_id: str
    rights: frozenset[str]
    is_authenticated: bool = True

    @property
    def pk(self) -> str:
        return self.client_id

    @property
    def actor(self) -> str:
        """How the audit trail and an incident's history name the caller."""
        return f"client:{self.client_id}"


def _backend() -> TokenBackend:
    options: dict[str, Any] = settings.SIMPLE_JWT
    return TokenBackend(
        options["ALGORITHM"], options["SIGNING_KEY"], audience=options["AUDIENCE"], issuer=options["ISSUER"]
    )


def issue_token(client: ApiClient, scopes: list[str]) -> tuple[str, int]:
    """A signed token for the client and its life in seconds. Its times are the machine's, not those of UPSTREAM_NOW."""
    options: dict[str, Any] = settings.SIMPLE_JWT
    life = timedelta(minutes=options["ACCESS_TOKEN_MINUTES"])
    now = int(time.time())
    payload = {
        "token_type": "access",
        "sub": client.client_id,
        "tenant": client.tenant_id,
        "scopes": scopes,
        "iat": now,
        "exp": now + int(life.total_seconds()),
    }
    return _backend().encode(payload), int(life.total_seconds())


class ApiClientAuthentication(BaseAuthentication):
    """Binds the token's tenant for the rest of the request, which the middleware around it ends."""

    def authenticate(self, request: Request) -> tuple[Machine, str] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        claims = self._claims(token)
        if tenancy.current() not in {None, claims["tenant"]}:
            raise AuthenticationFailed("the token belongs to another practice than the session", code="bad_token")
        within(request).tenancy_exit.enter_context(tenancy.bind(claims["tenant"]))
        with transaction.atomic(savepoint=False):
            client = services.live_client(claims["sub"])
        if client is None or client.tenant_id != claims["tenant"]:
            raise AuthenticationFailed("the client was revoked or has expired", code="client_ended")
        return Machine(client.client_id, frozenset(client.scopes) & frozenset(claims["scopes"])), token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="upstream"'

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = _backend().decode(token)  # type: ignore[arg-type]  # takes the encoded text
        except (TokenBackendError, RecursionError) as exc:  # the header is read before the signature is checked
            raise AuthenticationFailed("the token is not valid here or has expired", code="bad_token") from exc
        shape = {"sub": str, "tenant": int, "scopes": list, "exp": int}
        if claims.get("token_type") != "access" or not all(isinstance(claims.get(k), t) for k, t in shape.items()):
            raise AuthenticationFailed("the token is not an access token", code="bad_token")
        return claims
