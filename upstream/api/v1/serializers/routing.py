"""Who is told of incidents, when, and what is muted."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.alerts.choices import Severity
from upstream.api.shapes import Dollars, Shape, Strict
from upstream.claims.choices import DenialCategory
from upstream.core.money import cents_of
from upstream.detection.choices import Metric
from upstream.routing.choices import Channel, How, NoticeState, TargetKind
from upstream.routing.conditions import LONGEST
from upstream.routing.models import Target
from upstream.routing.quiet_models import DIGEST_FROM
from upstream.routing.ruling import TargetSaid

TARGETS, STATES, CHANNELS = TargetKind.choices, NoticeState.choices, Channel.choices


class Days(serializers.ListField):
    """Days of the week, Monday is 0."""

    child = serializers.IntegerField(min_value=0, max_value=6)


class PolicyRequest(Strict):
    version = serializers.IntegerField(help_text="The version that you have read.")
    weekly_budget = serializers.IntegerField(allow_null=True, min_value=0, max_value=500, help_text="Null: no limit.")
    at_once_from = serializers.ChoiceField(choices=Severity.choices)
    digest_from = serializers.ChoiceField(choices=DIGEST_FROM)
    digest_at = serializers.TimeField()
    coalesce_days = serializers.IntegerField(min_value=0, max_value=90)
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    quiet_days = Days()
    critical_any_time = serializers.BooleanField()
    office_from = serializers.TimeField()
    office_until = serializers.TimeField()
    office_days = Days()
    learns = serializers.BooleanField()


class PolicyShape(Shape):
    version = serializers.IntegerField()
    time_zone = serializers.SerializerMethodField(help_text="On whose clocks all times are.")
    weekly_budget = serializers.IntegerField(allow_null=True)
    at_once_from = serializers.ChoiceField(choices=Severity.choices)
    digest_from = serializers.ChoiceField(choices=DIGEST_FROM)
    digest_at = serializers.TimeField()
    coalesce_days = serializers.IntegerField()
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    quiet_days = Days()
    critical_any_time = serializers.BooleanField()
    office_from = serializers.TimeField()
    office_until = serializers.TimeField()
    office_days = Days(help_text="Empty: Monday to Friday.")
    learns = serializers.BooleanField()

    def get_time_zone(self, row: Any) -> str:
        return str(self.context["zone"])


class Part(serializers.Serializer):
    """A part of what a caller sends: a field that is not declared is refused, as in the whole."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "no such field"), code="unknown_field")
        return super().to_internal_value(data)


class Words(serializers.ListField):
    child = serializers.CharField(max_length=200)


class ScopeRequest(Part):
    """Which incidents are meant; a part that is left out means all."""

    payers = serializers.ListField(child=serializers.UUIDField(), default=list)
    categories = serializers.ListField(child=serializers.ChoiceField(choices=DenialCategory.choices), default=list)
    locations = Words(default=list)
    metrics = serializers.ListField(child=serializers.ChoiceField(choices=Metric.choices), default=list)
    codes = Words(default=list, help_text="Procedures or denial reasons.")
    severities = serializers.ListField(child=serializers.ChoiceField(choices=Severity.choices), default=list)
    least = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, allow_null=True, default=None)
    most = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, allow_null=True, default=None)
    condition = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="In the Common Expression Language."
    )


def scope_of(said: Mapping[str, Any], payers: Mapping[Any, int]) -> dict[str, Any]:
    """A scope as the services take it; `payers`: number by public id, 0 for one that is not there."""
    amounts = {name: said[name] for name in ("least", "most")}
    return {
        **{name: value for name, value in said.items() if name not in (*amounts, "payers")},
        **{f"{name}_cents": cents_of(value) if value is not None else None for name, value in amounts.items()},
        "payers": [payers.get(public, 0) for public in said["payers"]],
    }


class ScopeShape(Shape):
    payers = serializers.SerializerMethodField()
    categories = Words()
    locations = Words()
    metrics = Words()
    codes = Words()
    severities = Words()
    least = Dollars(source="least_cents", allow_null=True)
    most = Dollars(source="most_cents", allow_null=True)
    condition = serializers.CharField()

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_payers(self, row: Any) -> list[str]:
        return [str(self.context["payers"][pk]) for pk in row.payers if pk in self.context["payers"]]


