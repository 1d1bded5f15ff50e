"""One look at a tenant's triangles, what was usual then, and what stood out."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core import clock
from upstream.core.db.models import TenantModel, tenant_key
from upstream.detection.calendar.rules import NAME_LENGTH, SOURCE_LENGTH, Event
from upstream.detection.choices import Direction, EventEffect, EventKind, Metric, SignalState, Strength


class DetectionRun(TenantModel):
    """One run as of the end of `as_of`, on weeks complete by then; reproducible from the triangles it hashed.

    `looked_at`: when last the same was found again; `finished_at`: when it was found first.
    """

    as_of = models.DateField()
    last_week = models.DateField(null=True)
    series = models.IntegerField(default=0)
    method = models.CharField(max_length=20)
    budget_per_quarter = models.DecimalField(max_digits=4, decimal_places=2)
    input_hash = models.CharField(max_length=64)
    claims = models.IntegerField(default=0)
    ruled_out = models.JSONField(default=list)
    naming = models.JSONField(default=dict, help_text="Payers left out, and weeks in which names changed.")
    context = models.JSONField(default=dict, help_text="What besides claims was known: calendar, files, codes.")
    state = models.CharField(max_length=5, choices=SignalState.choices, default=SignalState.OPEN)
    finished_at = models.DateTimeField()
    looked_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "-as_of", "-id"], name="run_newest")]

    def __str__(self) -> str:
        return f"detection run {self.pk} as of {self.as_of}"


class Baseline(TenantModel):
    """What is usual at one payer as one run saw it: rates as shares, detectable changes in shares, a weekly series.

    `rate` is the nowcast of the last 8 submission weeks, `maturity` the share of their decisions expected by now.
    `series`: list of {week, low, mid, high, baseline, maturity, submitted, decided, denied, immature, allowed, paid};
    the last two are [low, mid, high, known] cents or None. `lag`: by decision and payment {days, now, usual}, each
    {decisions, 50, 75, 90: [earliest, likely, latest day], share, low, high: by day}. `visible`: by metric the smallest
    change found within 2, 4 and 8 weeks, None for none: shares of claims, days, shares of allowed amounts.
    """

    run = tenant_key(DetectionRun, related_name="baselines")
    payer = tenant_key("claims.Payer")
    usual_rate = models.FloatField()
    rate_low = models.FloatField()
    rate = models.FloatField()
    rate_high = models.FloatField()
    weekly_claims = models.FloatField()
    visible_in_2_weeks = models.FloatField(null=True)
    visible_in_4_weeks = models.FloatField(null=True)
    visible_in_8_weeks = models.FloatField(null=True)
    median_days = models.FloatField(null=True)
    maturity = models.FloatField(null=True)
    series = models.JSONField(default=list)
    lag = models.JSONField(default=dict)
    visible = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "run", "payer"], name="baseline_once")]

    def __str__(self) -> str:
        return f"baseline of payer {self.payer_id} in run {self.run_id}"


class Signal(TenantModel):
    """One cause that stood out in one run, with its smallest description; blank scope parts mean all."""

    run = tenant_key(DetectionRun, related_name="signals")
    state = models.CharField(max_length=5, choices=SignalState.choices, default=SignalState.OPEN)
    metric = models.CharField(max_length=16, choices=Metric.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    payer = tenant_key("claims.Payer")
    procedure_code = models.CharField(max_length=16, blank=True)
    denial_reason = models.CharField(max_length=11, blank=True)
    location = models.CharField(max_length=200, blank=True)
    strength = models.CharField(max_length=8, choices=Strength.choices)
    evidence = models.FloatField(help_text="log10 of how much better the data fit a change than chance")
    onset_week = models.DateField()
    finding = models.JSONField(help_text="Everything the incident page shows: rates, intervals, counts, series.")

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="signal_by_state")]

    def __str__(self) -> str:
        return f"signal {self.pk}"


class EventRow(models.Model):
    """What a row of either calendar says; `last_day` empty: until further notice.

    `known_from` is since when the world knew of it: a look as of an earlier day does not use it.
    """

    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=9, choices=EventKind.choices, default=EventKind.OTHER)
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    effect = models.CharField(max_length=4, choices=EventEffect.choices)
    source = models.CharField(max_length=SOURCE_LENGTH, blank=True)
    known_from = models.DateField()

    class Meta:
        abstract = True


class SharedEvent(EventRow):
    """An event of every practice's calendar."""

    key = models.CharField(max_length=140, unique=True)

    def __str__(self) -> str:
        return self.key

    @property
    def event(self) -> Event:
        """As rules see it."""
        return Event(
            self.name, self.kind, self.first_day, self.last_day, self.effect, (), self.source, self.known_from, self.key
        )


class CalendarEvent(EventRow, TenantModel):
    """A practice's own word on its calendar; a row is never changed: another one stands in its place.

    `payers` are ids, empty for all; `shared` is the key of the shared event whose place it takes.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    payers = models.JSONField(default=list)
    shared = models.CharField(max_length=140, blank=True)
    replaces = tenant_key("self", null=True)
    author = models.CharField(max_length=80)
    entered_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="event_public_id"),
            models.UniqueConstraint(fields=["tenant", "replaces"], name="event_replaced_once"),
        ]

    def __str__(self) -> str:
        return f"event {self.public_id}"

    @property
    def event(self) -> Event:
        """As rules see it."""
        return Event(
            self.name, self.kind, self.first_day, self.last_day, self.effect, tuple(self.payers), self.source,
            self.known_from, self.shared,
        )  # fmt: skip


class ClaimBlock(TenantModel):
    """Claims of one submission week packed for detection (`blocks.py`): derived, without PHI, and made anew at need.

    `changes` is SubmissionWeek's of the claims it was made from. Versions in it were submitted in the weeks from
    `first_week` to `last_week`; null where it holds none.
    """

    week = models.DateField()
    changes = models.BigIntegerField()
    layout = models.CharField(max_length=16)
    first_week = models.DateField(null=True)
    last_week = models.DateField(null=True)
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "week"], name="claim_block_once")]

    def __str__(self) -> str:
        return f"claims of {self.week}"


class MethodChoice(TenantModel):
    """From a day on the practice is looked at by this version of the method; never changed but to be taken back."""

    method = models.CharField(max_length=20)
    valid_from = models.DateField()
    chosen_by = models.CharField(max_length=80)
    chosen_at = models.DateTimeField()
    undone_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.method} from {self.valid_from}"
