"""Production: refuses to start with anything that is only fit for a laptop."""

from urllib.parse import parse_qs, urlparse

from django.core.exceptions import ImproperlyConfigured

from upstream.settings.base import *  # noqa: F403
from upstream.settings.base import (
    ALLOWED_HOSTS,
    CACHES,
    DATABASES,
    EMAIL_BACKEND,
    EMAIL_USE_SSL,
    EMAIL_USE_TLS,
    PORTAL_BASE_URL,
    REAL_DATA_MODE,
    REDIS_URL,
    SECRET_KEY,
)

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_TRUSTED_ORIGINS = [PORTAL_BASE_URL]

if len(SECRET_KEY) < 50 or "change-me" in SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be a real secret of at least 50 characters")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts")
if REAL_DATA_MODE and not PORTAL_BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("PORTAL_BASE_URL must be https when REAL_DATA_MODE is on")
if REAL_DATA_MODE:
    for _alias in DATABASES.values():
        _options = _alias["OPTIONS"]
        _local = str(_alias["HOST"]).startswith("/") or _alias["HOST"] in {"", "localhost", "127.0.0.1"}
        if not _local and _options.get("sslmode") not in {"require", "verify-ca", "verify-full"}:
            raise ImproperlyConfigured("DATABASE_URL needs sslmode=verify-full (or require) when REAL_DATA_MODE is on")

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


def _is_private(redis_url: str) -> bool:
    """Whether nobody on the way reads what is said to this Redis; without the word, Celery checks no certificate."""
    url = urlparse(redis_url)
    if url.scheme == "rediss":
        return parse_qs(url.query).get("ssl_cert_reqs") == ["required"]
    return url.scheme == "unix" or url.hostname in LOCAL_HOSTS


if REAL_DATA_MODE:
    _smtp = "smtp" in EMAIL_BACKEND.lower() and (EMAIL_USE_TLS or EMAIL_USE_SSL)
    if not (_smtp or EMAIL_BACKEND.startswith("anymail.")):
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtps://..., or smtp:// with a password (STARTTLS), when REAL_DATA_MODE is on:"
            " without it mails would be written as files in clear"
        )
    for _name, _url in {"REDIS_URL": REDIS_URL, "CACHE_URL": CACHES["default"]["LOCATION"]}.items():
        if not _is_private(str(_url)):
            raise ImproperlyConfigured(
                f"{_name} must be rediss://...?ssl_cert_reqs=required, unix:// or on this machine"
                " when REAL_DATA_MODE is on"
            )
