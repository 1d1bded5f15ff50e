"""Development: the production shape with two things loosened: plain http, and debug pages when asked for."""

from django.core.exceptions import ImproperlyConfigured

from upstream.settings import env
from upstream.settings.base import *  # noqa: F403

DEBUG = env.flag("DEBUG")
STORAGES = {  # so that a fresh clone serves its pages without collectstatic
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # a laptop's http://localhost
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

if REAL_DATA_MODE:  # noqa: F405
    raise ImproperlyConfigured("REAL_DATA_MODE needs DJANGO_SETTINGS_MODULE=upstream.settings.prod")
