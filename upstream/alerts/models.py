"""Incidents: one per cause, with the claims behind every number and a history that is only added to."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.alerts.choices import (
    ClockAction,
    ClockBasis,
    IncidentState,
    ReplayState,
    ResolutionOutcome,
    Severity,
    SplitAxis,
)
from upstream.alerts.ledger_models import ValueBook as ValueBook
from upstream.alerts.ledger_models import ValueLine as ValueLine
from upstream.alerts.life_models import Transition as Transition
from upstream.alerts.money_models import MoneyLimit as MoneyLimit
from upstream.core.db.models import TenantModel, tenant_key
from upstream.detection.choices import Direction, Metric, Strength


class Incident(TenantModel):
    """One cause at one payer. Money in cents: low, middle and high of what the change has cost so far, on expected
    allowed amounts; `at_stake_cents` is what decides severity. `observed` denied claims are its IncidentClaims.

    `version` counts its steps. Marks say from when on it comes back: `snooze_*` while it is snoozed, `mark_*` since it
    was closed. One that was merged stays with its own numbers, closed, and `merged_into` tells where its claims stand;
    one that was split off holds the claims of `split_from` that have `split_key` on `split_axis`, or were picked.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=12, choices=IncidentState.choices, default=IncidentState.NEW)
    outcome = models.CharField(max_length=12, choices=ResolutionOutcome.choices, blank=True)
    title = models.CharField(max_length=300)
    metric = models.CharField(max_length=16, choices=Metric.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    payer = tenant_key("claims.Payer")
    procedure_code = models.CharField(max_length=16, blank=True)
    denial_reason = models.CharField(max_length=11, blank=True)
    location = models.CharField(max_length=200, blank=True)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    strength = models.CharField(max_length=8, choices=Strength.choices)
    evidence = models.FloatField()
    onset_week = models.DateField()
    usual_rate = models.FloatField()
    rate_low = models.FloatField()
    rate = models.FloatField()
    rate_high = models.FloatField()
    decided = models.IntegerField()
    observed = models.IntegerField()
    expected = models.FloatField()
    lost_low_cents = models.BigIntegerField()
    lost_cents = models.BigIntegerField()
    lost_high_cents = models.BigIntegerField()
    at_stake_cents = models.BigIntegerField()
    annual_cents = models.BigIntegerField()
    claims_cents = models.BigIntegerField(default=0, help_text="Expected allowed of the claims behind it: their sum.")
    finding = models.JSONField(default=dict)
    deadline = models.DateField(null=True)
    deadline_source = models.CharField(max_length=80, blank=True)
    assigned_to = tenant_key("tenants.Membership", null=True)
    version = models.IntegerField(default=1)
    snoozed_until = models.DateField(null=True)
    snooze_money_cents = models.BigIntegerField(null=True)
    snooze_rate = models.FloatField(null=True)
    return_by = models.DateField(null=True, help_text="By when the rate of a monitored one should be as usual.")
    mark_rate = models.FloatField(null=True)
    mark_annual_cents = models.BigIntegerField(null=True)
    said_recovered_cents = models.BigIntegerField(null=True, help_text="What a person said came back; no evidence.")
    merged_into = tenant_key("self", null=True, related_name="parts")
    split_from = tenant_key("self", null=True, related_name="split_off")
    split_axis = models.CharField(max_length=10, choices=SplitAxis.choices, blank=True)
    split_key = models.CharField(max_length=200, blank=True)
    for_meeting = models.BooleanField(default=False, db_default=False, help_text="Raise it with the payer.")
    first_as_of = models.DateField()
    last_as_of = models.DateField()
    quiet_weeks = models.SmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    last_run = tenant_key("detection.DetectionRun")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="incident_public_id")]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="incident_by_state")]

    def __str__(self) -> str:
        return f"incident {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.state not in {IncidentState.RESOLVED, IncidentState.FALSE}

    @property
    def is_snoozed(self) -> bool:
        return not (self.snoozed_until is None and self.snooze_money_cents is None and self.snooze_rate is None)


class IncidentClaim(TenantModel):
    """One claim behind an incident's numbers; expected and lost add up to the incident's, to the cent.

    `due` is the payer's date for an answer to its denial, `internal_due` ours before it; none where no clock runs.
    `source` is the incident whose cause it was measured with, where that is another one, merged or split.
    """

    incident = tenant_key(Incident, related_name="members")
    claim = tenant_key("claims.Claim")
    expected_cents = models.BigIntegerField()
    lost_cents = models.BigIntegerField(default=0, help_text="Its part of what the incident has cost so far.")
    recoverable_cents = models.BigIntegerField(default=0, help_text="What of that usually comes back in time.")
    paid_on = models.DateField(null=True, help_text="When it was known to be paid after all.")
    due = models.DateField(null=True)
    internal_due = models.DateField(null=True)
    due_source = models.CharField(max_length=80, blank=True)
    source = tenant_key(Incident, null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "incident", "claim"], name="member_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "source"], condition=models.Q(source__isnull=False), name="member_by_source")
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_id} of incident {self.incident_id}"


