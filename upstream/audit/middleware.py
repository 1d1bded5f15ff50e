"""Who changes something through the web, and from where, as far as our own proxies say."""

from ipaddress import ip_address

from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from upstream.audit import whence


class ChangeLogMiddleware(AuditlogMiddleware):
    """Takes the address from X-Forwarded-For only as the last AXES_IPWARE_PROXY_COUNT proxies wrote it.

    The package's own believes whatever a client sends: a forged address in the trail, or a failure for a bad one.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with whence.came_from(self._get_remote_addr(request) or ""):
            answer: HttpResponse = super().__call__(request)
            return answer

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        proxies = settings.AXES_IPWARE_PROXY_COUNT
        address = hops[-proxies] if proxies and len(hops) >= proxies else request.META.get("REMOTE_ADDR", "")
        try:
            return str(ip_address(address))
        except ValueError:
            return None

    @staticmethod
    def _get_remote_port(_request: HttpRequest) -> int | None:
        """No proxy is asked for it, so none is believed."""
        return None
