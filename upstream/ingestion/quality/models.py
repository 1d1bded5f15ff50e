"""What the checks found of each file, payer and practice, and the limits that a practice has set for itself."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.ingestion.quality.choices import FindingState, Severity


class FileScore(TenantModel):
    """Points of one file (`payer` empty), or of one payer's rows in it; made anew whenever the file is looked at.

    `kind` groups files that are compared with one another; `measured` is {check: [count, of, limit or null]}, of a
    payer's rows for what is compared with that payer's own past. Of the whole file alone: `layout` what its head looks
    like, `codes` its adjustment codes.
    """

    batch = tenant_key("ingestion.Batch")
    payer = tenant_key("claims.Payer", null=True)
    kind = models.CharField(max_length=16, blank=True)
    claims = models.IntegerField(default=0)
    answers = models.IntegerField(default=0)
    score = models.SmallIntegerField()
    measured = models.JSONField(default=dict)
    layout = models.JSONField(default=dict)
    codes = models.JSONField(default=list)
    method = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    measured_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "batch", "payer"], name="score_once_per_file_and_payer", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "received_at"], name="score_by_day")]

    def __str__(self) -> str:
        return f"score of batch {self.batch_id}"

    @property
    def rows(self) -> int:
        return self.claims + self.answers


class Finding(TenantModel):
    """One failed check: `count` of `of` rows (`share` above `limit`), between the days that they touch.

    Without a payer it concerns all of a file's payers, without a file too all of the practice. `key` names the check
    and what it was found on, so that looking again finds the same row.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=100)
    check_name = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    batch = tenant_key("ingestion.Batch", null=True)
    payer = tenant_key("claims.Payer", null=True)
    count = models.IntegerField()
    of = models.IntegerField()
    share = models.FloatField()
    limit = models.FloatField()
    cents = models.BigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    detail = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=FindingState.choices, default=FindingState.OPEN)
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], name="finding_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="finding_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="finding_by_state")]

    def __str__(self) -> str:
        return f"finding {self.pk}"


class Threshold(TenantModel):
    """From a day on, the practice's own limit for one check in place of ours; `value` empty turns the check off."""

    check_name = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    valid_from = models.DateField()
    set_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "check_name", "valid_from"], name="threshold_once"),
        ]

    def __str__(self) -> str:
        return f"limit {self.pk} from {self.valid_from}"
