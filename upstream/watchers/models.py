"""Failed watchers as incidents of a class of their own: since when, what it means, who is at it, when it was over."""

import uuid
from typing import ClassVar

from django.db import models

from upstream.core.db.models import TenantModel, tenant_key
from upstream.watchers.choices import Kind, Limit, StepKind, TroubleState
from upstream.watchers.rules import Words, words_of


class Trouble(TenantModel):
    """One thing that fails: open until a look finds it well again. The same thing failing later is another row.

    `facts` hold counts, days, codes, and names that the practice gave to its own things: no PHI. `claims` and `rows`
    are what the numbers leave out because of it; `version` counts changes by people.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=TroubleState.choices, default=TroubleState.OPEN)
    facts = models.JSONField(default=dict)
    claims = models.IntegerField(default=0)
    rows = models.IntegerField(default=0)
    affects_numbers = models.BooleanField(default=False)
    since = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=80, blank=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="trouble_public_id"),
            models.UniqueConstraint(
                fields=["tenant", "kind", "subject"], name="trouble_once",
                condition=~models.Q(state=TroubleState.OVER),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["tenant", "state", "since"], name="trouble_by_state")]

    def __str__(self) -> str:
        return f"trouble {self.public_id}"

    @property
    def words(self) -> Words:
        """What is said of it now."""
        return words_of(self.kind, self.facts)


class Step(TenantModel):
    """One step of a trouble's history; `actor` is empty for what a look found."""

    trouble = tenant_key(Trouble, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    facts = models.JSONField(default=dict)
    actor = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [models.Index(fields=["tenant", "trouble"], name="step_by_trouble")]

    def __str__(self) -> str:
        return f"{self.kind} of trouble {self.trouble_id}"


class Look(TenantModel):
    """When the practice was watched last; one row a practice, from the first look on."""

    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="look_once")]

    def __str__(self) -> str:
        return f"look of {self.at:%Y-%m-%d %H:%M}"


class OwnLimit(TenantModel):
    """From a day on, the practice's own limit in place of ours; `value` empty ends what was said before."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    limit = models.CharField(max_length=20, choices=Limit.choices)
    value = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=200)
    valid_from = models.DateField()
    set_by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "public_id"], name="own_limit_public_id")]

    def __str__(self) -> str:
        return f"{self.limit} from {self.valid_from}"
