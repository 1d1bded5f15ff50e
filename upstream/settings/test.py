"""Tests: the same engine and wall, cheaper passwords, mail in memory."""

from upstream.settings.base import *  # noqa: F403
from upstream.settings.base import BASE_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = BASE_DIR / "static"  # whitenoise warns of a folder that is not there
ALLOWED_HOSTS = ["*"]
CELERY_BROKER_URL = "memory://"
METRICS_TOKEN = "metrics-token-of-the-tests"  # noqa: S105
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
