"""Facts as they are kept, own reports with every version of them, and what was asked in SQL."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.phi.fields import SealedField


class FactPart(TenantModel):
    """Facts of claims first submitted in weeks whose Monday lies in `month`: a sealed file named by its content.

    `seen` is SubmissionWeek.changes of its weeks when they were last looked at, `told` the newest ClaimStatus then;
    `stale` says that the file does not stand any more. `days` are the first and last day of each date in it.
    """

    month = models.DateField()
    stale = models.BooleanField(default=True)
    seen = models.JSONField(default=dict)
    told = models.BigIntegerField(default=0)
    layout = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    rows = models.IntegerField(default=0)
    days = models.JSONField(default=dict)
    made_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "month"], name="fact_part_once")]

    def __str__(self) -> str:
        return f"facts of {self.month}"


class OwnReport(TenantModel):
    """A report that a person put together; `version` is that of the definition which holds now."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    definition = models.JSONField()
    shared = models.BooleanField(default=False, help_text="Everybody in the practice sees it.")
    owner = models.CharField(max_length=80)
    version = models.IntegerField(default=1)
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="own_report_public_id")]

    def __str__(self) -> str:
        return f"own report {self.public_id}"


class OwnReportVersion(TenantModel):
    """An own report as it was; added, never changed."""

    report = tenant_key(OwnReport)
    version = models.IntegerField()
    name = models.CharField(max_length=80)
    definition = models.JSONField()
    shared = models.BooleanField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "report", "version"], name="own_report_version_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of own report {self.report_id}"


class SqlQuestion(TenantModel):
    """One SELECT that a person asked. The text is sealed, as people write what they look for into it."""

    TABLE: ClassVar = "explore_sqlquestion"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    sealed_text = SealedField()
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16)
    rows = models.IntegerField(default=0)
    milliseconds = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="sql_question_public_id")]
        indexes: ClassVar = [models.Index(fields=["tenant", "actor", "-id"], name="sql_question_by_actor")]

    def __str__(self) -> str:
        return f"question {self.public_id}"


class Analyst(TenantModel):
    """A member who may ask in SQL without the right that owners and managers have, until `ended_at`."""

    actor = models.CharField(max_length=80)
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "actor"], condition=models.Q(ended_at=None), name="analyst_once"),
        ]

    def __str__(self) -> str:
        return f"analyst {self.pk}"
