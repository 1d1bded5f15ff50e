"""Reports: when they are due, the runs that make them, and the files they leave."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.reports.choices import ReportKind, RunState
from upstream.reports.logo_models import Logo as Logo


class Schedule(TenantModel):
    """Every week on `weekday` (0 is Monday) at `hour` in the practice's time zone."""

    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    weekday = models.SmallIntegerField(default=0)
    hour = models.SmallIntegerField(default=7)
    active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "kind"], name="schedule_once")]

    def __str__(self) -> str:
        return f"{self.kind} schedule"


class ReportRun(TenantModel):
    """One report as of the end of a day; one per kind and day."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    as_of = models.DateField()
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.DUE)
    mail = models.BooleanField(default=True)
    attempts = models.SmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "kind", "as_of"], name="report_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="report_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="report_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} report as of {self.as_of}"


class Artifact(TenantModel):
    """One file of a report, named by its content in encrypted storage."""

    run = tenant_key(ReportRun, related_name="artifacts")
    format = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("xlsx", "Excel")])
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    name = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "run", "format"], name="artifact_once")]

    def __str__(self) -> str:
        return self.name
