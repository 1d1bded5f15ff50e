"""Verbs on organizations, people and machines."""

import hashlib
import secrets
import uuid
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.validators import slug_re
from django.db import transaction

from upstream.core import clock, tenancy
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.core.phi import keyring
from upstream.tenants.choices import Role
from upstream.tenants.models import ApiClient, Membership, Organization, Site, TenantSecret, User
from upstream.tenants.rules import CLIENT_SCOPES


def create_organization(*, slug: str, name: str, time_zone: str = "America/Chicago") -> Organization:
    """A new organization with its own secret; Conflict when the slug is taken, Invalid for a bad slug or time zone."""
    if not slug_re.fullmatch(slug) or len(slug) > 50:
        raise Invalid("bad_slug", "a slug is up to 50 letters, digits, hyphens and underscores")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise Invalid("unknown_time_zone", f"there is no time zone {time_zone!r}") from exc
    with tenancy.directory(), transaction.atomic():
        if Organization.objects.filter(slug=slug).exists():
            raise Conflict("slug_taken", f"there is a tenant {slug!r} already")
        organization = Organization.objects.create(slug=slug, name=name, time_zone=time_zone, created_at=clock.now())
        with tenancy.bind(organization.pk):
            give_secret()
    return organization


def give_secret() -> None:
    """The bound organization has a secret of its own, once."""
    TenantSecret.objects.create(sealed=_seal_secret(tenancy.required(), keyring.new_secret()))


def add_member(*, email: str, role: str, password: str | None = None) -> Membership:
    """The person, made if new, with this role in the bound organization. Without a password they cannot sign in yet.

    Conflict("is_member") for a person who has a membership here, an ended one too: it stays as it is.
    """
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, is_staff=role == Role.STAFF)
    membership: Membership
    membership, new = Membership.objects.get_or_create(user=user, defaults={"role": role})
    if not new:
        raise Conflict("is_member", "this person has a membership here already")
    return membership


def create_api_client(
    *, name: str, scopes: list[str], expires_at: datetime | None = None, created_by: User | None = None
) -> tuple[ApiClient, str]:
    """A client of the bound organization and its secret, which is not kept; Invalid for a scope not for clients."""
    unknown = set(scopes) - CLIENT_SCOPES
    if unknown:
        raise Invalid("unknown_scope", f"unknown scope: {', '.join(sorted(unknown))}")
    organization = Organization.objects.get(pk=tenancy.required())
    secret = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        client_id=f"{organization.public_id.hex}.{secrets.token_hex(8)}",
        name=name,
        secret_hash=hash_secret(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
        created_by=created_by,
        created_at=clock.now(),
    )
    return client, secret


def revoke_api_client(client_id: str) -> None:
    """The client's secret and all its tokens are dead from now on; Invalid when there is no such live client."""
    client = ApiClient.objects.select_for_update().filter(client_id=client_id, revoked_at=None).first()
    if client is None:
        raise Invalid("unknown_client", f"there is no live API client {client_id}")
    client.revoked_at = clock.now()
    client.save(update_fields=["revoked_at"])  # one row, so that the audit trail has it


def hash_secret(secret: str) -> str:
    """SHA-256 hex: the secret is 256 random bits, which need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def organization_of_client(client_id: str) -> Organization:
    """The organization that a client id names; NotAllowed("bad_client") when it names none."""
    prefix = client_id.partition(".")[0]
    try:
        public_id = uuid.UUID(hex=prefix)
    except ValueError as exc:
        raise NotAllowed("bad_client", "unknown client or wrong secret") from exc
    with tenancy.directory():
        found = Organization.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotAllowed("bad_client", "unknown client or wrong secret")
    return found


def live_client(client_id: str) -> ApiClient | None:
    """The bound organization's client with this id, unless revoked or expired."""
    client: ApiClient | None = ApiClient.objects.filter(client_id=client_id, revoked_at=None).first()
    if client is None or (client.expires_at and client.expires_at <= clock.now()):
        return None
    return client


def sites_by_name(names: set[str]) -> dict[str, int]:
    """Site id for each name, making those that are new; names that differ in case or spacing are one site."""
    keys = {name: " ".join(name.split()).casefold() for name in names if name.strip()}
    known = dict(Site.objects.filter(name_key__in=keys.values()).values_list("name_key", "pk"))
    for name, key in sorted(keys.items()):
        if key not in known:
            known[key] = Site.objects.create(name=" ".join(name.split()), name_key=key).pk
    return {name: known[key] for name, key in keys.items()}


def tenant_keys() -> keyring.TenantKeys:
    """The bound organization's keys."""
    tenant_id = tenancy.required()
    found = TenantSecret.objects.values_list("sealed", flat=True).first()
    if found is None:
        raise Conflict("secret_gone", "the tenant's secret was deleted: its sealed values are unreadable for ever")
    sealed = bytes(found)
    return _opened_keys(tenant_id, sealed, keyring.newest_key_id())


@lru_cache(maxsize=64)
def _opened_keys(tenant_id: int, sealed: bytes, _newest: str) -> keyring.TenantKeys:
    secret = keyring.unseal(sealed, secret=b"", where=_secret_place(tenant_id))
    return keyring.TenantKeys(tenant_id, secret)


def reseal_secret() -> bool:
    """Put the bound organization's secret under the newest ring key; False when it is there already."""
    row = TenantSecret.objects.select_for_update().get()
    if keyring.key_id_of(bytes(row.sealed)) == keyring.newest_key_id():
        return False
    secret = keyring.unseal(bytes(row.sealed), secret=b"", where=_secret_place(row.tenant_id))
    row.sealed = _seal_secret(row.tenant_id, secret)
    row.save(update_fields=["sealed"])
    return True


def _seal_secret(tenant_id: int, secret: bytes) -> bytes:
    return keyring.seal(secret, secret=b"", where=_secret_place(tenant_id))


def _secret_place(tenant_id: int) -> bytes:
    return keyring.place(tenant_id, "tenants_tenantsecret", "sealed", b"")
