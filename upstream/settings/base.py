"""Production-shaped settings; dev loosens two things, prod only tightens, test makes it fast."""

import base64
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from upstream.api.enum_names import ENUM_NAMES
from upstream.core import observability
from upstream.settings import env
from upstream.settings.accounts import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
REAL_DATA_MODE = env.flag("REAL_DATA_MODE")
PORTAL_BASE_URL = env.text("PORTAL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
FIXED_NOW = env.moment("UPSTREAM_NOW")
CRASH_AT = env.text("UPSTREAM_CRASH_AT", "")
DISABLE_WALL = env.text("UPSTREAM_DISABLE_WALL", "")

if DISABLE_WALL not in {"", "rls", "orm"}:
    raise ImproperlyConfigured("UPSTREAM_DISABLE_WALL must be rls or orm")
if REAL_DATA_MODE and (DISABLE_WALL or CRASH_AT or FIXED_NOW):
    raise ImproperlyConfigured("REAL_DATA_MODE refuses UPSTREAM_DISABLE_WALL, UPSTREAM_CRASH_AT and UPSTREAM_NOW")

PHI_KEYS = env.phi_keys()
# Only because the package reads it at import; our keyring does the sealing.
FIELD_ENCRYPTION_KEY = [base64.urlsafe_b64encode(key).decode() for key in PHI_KEYS.values()]

INSTALLED_APPS = [
    "upstream.portal.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "encrypted_model_fields",
    "auditlog",
    "axes",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "csp",
    "upstream.core",
    "upstream.tenants",
    "upstream.audit",
    "upstream.delivery",
    "upstream.claims",
    "upstream.ingestion",
    "upstream.ingestion.quality",
    "upstream.ingestion.reconciliation",
    "upstream.contracts",
    "upstream.detection",
    "upstream.alerts",
    "upstream.routing",
    "upstream.authorizations",
    "upstream.watchers",
    "upstream.worklist",
    "upstream.appeals",
    "upstream.kpis",
    "upstream.forecast",
    "upstream.explore",
    "upstream.reports",
    "upstream.samples",
    "upstream.portal.apps.PortalConfig",
    "upstream.api",
    "upstream.operations",
    "upstream.demo",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "upstream.core.middleware.BodyLimitMiddleware",
    "upstream.core.middleware.RequestLogMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "upstream.tenants.middleware.TenantMiddleware",
    "upstream.tenants.bodies.FormLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "upstream.audit.middleware.ChangeLogMiddleware",
    "upstream.core.middleware.PrivateResponseMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "upstream.urls"
WSGI_APPLICATION = "upstream.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "upstream.portal.context.portal",
            ]
        },
    }
]

_TIMEOUTS = (
    f"-c statement_timeout={env.integer('STATEMENT_TIMEOUT_SECONDS', 0)}s"
    " -c idle_in_transaction_session_timeout=600s -c jit=off"
)
_ENGINE = "upstream.core.db.engine"
_UNWALLED = DISABLE_WALL == "rls"


def _database(name: str) -> dict[str, Any]:
    settings: dict[str, Any] = dict(dj_database_url.parse(env.database_url(name), engine=_ENGINE))
    settings["ATOMIC_REQUESTS"] = name != "DATABASE_OWNER_URL"
    settings["CONN_MAX_AGE"] = 600
    settings["CONN_HEALTH_CHECKS"] = True
    settings["OPTIONS"] = {
        **settings.get("OPTIONS", {}),
        "connect_timeout": 10,
        "options": _TIMEOUTS,
    }
    return settings


DATABASES = {"default": _database("DATABASE_UNWALLED_URL" if _UNWALLED else "DATABASE_URL")}
if env.text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = _database("DATABASE_OWNER_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("CACHE_URL", REDIS_URL),
        "KEY_FUNCTION": "upstream.core.caching.tenant_key",
        "TIMEOUT": 300,
    }
}

CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CORS_ALLOWED_ORIGINS: list[str] = []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["upstream.core.uploads.SealedUploadHandler"]
# Private networks that sources may be in, and folders of this machine that sources may watch (below the tenant's name).
OUTBOUND_ALLOW, WATCHED_FOLDERS = env.networks("OUTBOUND_ALLOW"), env.words("WATCHED_FOLDERS")
SOURCE_RETRY_SECONDS = 1.0
MAX_UPLOAD_BYTES = env.integer("MAX_UPLOAD_MB", 2048) * 1024 * 1024

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N, USE_TZ = False, True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

STORAGE_URL, VAR_DIR = env.storage(BASE_DIR / "var")
S3_ACCESS_KEY, S3_SECRET_KEY = env.text("S3_ACCESS_KEY", ""), env.text("S3_SECRET_KEY", "")

_MAIL = env.mail_server()
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.host, _MAIL.port, _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _MAIL.starttls, _MAIL.tls, 30
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND", f"upstream.delivery.backends.{'SmtpBackend' if _MAIL.host else 'EmlFileBackend'}"
)
ANYMAIL = {name: env.text(f"ANYMAIL_{name}") for name in env.words("ANYMAIL_SETTINGS")}
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Upstream <upstream@localhost>")
MAIL_DIR = VAR_DIR / "mail"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["upstream.api.authentication.ApiClientAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["upstream.api.permissions.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "upstream.api.pagination.StablePagination",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["upstream.api.throttles.ClientThrottle"],
    "DEFAULT_THROTTLE_RATES": {"client": env.text("API_RATE", "600/min"), "token": env.text("TOKEN_RATE", "30/min")},
    "EXCEPTION_HANDLER": "upstream.api.problem.handle",
    "NUM_PROXIES": env.integer("TRUSTED_PROXIES", 0),
    "PAGE_SIZE": 100,
}
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": env.text("JWT_SIGNING_KEY", f"jwt:{SECRET_KEY}"),
    "ISSUER": "upstream",
    "AUDIENCE": "upstream-api",
    "ACCESS_TOKEN_MINUTES": 10,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Upstream API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXTENDED = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SOFT_TIME_LIMIT = 1740
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 4000,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue(name) for name in ("default", "sources", "ingest", "detection", "reports", "delivery")]
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "upstream.sweep", "schedule": 20.0}}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

AUDITLOG_INCLUDE_ALL_MODELS = False
AUDITLOG_DISABLE_ON_RAW_SAVE = True
AUDITLOG_CID_GETTER = "upstream.core.observability.request_id"
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING = observability.logging_config(LOG_LEVEL)
observability.configure_structlog()
observability.start_sentry(env.text("SENTRY_DSN", ""))
