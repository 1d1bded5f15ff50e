"""What every portal page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    return {"real_data_mode": settings.REAL_DATA_MODE, "tenant": getattr(request, "tenant", None)}
