"""Places that files are pulled from, what was seen there, and each attempt."""

import json
import uuid
from typing import Any, ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import INDEX_BYTES, TenantKeys
from upstream.ingestion.sources.choices import Circuit, ObjectState, SourceRunState


class Source(TenantModel):
    """One place and how it is asked. `settings` holds no secret; secrets and the place reached are sealed.

    Since `ended_at` it is asked no more and knows neither place nor secrets; its files keep naming it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    settings = models.JSONField(default=dict)
    sealed_secrets = SealedField(null=True)
    sealed_checkpoint = SealedField(null=True)
    schedule = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=64)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    next_run_at = models.DateTimeField()
    circuit = models.CharField(max_length=9, choices=Circuit.choices, default=Circuit.CLOSED)
    failures = models.SmallIntegerField(default=0)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_file_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    TABLE = "ingestion_source"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "name"], name="source_name_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="source_public_id"),
        ]

    def __str__(self) -> str:
        return f"source {self.public_id}"

    @property
    def sender(self) -> str:
        """As a file's batch names where it came from."""
        return f"source:{self.public_id.hex}"

    def secrets(self, keys: TenantKeys) -> dict[str, str]:
        """Passwords and keys, for connecting alone."""
        opened: dict[str, str] = self._opened("sealed_secrets", keys)
        return opened

    def checkpoint(self, keys: TenantKeys) -> dict[str, Any]:
        """How far the place has been read."""
        return self._opened("sealed_checkpoint", keys)

    def seal_secrets(self, secrets: dict[str, str], keys: TenantKeys) -> None:
        self.sealed_secrets = self._sealed("sealed_secrets", secrets, keys)

    def seal_checkpoint(self, checkpoint: dict[str, Any], keys: TenantKeys) -> None:
        self.sealed_checkpoint = self._sealed("sealed_checkpoint", checkpoint, keys)

    def _opened(self, column: str, keys: TenantKeys) -> dict[str, Any]:
        envelope = getattr(self, column)
        if envelope is None:
            return {}
        opened: dict[str, Any] = json.loads(keys.unseal(envelope, self.TABLE, column, self.public_id.bytes))
        return opened

    def _sealed(self, column: str, value: dict[str, Any], keys: TenantKeys) -> bytes:
        return keys.seal(json.dumps(value).encode(), self.TABLE, column, self.public_id.bytes)


class SourceRun(TenantModel):
    """One attempt to pull a source, with what it found."""

    source = tenant_key(Source, related_name="runs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=SourceRunState.choices, default=SourceRunState.RUNNING)
    listed = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    growing = models.IntegerField(default=0)
    size = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "source", "-started_at"], name="run_by_source")]

    def __str__(self) -> str:
        return f"pull {self.pk}"


class SourceObject(TenantModel):
    """One remote file in one version, once. Its name may name a person: sealed, and found by its blind index."""

    source = tenant_key(Source, related_name="objects_seen")
    name_bidx = models.BinaryField(max_length=INDEX_BYTES)
    sealed_name = SealedField()
    version = models.CharField(max_length=64)
    size = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=ObjectState.choices, default=ObjectState.LISTED)
    seen_at = models.DateTimeField()
    landed_at = models.DateTimeField(null=True)
    batch = tenant_key("ingestion.Batch", null=True)
    attempts = models.SmallIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)

    TABLE = "ingestion_sourceobject"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "source", "name_bidx", "version"], name="object_version_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "source", "state"], name="object_by_state")]

    def __str__(self) -> str:
        return f"remote file {self.pk}"

    def name(self, keys: TenantKeys) -> str:
        """The sender's own name of it."""
        return keys.unseal(self.sealed_name, self.TABLE, "sealed_name", bytes(self.name_bidx)).decode(errors="replace")
