from django.contrib import admin

from upstream.core.admin import TenantAdmin
from upstream.reports.models import ReportRun


@admin.register(ReportRun)
class ReportRunAdmin(TenantAdmin):
    list_display = (
        "public_id",
        "kind",
        "as_of",
        "state",
        "step",
        "attempts",
        "error_code",
        "requested_at",
        "rendered_at",
    )
    list_filter = ("state", "kind")
    list_select_related = False
    fields = (
        "public_id", "kind", "as_of", "moment", "state", "step", "mail", "attempts", "not_before", "error_code",
        "requested_by", "requested_at", "rendered_at",
    )  # fmt: skip
    ordering = ("-as_of", "-id")
