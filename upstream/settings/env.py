"""The only reader of the environment: typed, complete, and loud at boot about the variable that is wrong.

Any secret NAME may be given as NAME_FILE, a path whose content is the value.
"""

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlparse

from decouple import Config, RepositoryEmpty
from django.core.exceptions import ImproperlyConfigured

Network = IPv4Network | IPv6Network
_config = Config(RepositoryEmpty())


def _read(name: str, cast: Callable[[str], Any], default: str | None) -> Any:
    path = os.environ.get(f"{name}_FILE")
    text = Path(path).read_text().strip() if path else _config(name, default=default)
    if text is None:
        raise ImproperlyConfigured(f"{name} is not set")
    try:
        return cast(text)
    except (ValueError, TypeError) as exc:
        raise ImproperlyConfigured(f"{name} cannot be read: {exc}") from exc


def text(name: str, default: str | None = None) -> str:
    return str(_read(name, str, default))


def flag(name: str, default: bool = False) -> bool:
    def cast(value: str) -> bool:
        lowered = value.strip().lower()
        if lowered in {"1", "true", "yes", "on"}:
            return True
        if lowered in {"", "0", "false", "no", "off"}:
            return False
        raise ValueError("expected on or off")

    return bool(_read(name, cast, str(default)))


def integer(name: str, default: int) -> int:
    return int(_read(name, int, str(default)))


def choice(name: str, ranked: tuple[str, ...], *, least: str) -> str:
    """One of `ranked`, never one that stands before `least`, which is also what holds when nothing is said."""
    value = text(name, least)
    if value not in ranked:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(ranked)}")
    if ranked.index(value) < ranked.index(least):
        raise ImproperlyConfigured(f"{name} cannot be looser than {least} when REAL_DATA_MODE is on")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated words."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def storage(default: Path) -> tuple[str, Path]:
    """STORAGE_URL, and the folder for what stands on this machine: its own, or VAR_DIR when files go to a bucket."""
    url = text("STORAGE_URL", f"file://{default}")
    if url.startswith("s3://"):
        if not urlparse(url).netloc:
            raise ImproperlyConfigured("STORAGE_URL must look like s3://bucket/prefix?endpoint=https://...")
        return url, Path(text("VAR_DIR", str(default)))
    if not url.startswith("file://"):
        raise ImproperlyConfigured("STORAGE_URL must begin with file:// or s3://")
    return url, Path(url.removeprefix("file://"))


def networks(name: str) -> list[Network]:
    """Comma-separated networks, such as 10.20.0.0/16."""
    return [_read_network(name, word) for word in words(name)]


def _read_network(name: str, word: str) -> Network:
    try:
        return ip_network(word)
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name}: {word!r} is no network such as 10.20.0.0/16") from exc


def moment(name: str) -> datetime | None:
    """An aware ISO time, or None when not set."""
    value = text(name, "")
    if not value:
        return None
    parsed: datetime = _read(name, datetime.fromisoformat, None)
    if parsed.tzinfo is None:
        raise ImproperlyConfigured(f"{name} needs a time zone, such as 2026-03-01T09:00:00+00:00")
    return parsed


def database_url(name: str = "DATABASE_URL") -> str:
    """The URL, or one put together from DB_NAME, DB_USER, DB_PASSWORD, DB_HOST and DB_PORT."""
    url = text(name, "")
    if not url and name == "DATABASE_URL" and text("DB_NAME", ""):
        user, password = quote(text("DB_USER"), safe=""), quote(text("DB_PASSWORD", ""), safe="")
        server = f"{text('DB_HOST', 'localhost')}:{integer('DB_PORT', 5432)}"
        url = f"postgres://{user}:{password}@{server}/{text('DB_NAME')}"
    if not url:
        raise ImproperlyConfigured(f"{name} is not set")
    if urlparse(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL server")
    return url


@dataclass(frozen=True)
class MailServer:
    """What EMAIL_URL names: smtp://user:password@host:port (STARTTLS when there is a password) or smtps://."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail_server() -> MailServer:
    """The server of EMAIL_URL; one without a host when it is not set."""
    url = urlparse(text("EMAIL_URL", ""))
    if not url.scheme:
        return MailServer()
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtps://user:password@host:465 or smtp://host:587")
    tls, password = url.scheme == "smtps", unquote(url.password or "")
    port = url.port or (465 if tls else 587)
    return MailServer(url.hostname, port, unquote(url.username or ""), password, bool(password) and not tls, tls)


def phi_keys() -> dict[str, bytes]:
    """Key id -> 32 bytes, newest first, from UPSTREAM_PHI_KEYS ("id:base64,id:base64"), else FIELD_ENCRYPTION_KEY."""
    pairs = words("UPSTREAM_PHI_KEYS")
    name = "UPSTREAM_PHI_KEYS"
    if not pairs:
        name, pairs = "FIELD_ENCRYPTION_KEY", [f"k0:{text('FIELD_ENCRYPTION_KEY')}"]
    ring: dict[str, bytes] = {}
    for pair in pairs:
        key_id, _, encoded = pair.partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded.replace("+", "-").replace("/", "_"))
        except (binascii.Error, ValueError) as exc:
            raise ImproperlyConfigured(f"{name}: key {key_id!r} is not base64") from exc
        if len(key) != 32 or not key_id or len(key_id) > 16 or key_id in ring:
            raise ImproperlyConfigured(f"{name}: every key needs its own id of 1 to 16 letters and 32 bytes in base64")
        ring[key_id] = key
    return ring
