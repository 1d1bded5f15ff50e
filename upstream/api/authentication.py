"""A short JWT names tenant, client and scopes; the client row is asked each time whether that still holds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from upstream.core import clock, tenancy
from upstream.tenants import services
from upstream.tenants.models import ApiClient, Membership


@dataclass(frozen=True)
class Machine:
    """Who calls: an API client of the bound organization."""

    client_id: str
    rights: frozenset[str]
    is_authenticated: bool = True

    @property
    def pk(self) -> str:
        return self.client_id


@dataclass(frozen=True)
class Person:
    """Who calls: a signed-in member, from the portal's own pages."""

    membership: Membership
    is_authenticated: bool = True

    @property
    def pk(self) -> int:
        return int(self.membership.user_id)

    @property
    def rights(self) -> frozenset[str]:
        return self.membership.rights


def _backend() -> TokenBackend:
    options = settings.SIMPLE_JWT
    return TokenBackend(
        options["ALGORITHM"], options["SIGNING_KEY"], audience=options["AUDIENCE"], issuer=options["ISSUER"]
    )


def issue_token(client: ApiClient) -> tuple[str, int]:
    """A signed token for the client and its life in seconds."""
    life = timedelta(minutes=settings.SIMPLE_JWT["ACCESS_TOKEN_MINUTES"])
    now = clock.now()
    payload = {
        "token_type": "access",
        "sub": client.client_id,
        "tenant": client.tenant_id,
        "scopes": client.scopes,
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
    }
    return _backend().encode(payload), int(life.total_seconds())


class ApiClientAuthentication(BaseAuthentication):
    """Binds the token's tenant for the rest of the request, which the middleware around it ends."""

    def authenticate(self, request: Any) -> tuple[Machine, str] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        claims = self._claims(token)
        request._request.tenancy_exit.enter_context(tenancy.bind(claims["tenant"]))
        client = services.live_client(claims["sub"])
        if client is None or client.tenant_id != claims["tenant"]:
            raise AuthenticationFailed("the client was revoked or has expired", code="client_ended")
        return Machine(client.client_id, frozenset(client.scopes) & frozenset(claims["scopes"])), token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="upstream"'

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = _backend().decode(token)
        except TokenBackendError as exc:
            raise AuthenticationFailed("the token is not valid here or has expired", code="bad_token") from exc
        shape = {"sub": str, "tenant": int, "scopes": list, "exp": int}
        if claims.get("token_type") != "access" or not all(isinstance(claims.get(k), t) for k, t in shape.items()):
            raise AuthenticationFailed("the token is not an access token", code="bad_token")
        return claims


class SessionPersonAuthentication(BaseAuthentication):
    """The portal's signed-in member, for the API pages that the portal itself calls (read only)."""

    def authenticate(self, request: Any) -> tuple[Person, None] | None:
        membership = getattr(request._request, "membership", None)
        if membership is None or request.method not in {"GET", "HEAD", "OPTIONS"}:
            return None
        return Person(membership), None