class Clock(models.Model):
    """How many days a kind of payer leaves for one kind of answer, from a date on; shared by all tenants.

    Defaults from public lists: a contract always wins, and `source` says so to people.
    """

    payer_type = models.CharField(max_length=24)
    action = models.CharField(max_length=10, choices=ClockAction.choices)
    days = models.SmallIntegerField()
    source = models.CharField(max_length=80)
    confidence = models.CharField(max_length=8)
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payer_type", "action", "valid_from"], name="clock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.payer_type}: {self.action} within {self.days} days"


class PayerClock(TenantModel):
    """How many days one payer leaves this practice for one kind of answer, from a date on; empty days end that.

    `source` says where it is written, in the practice's own words.
    """

    payer = tenant_key("claims.Payer")
    action = models.CharField(max_length=10, choices=ClockAction.choices)
    basis = models.CharField(max_length=10, choices=ClockBasis.choices)
    days = models.SmallIntegerField(null=True)
    source = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    said_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "payer"], name="payer_clock_by_payer")]

    def __str__(self) -> str:
        return f"{self.action} of payer {self.payer_id}"


class Raised(TenantModel):
    """An incident as it was told on the day it opened or opened again; written once. Money in cents.

    `as_of` is the day of the run, `lost_*` what the change had cost by then, `annual_cents` what a year of it would.
    """

    as_of = models.DateField()
    again = models.BooleanField(default=False)
    family = models.CharField(max_length=12)
    metric = models.CharField(max_length=16, choices=Metric.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    payer = tenant_key("claims.Payer")
    procedure_code = models.CharField(max_length=16, blank=True)
    denial_reason = models.CharField(max_length=11, blank=True)
    location = models.CharField(max_length=200, blank=True)
    onset_week = models.DateField()
    strength = models.CharField(max_length=8, choices=Strength.choices)
    evidence = models.FloatField()
    observed = models.IntegerField()
    expected = models.FloatField()
    lost_low_cents = models.BigIntegerField()
    lost_cents = models.BigIntegerField()
    lost_high_cents = models.BigIntegerField()
    annual_cents = models.BigIntegerField()
    title = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"raised on {self.as_of}"


class Opening(Raised):
    """What the live system raised."""

    incident = tenant_key(Incident, related_name="openings")
    run = tenant_key("detection.DetectionRun")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "incident", "run"], name="opened_once")]


class Replay(TenantModel):
    """Detection over the past, day by day from what was known then; asked for by a person, done by a worker.

    `at` is the last day that is done and `incidents` how things stood then, so that a worker that was killed is
    followed by one that goes on. `visible` is Baseline's, by the payer's key, as of the last week with its budget.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=6, choices=ReplayState.choices, default=ReplayState.DUE)
    method = models.CharField(max_length=20)
    budget_per_quarter = models.DecimalField(max_digits=4, decimal_places=2)
    first = models.DateField()
    last = models.DateField()
    days = models.SmallIntegerField(default=7)
    at = models.DateField(null=True)
    incidents = models.JSONField(default=list)
    visible = models.JSONField(default=dict, db_default={})
    attempts = models.SmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="replay_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "method", "budget_per_quarter", "first", "last", "days"],
                condition=models.Q(state=ReplayState.DUE),
                name="replay_waits_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="replay_by_state")]

    def __str__(self) -> str:
        return f"replay {self.public_id}"

    @property
    def steps(self) -> int:
        return int((self.last - self.first).days // self.days + 1)

    @property
    def steps_done(self) -> int:
        return int((self.at - self.first).days // self.days + 1) if self.at else 0


class ReplayFinding(Raised):
    """What a replay raised; `number` counts its incidents from 1.

    `report_lost_cents` is what the change had cost by `report_date`, the day of the month-end report that would have
    shown it, or by the last day before that on which it was seen; final once `report_seen`.
    """

    replay = tenant_key(Replay, related_name="findings")
    number = models.IntegerField()
    report_date = models.DateField()
    report_lost_cents = models.BigIntegerField()
    report_seen = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "replay", "number", "as_of"], name="replay_raised_once"),
        ]
