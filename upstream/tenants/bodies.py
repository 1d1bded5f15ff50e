"""Who may send a large body: looked at before the form protection reads one, which it does ahead of any view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from upstream.core.middleware import too_large
from upstream.tenants.choices import Right
from upstream.tenants.requests import TenantRequest

API = "/api/"  # its views have limits of their own, and read nothing before they know who calls


class FormLimitMiddleware:
    """Refuses by its header a body above DATA_UPLOAD_MAX_MEMORY_SIZE, but for files of members who may upload."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: TenantRequest) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not self._expected(request):
            return too_large()
        return self.get_response(request)

    def _expected(self, request: TenantRequest) -> bool:
        if request.path.startswith(API):
            return True
        membership = request.membership
        return request.path == reverse("portal:upload") and membership is not None and Right.UPLOAD in membership.rights
