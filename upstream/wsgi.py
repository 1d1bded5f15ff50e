import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstream.settings.prod")
# A page that asks for more than this is refused; loads and reports run elsewhere.
os.environ.setdefault("STATEMENT_TIMEOUT_SECONDS", "30")
application = get_wsgi_application()
