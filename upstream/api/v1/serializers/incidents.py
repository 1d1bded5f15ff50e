"""Incidents: what changed, how sure we are, what it costs, and what was done about it."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.alerts.choices import IncidentState, ResolutionOutcome, Severity, StepKind
from upstream.alerts.models import Incident
from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.claims import WORDS
from upstream.api.v1.serializers.common import PayerName
from upstream.detection.causes.verdict import Cause, Ruling
from upstream.detection.choices import Direction, Metric, Strength
from upstream.tenants.models import Membership


class IncidentQuery(Strict):
    state = serializers.ChoiceField(choices=IncidentState.choices, required=False)
    updated_after = serializers.DateTimeField(required=False)


class MoneyRange(Shape):
    low = Dollars(source="lost_low_cents")
    middle = Dollars(source="lost_cents")
    high = Dollars(source="lost_high_cents")


class RateRange(Shape):
    usual = serializers.FloatField(source="usual_rate")
    low = serializers.FloatField(source="rate_low")
    now = serializers.FloatField(source="rate")
    high = serializers.FloatField(source="rate_high")


class OwnerShape(Shape):
    """A member of the practice, as incidents name them."""

    id = serializers.UUIDField(source="user.public_id")
    name = serializers.SerializerMethodField()

    @extend_schema_field(str)
    def get_name(self, member: Membership) -> str:
        return member.user.get_full_name() or member.user.email


class IncidentShape(Shape):
    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=IncidentState.choices)
    outcome = serializers.ChoiceField(choices=ResolutionOutcome.choices, allow_blank=True)
    title = serializers.CharField()
    metric = serializers.ChoiceField(choices=Metric.choices)
    direction = serializers.ChoiceField(choices=Direction.choices)
    payer = PayerName()
    procedure_code = serializers.CharField(help_text="Blank means all.")
    denial_reason = serializers.CharField(help_text="Blank means all.")
    location = serializers.CharField(help_text="Blank means all.")
    severity = serializers.ChoiceField(choices=Severity.choices)
    strength = serializers.ChoiceField(choices=Strength.choices)
    evidence = serializers.FloatField(help_text="log10 of how much better the data fit a change than chance.")
    onset_week = serializers.DateField()
    rates = RateRange(source="*", help_text="Shares from 0 to 1.")
    decided_claims = serializers.IntegerField(source="decided")
    observed_claims = serializers.IntegerField(source="observed")
    expected_claims = serializers.FloatField(source="expected")
    lost = MoneyRange(source="*", help_text="What the change has cost so far.")
    at_stake = Dollars(source="at_stake_cents")
    annual = Dollars(source="annual_cents")
    claims_total = Dollars(source="claims_cents", help_text="Expected allowed amount of the claims behind it.")
    caveats = serializers.ListField(
        child=serializers.CharField(), source="finding.caveats", default=list,
        help_text="Faults in the data that it is made of; with any, look at the data first.",
    )  # fmt: skip
    deadline = serializers.DateField(allow_null=True)
    deadline_source = serializers.CharField()
    assigned_to = OwnerShape(allow_null=True)
    version = serializers.IntegerField(help_text="Counts its steps.")
    for_meeting = serializers.BooleanField(help_text="To be raised at the next meeting with the payer.")
    snoozed_until = serializers.DateField(allow_null=True)
    snooze_money = Dollars(source="snooze_money_cents", allow_null=True, help_text="Wakes when more is lost.")
    snooze_rate = serializers.FloatField(allow_null=True, help_text="Wakes when its rate passes this.")
    return_by = serializers.DateField(allow_null=True, help_text="By when a monitored one should be as usual.")
    said_recovered = Dollars(
        source="said_recovered_cents", allow_null=True, help_text="What a person said came back; no evidence."
    )
    first_as_of = serializers.DateField()
    last_as_of = serializers.DateField()
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(source="changed_at")


class TransitionShape(Shape):
    """One step. A comment's text is its note; blank once it is taken back."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=StepKind.choices)
    version = serializers.IntegerField(help_text="The incident's after it.")
    undoes = serializers.UUIDField(source="undoes.public_id", allow_null=True, default=None)
    from_state = serializers.ChoiceField(choices=IncidentState.choices, allow_blank=True)
    to_state = serializers.ChoiceField(choices=IncidentState.choices)
    outcome = serializers.ChoiceField(choices=ResolutionOutcome.choices, allow_blank=True)
    actor = serializers.CharField()
    note = serializers.SerializerMethodField()
    taken_back = serializers.BooleanField(help_text="A later step took it back.")
    at = serializers.DateTimeField()

    @extend_schema_field(str)
    def get_note(self, step: Any) -> str:
        """Sealed where it stands: opened with the keys of the context."""
        gone = step.kind == StepKind.COMMENTED and step.taken_back
        return "" if gone else step.note(self.context["keys"])


class CentsRange(Shape):
    """Dollars with their 80 % interval."""

    low = Dollars()
    middle = Dollars()
    high = Dollars()


