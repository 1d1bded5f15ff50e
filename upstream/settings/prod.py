"""Production: refuses to start with anything that is only fit for a laptop."""

from django.core.exceptions import ImproperlyConfigured

from upstream.settings.base import *  # noqa: F403
from upstream.settings.base import ALLOWED_HOSTS, DATABASES, PORTAL_BASE_URL, REAL_DATA_MODE, SECRET_KEY

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
