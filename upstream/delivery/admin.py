from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from upstream.audit.services import record_access
from upstream.core.admin import TenantAdmin
from upstream.core.errors import Conflict
from upstream.delivery import services
from upstream.delivery.models import Outbox


@admin.register(Outbox)
class OutboxAdmin(TenantAdmin):
    """Messages of the opened organization; parked ones can be sent again."""

    list_display = (
        "id",
        "template",
        "about",
        "receiver",
        "state",
        "attempts",
        "error_code",
        "queued_at",
        "sent_at",
    )
    list_filter = ("state", "template")
    list_select_related = ("recipient__user", "endpoint")
    fields = (
        "template", "about", "receiver", "message_id", "state", "attempts", "not_before", "error_code",
        "queued_at", "sent_at",
    )  # fmt: skip
    readonly_fields = ("receiver",)
    ordering = ("-queued_at", "-id")
    actions = ("send_again",)

    @admin.display(description="receiver")
    def receiver(self, message: Outbox) -> str:
        return message.recipient.user.email if message.recipient else f"{message.endpoint.name} ({message.kind})"

    @admin.action(description="Send again (failed or unknown)")
    def send_again(self, request: HttpRequest, chosen: QuerySet[Outbox]) -> TemplateResponse | None:
        """Asks first: a message of unknown outcome may have arrived already."""
        if "confirmed" not in request.POST:
            return TemplateResponse(request, "admin/send_again.html", self._asked(request, chosen))
        for message in chosen:
            self._send_one_again(request, message)
        return None

    def _asked(self, request: HttpRequest, chosen: QuerySet[Outbox]) -> dict[str, Any]:
        context = {"title": "Send again?", "chosen": chosen, "opts": self.model._meta}
        return {**self.admin_site.each_context(request), **context}

    def _send_one_again(self, request: HttpRequest, message: Outbox) -> None:
        actor = f"user:{request.user.public_id}"  # type: ignore[union-attr]  # staff are signed in
        try:
            services.retry_message(message, actor=actor)
        except Conflict as exc:
            messages.error(request, f"Message {message.pk}: {exc.message}.")
            return
        record_access(actor=actor, action="send_again", subject=f"message:{message.pk}", purpose="staff")
        messages.success(request, f"Message {message.pk} is queued again.")
