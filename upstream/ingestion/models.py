"""Files received, and what in them could not be loaded."""

import json
import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField
from upstream.core.phi.keyring import TenantKeys
from upstream.ingestion.choices import BatchState, DiscardReason, RejectionState
from upstream.ingestion.formats.profile import Profile, from_json
from upstream.ingestion.sources.models import Source, SourceObject, SourceRun

__all__ = [
    "Acknowledgement",
    "ArchiveMember",
    "Batch",
    "MappingProfile",
    "Rejection",
    "Source",
    "SourceObject",
    "SourceRun",
    "rejection_place",
]


class MappingProfile(TenantModel):
    """How one layout of claims tables is read, confirmed by a person; a change is a new version beside the old one.

    It is applied by itself to files with the same columns (`layout_bidx`) from the same `source`, "" being any, or by
    its name. The titles and words of a practice's files are sealed, as some could name people.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    version = models.SmallIntegerField(default=1)
    active = models.BooleanField(default=True)
    source = models.CharField(max_length=40, blank=True)
    layout_bidx = models.BinaryField(max_length=16, null=True)
    columns = models.SmallIntegerField()
    sealed_profile = SealedField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    TABLE = "ingestion_mappingprofile"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="mapping_public_id"),
            models.UniqueConstraint(fields=["tenant", "name", "version"], name="mapping_version_once"),
            models.UniqueConstraint(
                fields=["tenant", "name"], name="mapping_one_active", condition=models.Q(active=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "layout_bidx"], name="mapping_by_layout", condition=models.Q(active=True))
        ]

    def __str__(self) -> str:
        return f"mapping {self.public_id}"

    @property
    def place(self) -> bytes:
        """The row part of the seal's place."""
        return self.public_id.bytes

    def profile(self, keys: TenantKeys) -> Profile:
        """What it says."""
        return from_json(json.loads(keys.unseal(self.sealed_profile, self.TABLE, "sealed_profile", self.place)))


class Batch(TenantModel):
    """One file of one tenant, known by its content. `known_at` empty: rows carry the day they became known.

    `mapping` is the version that read a claims table which is not canonical; `layout_bidx` knows its columns again.
    `corrects` is the file whose quarantined rows stand in this one, put right. `repeats` is the file that brought the
    same payments before, in another envelope: nothing in this one was new. The raw file is compressed since
    `archived_at` and gone since `removed_at`. While a file that was read waits to be read again, `reread_by` says who
    asked, and `mapping_before` is the version under which what is known of it was read.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.CharField(max_length=8, blank=True)
    sealed_name = SealedField()
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.LANDED)
    known_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)
    received_from = models.CharField(max_length=40)
    claims = models.IntegerField(default=0)
    lines = models.IntegerField(default=0)
    adjudications = models.IntegerField(default=0)
    new_adjudications = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)
    statuses = models.IntegerField(default=0)
    refusals = models.IntegerField(default=0, help_text="Claims turned away before they were judged.")
    authorizations = models.IntegerField(default=0)
    coverages = models.IntegerField(default=0)
    acknowledgements = models.IntegerField(default=0)
    notices = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    attempts = models.SmallIntegerField(default=0)
    mapping = tenant_key(MappingProfile, null=True, related_name="batches")
    layout_bidx = models.BinaryField(max_length=16, null=True)
    corrects = tenant_key("self", null=True)
    repeats = tenant_key("self", null=True)
    mapping_before = tenant_key(MappingProfile, null=True)
    reread_by = models.CharField(max_length=80, blank=True)
    archived_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    TABLE = "ingestion_batch"

    class Meta(TenantModel.Meta):
        verbose_name, verbose_name_plural = "file", "files"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "sha256"], name="file_once_per_tenant"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="batch_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="batch_by_state")]

    def __str__(self) -> str:
        return f"batch {self.public_id}"

    @property
    def status(self) -> str:
        """loaded, partly_loaded, rejected, needs_mapping or waiting, in the words of the command line and the API."""
        if self.state == BatchState.MAPPING:
            return "needs_mapping"
        if self.state == BatchState.REJECTED:
            return "rejected"
        if self.state == BatchState.LANDED:
            return "waiting"
        return "partly_loaded" if self.rejected or self.notices.get("truncated") else "loaded"

    def name(self, keys: TenantKeys) -> str:
        """The file's own name, which may name a person: for screens alone."""
        return keys.unseal(self.sealed_name, self.TABLE, "sealed_name", self.sha256.encode()).decode(errors="replace")


class ArchiveMember(TenantModel):
    """One file of an archive: the batch that it became (`new` when nobody had sent it before), or why it became none.

    The same content in two archives is one batch, and a member of both.
    """

    archive = tenant_key(Batch, related_name="members")
    ordinal = models.IntegerField()
    batch = tenant_key(Batch, null=True, related_name="memberships")
    new = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    sealed_name = SealedField()

    TABLE = "ingestion_archivemember"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "archive", "ordinal"], name="archive_member_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "batch"], name="archives_of_batch")]

    def __str__(self) -> str:
        return f"member {self.ordinal} of batch {self.archive_id}"

    @property
    def place(self) -> bytes:
        """The row part of the seal's place."""
        return f"{self.archive_id}:{self.ordinal}".encode()

    def name(self, keys: TenantKeys) -> str:
        """The name inside the archive, which may name a person: for screens alone."""
        return keys.unseal(self.sealed_name, self.TABLE, "sealed_name", self.place).decode(errors="replace")


class Rejection(TenantModel):
    """A row that could not be loaded: where it stands, why, and the row itself, sealed.

    `sealed_correction` is the row as a person put it right, `replayed_in` the file in which it was loaded then.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    batch = tenant_key(Batch, related_name="rejections")
    position = models.IntegerField()
    field = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=RejectionState.choices, default=RejectionState.OPEN)
    sealed_raw = SealedField()
    sealed_correction = SealedField(null=True)
    reason = models.CharField(max_length=13, choices=DiscardReason.choices, blank=True)
    settled_by = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True)
    replayed_in = tenant_key(Batch, null=True)

    TABLE = "ingestion_rejection"

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "batch", "position", "field", "code"], name="rejection_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="rejection_public_id"),
        ]

    def __str__(self) -> str:
        return f"rejection {self.code} at {self.position} of batch {self.batch_id}"

    def raw(self, keys: TenantKeys) -> str:
        """The row as it stands in the file, or as it was put right; PHI, for those who may."""
        column = "sealed_correction" if self.sealed_correction else "sealed_raw"
        place = rejection_place(self.batch.sha256, self.position)
        return keys.unseal(getattr(self, column), self.TABLE, column, place).decode(errors="replace")


def rejection_place(sha256: str, position: int) -> bytes:
    """The row part of the seal's place: file and position."""
    return f"{sha256}:{position}".encode()


class Acknowledgement(TenantModel):
    """What a receiver said of one delivery of ours: the envelope (TA1) or one transaction set (999, 997)."""

    batch = tenant_key(Batch)
    position = models.IntegerField()
    event_bidx = models.BinaryField(max_length=16)
    kind = models.CharField(max_length=4)
    sender = models.CharField(max_length=20, blank=True)
    control_number = models.CharField(max_length=50, blank=True)
    transaction_type = models.CharField(max_length=4, blank=True)
    code = models.CharField(max_length=2)
    accepted = models.BooleanField()
    error_codes = models.CharField(max_length=80, blank=True)
    acknowledged_date = models.DateField(null=True)
    known_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "event_bidx"], name="acknowledgement_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
