from django.contrib import admin

from upstream.core.admin import TenantAdmin
from upstream.ingestion.models import Batch


@admin.register(Batch)
class BatchAdmin(TenantAdmin):
    """Files without their names, which may name a person."""

    list_display = (
        "public_id",
        "state",
        "format",
        "size",
        "received_at",
        "claims",
        "rejected",
        "attempts",
        "error_code",
    )
    list_filter = ("state", "format")
    list_select_related = False
    fields = (
        "public_id", "sha256", "size", "format", "state", "received_at", "received_from", "loaded_at", "known_at",
        "claims", "lines", "adjudications", "new_adjudications", "rejected", "notices", "attempts", "error_code",
        "error_message",
    )  # fmt: skip
    ordering = ("-received_at",)
