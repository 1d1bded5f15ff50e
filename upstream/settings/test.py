"""Tests: the same engine and wall, cheaper passwords, mail in memory."""

from upstream.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all of them with each new client
ALLOWED_HOSTS = ["*"]
CELERY_BROKER_URL = "memory://"
METRICS_TOKEN = "metrics-token-of-the-tests"  # noqa: S105
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# All tests come from one address, and run again within minutes.
ACCOUNT_RATE_LIMITS = {"second_step_failed": "5/15m/key", "login_failed": "50/15m/key"}
SOURCE_RETRY_SECONDS = 0.0
