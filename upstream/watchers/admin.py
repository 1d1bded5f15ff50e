from django.contrib import admin

from upstream.core.admin import TenantAdmin
from upstream.watchers.models import Trouble


@admin.register(Trouble)
class TroubleAdmin(TenantAdmin):
    """What fails in the opened organization; how many fail in each of them stands in the metrics and on the board."""

    list_display = (
        "public_id",
        "kind",
        "subject",
        "state",
        "affects_numbers",
        "claims",
        "rows",
        "since",
        "last_seen_at",
    )
    list_filter = ("state", "kind")
    fields = (
        "public_id", "kind", "subject", "state", "facts", "claims", "rows", "affects_numbers", "since", "last_seen_at",
        "over_at", "taken_by",
    )  # fmt: skip
    ordering = ("-since",)
