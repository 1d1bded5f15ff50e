"""Versions of the API, and an answer of its own kind for every other path below /api/."""

from django.urls import include, path, re_path

from upstream.api.views import UnknownPath

app_name = "api"
urlpatterns = [
    path("v1/", include("upstream.api.v1.urls")),
    re_path("", UnknownPath.as_view()),
]
