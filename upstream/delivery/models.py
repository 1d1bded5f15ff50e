"""Messages to be sent, written in the same commit as their cause, and the endpoints that take them besides people."""

import json
import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import TenantKeys
from upstream.delivery.choices import ENDPOINT_KINDS, EndpointState, Kind, MailFate, OutboxState


class Endpoint(TenantModel):
    """An address of another system that is told of events. The address and the signing secrets are sealed.

    `failures` counts failed tries in a row; until `resting_until` nothing is sent there.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.label) for kind in ENDPOINT_KINDS])
    name = models.CharField(max_length=80)
    host = models.CharField(max_length=255, help_text="The address's host alone, for people to recognise it by.")
    sealed_url = SealedField()
    sealed_secrets = SealedField(null=True)
    former_until = models.DateTimeField(null=True)
    events = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=EndpointState.choices, default=EndpointState.ACTIVE)
    stopped_because = models.CharField(max_length=60, blank=True)
    failures = models.SmallIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    TABLE = "delivery_endpoint"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="endpoint_public_id"),
            models.UniqueConstraint(fields=["tenant", "name"], name="endpoint_name_once"),
        ]

    def __str__(self) -> str:
        return f"endpoint {self.public_id}"

    def seal(self, keys: TenantKeys, *, url: str, secrets: list[str]) -> None:
        """Keep the address and the signing secrets, newest first. The caller saves."""
        self.sealed_url = keys.seal(url.encode(), self.TABLE, "sealed_url", self.public_id.bytes)
        self.sealed_secrets = self._sealed_secrets(keys, secrets) if secrets else None

    def url(self, keys: TenantKeys) -> str:
        return keys.unseal(self.sealed_url, self.TABLE, "sealed_url", self.public_id.bytes).decode()

    def secrets(self, keys: TenantKeys, now: datetime) -> list[str]:
        """What a message is signed with at that time: the secret, and the former one while it still counts."""
        if self.sealed_secrets is None:
            return []
        kept: list[str] = json.loads(
            keys.unseal(self.sealed_secrets, self.TABLE, "sealed_secrets", self.public_id.bytes)
        )
        return kept if self.former_until is not None and now < self.former_until else kept[:1]

    def _sealed_secrets(self, keys: TenantKeys, secrets: list[str]) -> bytes:
        return keys.seal(json.dumps(secrets).encode(), self.TABLE, "sealed_secrets", self.public_id.bytes)


class Outbox(TenantModel):
    """One message about one thing to one member or one endpoint, once.

    `context` holds words, counts, money and links: no PHI. `message_id` tells a repeat from a new message;
    `provider_id` is the mail provider's own, by which it speaks of the message later.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MAIL)
    template = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    recipient = tenant_key("tenants.Membership", null=True)
    endpoint = tenant_key(Endpoint, null=True, related_name="messages")
    context = models.JSONField(default=dict)
    attachment_sha256 = models.CharField(max_length=64, blank=True)
    attachment_name = models.CharField(max_length=120, blank=True)
    message_id = models.CharField(max_length=120)
    provider_id = models.CharField(max_length=200, blank=True, db_default="")
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
            models.UniqueConstraint(fields=["tenant", "endpoint", "template", "about"], name="told_once"),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=True) ^ models.Q(endpoint__isnull=True), name="one_receiver"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "not_before"], name="outbox_by_state"),
            models.Index(
                fields=["tenant", "provider_id"], name="outbox_by_provider_id", condition=models.Q(provider_id__gt="")
            ),
        ]

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


class MailWord(TenantModel):
    """One word of a mail provider on one message; `key` is a digest of the provider's event, so that it counts once."""

    message = tenant_key(Outbox, related_name="words")
    key = models.CharField(max_length=64)
    fate = models.CharField(max_length=10, choices=MailFate.choices)
    code = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="word_once")]

    def __str__(self) -> str:
        return f"{self.fate} of message {self.message_id}"


class Address(TenantModel):
    """What providers said of mail to one member. While `stopped_because` says something, no mail goes there."""

    recipient = tenant_key("tenants.Membership")
    stopped_because = models.CharField(max_length=10, blank=True, choices=MailFate.choices)
    stopped_at = models.DateTimeField(null=True)
    was_stopped_because = models.CharField(max_length=10, blank=True, choices=MailFate.choices)
    soft_in_a_row = models.SmallIntegerField(default=0)
    last_word_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=200, blank=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name_plural = "addresses"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "recipient"], name="address_once")]

    def __str__(self) -> str:
        return f"address of membership {self.recipient_id}"


class StrayWord(models.Model):
    """A provider's word on a message that no practice here knows: no id but a digest, no address, nobody's."""

    key = models.CharField(max_length=64, unique=True)
    provider = models.CharField(max_length=20)
    fate = models.CharField(max_length=10, choices=MailFate.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.fate} of an unknown message"
