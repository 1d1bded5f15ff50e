"""The address at which Prometheus asks."""

import hmac

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from upstream.operations import metrics


@transaction.non_atomic_requests
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for those who hold METRICS_TOKEN; for others there is nothing here."""
    sent = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent, wanted):
        return HttpResponse(status=404)
    process: HttpResponse = ExportToDjangoView(request)
    return HttpResponse(process.content + metrics.domain(), content_type=process.headers["Content-Type"])
