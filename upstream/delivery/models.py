"""Messages to be sent, written in the same commit as their cause."""

from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.delivery.choices import Kind, OutboxState


class Outbox(TenantModel):
    """One message to one member about one thing, once. `context` holds words, counts, money and links: no PHI."""

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MAIL)
    template = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    recipient = tenant_key("tenants.Membership")
    context = models.JSONField(default=dict)
    attachment_sha256 = models.CharField(max_length=64, blank=True)
    attachment_name = models.CharField(max_length=120, blank=True)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=OutboxState.choices, default=OutboxState.QUEUED)
    attempts = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error_code = models.CharField(max_length=60, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name, verbose_name_plural = "message", "messages"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "kind", "template", "about", "recipient"], name="message_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state", "not_before"], name="outbox_by_state")]

    def __str__(self) -> str:
        return f"{self.template} {self.kind} {self.pk}"


class Attempt(TenantModel):
    """One try at handing a message over."""

    message = tenant_key(Outbox, related_name="tries")
    at = models.DateTimeField()
    result = models.CharField(max_length=10)
    detail = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.result} at {self.at:%Y-%m-%d %H:%M}"
