"""Every address of the product."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from upstream.operations import mail_hooks, scraping, views

# Here and not at the start of every process: workers and commands have no use for it, nor for the 12 MB it takes.
admin.autodiscover()

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="portal:today")),
    path("portal/", include("upstream.portal.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("upstream.api.urls")),
    path("hooks/mail/<slug:provider>/", mail_hooks.words),
    path("livez", views.livez),
    path("readyz", views.readyz),
    path("metrics", scraping.prometheus),
]

handler400 = "upstream.api.problem.bad_request"
handler500 = "upstream.api.problem.server_error"
