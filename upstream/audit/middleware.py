"""Who changes something through the web, and from where, as far as our own proxies say."""

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest, HttpResponse

from upstream.audit import whence
from upstream.core.visitors import address_of


class ChangeLogMiddleware(AuditlogMiddleware):
    """Takes the address as our own proxies wrote it.

    The package's own believes whatever a client sends: a forged address in the trail, or a failure for a bad one.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with whence.came_from(self._get_remote_addr(request) or ""):
            answer: HttpResponse = super().__call__(request)
            return answer

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return address_of(request)

    @staticmethod
    def _get_remote_port(_request: HttpRequest) -> int | None:
        """No proxy is asked for it, so none is believed."""
        return None
