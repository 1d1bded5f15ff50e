"""The product's addresses and one that fails the way code fails: with what it was given in the error's words."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from upstream.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]


def faulty(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [request.POST["value"]])
    return HttpResponse()


urlpatterns = [*urlpatterns, path("faulty/", faulty)]
