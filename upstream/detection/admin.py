from django.contrib import admin

from upstream.core.admin import TenantAdmin
from upstream.detection.models import DetectionRun


@admin.register(DetectionRun)
class DetectionRunAdmin(TenantAdmin):
    list_display = ("id", "as_of", "last_week", "series", "claims", "method", "finished_at")
    list_select_related = False
    fields = (
        "as_of", "last_week", "series", "claims", "method", "budget_per_quarter", "input_hash", "ruled_out",
        "finished_at",
    )  # fmt: skip
    ordering = ("-as_of", "-id")