class TargetRequest(Part):
    kind = serializers.ChoiceField(choices=TARGETS)
    ref = serializers.CharField(max_length=40, help_text="A role, or the id of a person, of turns or of a channel.")
    after_hours = serializers.IntegerField(
        min_value=0, max_value=200, default=0, help_text="Working hours without anybody taking it up; 0: at once."
    )


class TargetShape(Shape):
    kind = serializers.ChoiceField(choices=TARGETS)
    ref = serializers.SerializerMethodField()
    after_hours = serializers.IntegerField()

    def get_ref(self, target: Target) -> str:
        if target.kind == TargetKind.MEMBER:
            return str(target.member.user.public_id)
        thing = target.rota if target.kind == TargetKind.ROTA else target.endpoint
        return target.role if thing is None else str(thing.public_id)


class RuleRequest(Strict):
    version = serializers.IntegerField(default=0, help_text="The version that you have read; left out for a new rule.")
    name = serializers.CharField(max_length=80)
    how = serializers.ChoiceField(choices=How.choices, default=How.SEVERITY)
    scope = ScopeRequest()
    targets = TargetRequest(many=True)


def targets_of(said: list[Mapping[str, Any]]) -> list[TargetSaid]:
    return [TargetSaid(one["kind"], one["ref"], one["after_hours"]) for one in said]


class RuleShape(Shape):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    name = serializers.CharField()
    how = serializers.ChoiceField(choices=How.choices)
    scope = ScopeShape(source="*")
    targets = TargetShape(many=True, source="targets.all")
    ended_at = serializers.DateTimeField(allow_null=True)


class TriedShape(Shape):
    told = serializers.IntegerField(help_text="How many people and channels get a test.")


class PreviewRequest(Strict):
    scope = ScopeRequest()


class MuteRequest(Strict):
    scope = ScopeRequest()
    reason = serializers.CharField(max_length=300, help_text="Without a patient's name.")
    expires_at = serializers.DateTimeField()


class MuteShape(Shape):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    scope = ScopeShape(source="*")
    reason = serializers.CharField()
    author = serializers.CharField()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class PlannedWorkRequest(Strict):
    name = serializers.CharField(max_length=80)
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class PlannedWorkShape(Shape):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    name = serializers.CharField()
    reason = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class VersionRequest(Strict):
    version = serializers.IntegerField(help_text="The version that you have read.")


class PastShape(Shape):
    on = serializers.DateField()
    title = serializers.CharField()
    incident = serializers.CharField(help_text="Blank for what a replay found.")
    severity = serializers.CharField(source="facts.severity")
    lost = Dollars(source="facts.lost_cents")


class PreviewShape(Shape):
    raised = serializers.IntegerField(help_text="Incidents that opened in the last year.")
    found = PastShape(many=True)
    replayed = serializers.IntegerField(help_text="Of the newest replay, in the last year.")
    found_again = PastShape(many=True)
    trouble = serializers.CharField(help_text="Why the condition could not be worked out everywhere; blank: it could.")


class NoticeShape(Shape):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField()
    about = serializers.CharField()
    channel = serializers.ChoiceField(choices=CHANNELS)
    severity = serializers.ChoiceField(choices=Severity.choices)
    state = serializers.ChoiceField(choices=STATES)
    headline = serializers.CharField(source="said.headline")
    why = serializers.CharField()
    due_at = serializers.DateTimeField()
    let_go_at = serializers.DateTimeField(allow_null=True)


class LearnedShape(Shape):
    payer = serializers.CharField(help_text="A payer's name, or all payers.")
    metric = serializers.CharField()
    noise = serializers.IntegerField(source="tally.noise")
    real = serializers.IntegerField(source="tally.real")
    share = serializers.FloatField(source="tally.share", help_text="(noise + 1) / (noise + real + 4)")
    strength = serializers.CharField(source="ask.strength", help_text="What at once takes.")
    more_evidence = serializers.FloatField(source="ask.more", help_text="And so much more, as a power of ten.")
