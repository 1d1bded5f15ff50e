"""The API described: OpenAPI 3.1, and a page to try it on."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView


@lru_cache(maxsize=1)
def schema_text() -> bytes:
    """The OpenAPI document as YAML, made once for each process."""
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    return bytes(OpenApiYamlRenderer().render(schema, renderer_context={}))


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(schema_text(), content_type="application/vnd.oai.openapi; charset=utf-8")


@method_decorator(require_safe, name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files, with its script apart, so that the strict policy holds."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    authentication_classes = []