class RecordShape(Shape):
    """This practice's own record with the payer: of `claims` settled denials `won` were paid later."""

    claims = serializers.IntegerField()
    won = serializers.IntegerField()
    share = serializers.FloatField(help_text="What of denials like these usually comes back, from 0 to 1.")
    low = serializers.FloatField()
    high = serializers.FloatField()


class IncidentMoney(Shape):
    """Where the money stands. `paid_after_all`, `gone` and `still_open` add up to the middle of what is lost."""

    interval = serializers.FloatField(help_text="Share of cases in which the true figure lies inside a range.")
    next_30_days = CentsRange(help_text="If it goes on: a projection.")
    held = CentsRange(help_text="Cash that waits longer than usual; it is not lost.")
    paid_after_all = Dollars()
    gone = Dollars(help_text="The window has closed, or no clock runs.")
    still_open = Dollars(help_text="A clock still runs.")
    likely_back = Dollars(help_text="What of `still_open` usually comes back.")
    record = RecordShape(allow_null=True)
    expected_allowed_from = serializers.CharField(help_text="Where the expected allowed amounts come from.")


class VerdictShape(Shape):
    """What was said of one innocent cause: `share` of the change that it explains, null where none can be counted."""

    cause = serializers.ChoiceField(choices=[(cause.value, cause.value) for cause in Cause])
    verdict = serializers.ChoiceField(choices=[(ruling.value, ruling.value) for ruling in Ruling])
    share = serializers.FloatField(allow_null=True)
    numbers = serializers.CharField()
    words = serializers.CharField()


class JudgedIncident(IncidentShape):
    merged_into = serializers.UUIDField(
        source="merged_into.public_id", allow_null=True, default=None, help_text="Where its claims count now."
    )
    split_from = serializers.UUIDField(source="split_from.public_id", allow_null=True, default=None)
    innocent_causes = VerdictShape(many=True, source="finding.verdicts", default=list)
    explained_by = serializers.CharField(
        source="finding.innocent", default="",
        help_text="The innocent cause that explains it; blank for none. With one: look at your own side first.",
    )  # fmt: skip


class IncidentDetail(JudgedIncident):
    money = IncidentMoney(allow_null=True)
    transitions = TransitionShape(many=True)


def money_told(incident: Incident) -> dict[str, Any] | None:
    """None for an incident that was last told before it said so."""
    kept, split = incident.finding.get("money"), incident.finding.get("split")
    if not kept or not split:
        return None
    return dict(IncidentMoney({
        "interval": kept["interval"],
        "next_30_days": _range(kept["ahead_cents"]),
        "held": _range(kept["held_cents"]),
        "paid_after_all": split["back_cents"],
        "gone": split["gone_cents"],
        "still_open": split["open_cents"],
        "likely_back": split["recoverable_cents"],
        "record": kept.get("recovery"),
        "expected_allowed_from": incident.finding.get("expected_allowed_from", ""),
    }).data)  # fmt: skip


def _range(cents: Sequence[float]) -> dict[str, int]:
    return dict(zip(("low", "middle", "high"), map(round, cents), strict=True))


class IncidentClaimShape(Shape):
    """One claim behind the incident's numbers; `expected` of all of them adds up to the incident's `claims_total`,
    `lost` to the middle of its `lost`."""

    id = serializers.UUIDField(source="claim.public_id")
    payer = PayerName(source="claim.payer")
    location = serializers.CharField(source="claim.site.name", allow_null=True, default=None)
    procedure_code = serializers.CharField(source="claim.procedure_code")
    submitted_date = serializers.DateField(source="claim.submitted_date")
    outcome = serializers.SerializerMethodField()
    denial_reason = serializers.SerializerMethodField()
    expected = Dollars(source="expected_cents")
    lost = Dollars(source="lost_cents", help_text="Its part of what the incident has cost so far.")

    def get_outcome(self, row: Any) -> str:
        return WORDS[row.claim.outcome]

    def get_denial_reason(self, row: Any) -> str:
        return f"{row.claim.denial_group}-{row.claim.denial_carc}" if row.claim.denial_carc else ""


class RunShape(Shape):
    """The detection run behind the numbers: the same triangles give the same hash and the same numbers."""

    as_of = serializers.DateField()
    last_week = serializers.DateField(allow_null=True)
    method = serializers.CharField()
    series = serializers.IntegerField()
    input_hash = serializers.CharField()
    false_incidents_per_quarter = serializers.DecimalField(source="budget_per_quarter", max_digits=4, decimal_places=2)


class EvidenceShape(Shape):
    id = serializers.UUIDField(source="public_id")
    evidence = serializers.FloatField()
    strength = serializers.ChoiceField(choices=Strength.choices)
    run = RunShape(source="last_run")
    ruled_out = serializers.ListField(child=serializers.CharField(), source="last_run.ruled_out")
    finding = serializers.DictField(child=serializers.JSONField(), help_text="Rates, intervals, counts and series.")
