"""Reports: what they are to be, when they are due, the runs that make them, and the files they leave."""

import uuid
from typing import Any, ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.core.db.versions import Versioned
from upstream.reports.choices import Only, RunState, Step
from upstream.reports.logo_models import Logo as Logo
from upstream.reports.timing import Timing


class Policy(Versioned):
    """What holds for all reports of the practice: how long files are kept, and whether mail may carry them."""

    kept_days = models.IntegerField(default=730)
    may_attach = models.BooleanField(default=True)

    class Meta(Versioned.Meta):
        verbose_name_plural = "policies"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="report_policy_once")]

    def __str__(self) -> str:
        return f"report policy {self.pk}"


class Definition(Versioned):
    """A report that the practice wants: of which kind, on what, for whom.

    `subject` is the public id of the payer, incident or own report that it is about, "" where the kind needs none;
    `people` are ids of members. `kept_days` is None for the practice's own. `before` holds what the last edit replaced,
    so that it can be undone. One that is `standard` stands for its kind where nobody named a definition.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, blank=True)
    paper = models.CharField(max_length=6, blank=True)
    formats: Any = models.JSONField(default=list)
    roles: Any = models.JSONField(default=list)
    people: Any = models.JSONField(default=list)
    attach = models.BooleanField(default=True)
    kept_days = models.IntegerField(null=True)
    standard = models.BooleanField(default=False)
    before: Any = models.JSONField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Versioned.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="definition_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "kind", "subject"], condition=models.Q(standard=True), name="one_standard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} definition {self.public_id}"


class Schedule(TenantModel):
    """When a definition's report is made by itself: local moments of `cron` in `zone`, of them only what `only` says.

    Moments after `since` count; `taken` is the newest that was acted on.
    """

    definition = tenant_key(Definition, related_name="schedules")
    cron = models.CharField(max_length=60)
    zone = models.CharField(max_length=64)
    only = models.CharField(max_length=5, blank=True, choices=Only.choices, default=Only.ANY)
    active = models.BooleanField(default=True)
    since = models.DateTimeField()
    taken = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "definition"], name="one_schedule")]

    def __str__(self) -> str:
        return f"schedule of definition {self.definition_id}"

    @property
    def timing(self) -> Timing:
        return Timing(self.cron, self.zone, self.only)


class Unsubscribed(TenantModel):
    """A member who wants no mail of this definition's reports."""

    definition = tenant_key(Definition, related_name="unsubscribed")
    member = tenant_key("tenants.Membership")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name_plural = "unsubscribed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "definition", "member"], name="unsubscribed_once")
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} without definition {self.definition_id}"


class ReportRun(TenantModel):
    """A definition's report as of the end of a day; one per definition and day.

    `moment` is the one of the schedule that asked for it. `said` holds what the mail says, in words without PHI;
    `skipped` pairs of a member's id and why no mail went there.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    definition = tenant_key(Definition, related_name="runs")
    kind = models.CharField(max_length=24)
    as_of = models.DateField()
    moment = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.DUE)
    step = models.CharField(max_length=8, blank=True, choices=Step.choices, default=Step.WAITING)
    mail = models.BooleanField(default=True)
    attempts = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error_code = models.CharField(max_length=60, blank=True)
    said: Any = models.JSONField(default=dict)
    skipped: Any = models.JSONField(default=list)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "definition", "as_of"], name="report_once"),
            models.UniqueConstraint(fields=["tenant", "public_id"], name="report_public_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state"], name="report_by_state"),
            models.Index(fields=["tenant", "as_of"], name="report_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} report as of {self.as_of}"


class Artifact(TenantModel):
    """One file of a report, named by its content in encrypted storage until it is removed."""

    run = tenant_key(ReportRun, related_name="artifacts")
    format = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    name = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "run", "format"], name="artifact_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "sha256"], name="artifact_by_content")]

    def __str__(self) -> str:
        return self.name
