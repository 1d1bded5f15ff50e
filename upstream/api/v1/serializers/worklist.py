"""Denied claims to work: by when, what should come back, who has them, and acts upon one or many."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.alerts.choices import ClockAction
from upstream.api.shapes import Dollars, Shape, Strict, StrictPart
from upstream.api.v1.serializers.common import PayerName
from upstream.claims.choices import DenialCategory
from upstream.worklist.choices import ActKind, Show, Step
from upstream.worklist.models import NOTE_LENGTH, Event, Item
from upstream.worklist.services import MOST_ITEMS

DOABLE = [(kind.value, kind.value) for kind in (ActKind.STEP, ActKind.ASSIGN, ActKind.SNOOZE, ActKind.NOTE)]


class Listed(serializers.Serializer):
    """What is asked of the worklist."""

    show = serializers.ChoiceField(choices=Show.choices, required=False, default=Show.OPEN)
    payer = serializers.UUIDField(required=False, help_text="Id of a payer.")
    incident = serializers.UUIDField(required=False, help_text="Id of an incident: only claims behind it.")
    category = serializers.ChoiceField(choices=DenialCategory.choices, required=False)
    step = serializers.ChoiceField(choices=Step.choices, required=False)
    unowned = serializers.BooleanField(required=False, help_text="Only those that nobody has.")
    due_within_7_days = serializers.BooleanField(required=False)


class WorklistQuery(Listed, Strict):
    """As the query of a list."""


class ListedItems(Listed, StrictPart):
    """As a part of a body: everything that the list holds."""


class MemberName(Shape):
    """A person of the practice."""

    id = serializers.UUIDField(source="user.public_id")
    name = serializers.SerializerMethodField()

    def get_name(self, member: Any) -> str:
        return member.user.get_full_name() or str(member.user.email)


class WindowShape(Shape):
    """How long the payer leaves, and who says so; `unknown` stands for the shortest plausible window."""

    action = serializers.ChoiceField(choices=ClockAction.choices)
    days = serializers.IntegerField(source="clock_days")
    basis = serializers.ChoiceField(
        choices=[(basis, basis) for basis in ("contract", "setting", "payer type", "unknown")], source="clock_basis"
    )
    written_in = serializers.CharField(source="clock_source")
    confidence = serializers.CharField(source="clock_confidence")


class WorkItemShape(Shape):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField(help_text="Send it with an act, so that nothing is overwritten.")
    claim = serializers.UUIDField(source="claim.public_id")
    payer = PayerName()
    service_date = serializers.DateField(allow_null=True)
    decided_date = serializers.DateField()
    procedure_code = serializers.CharField()
    denied_in_part = serializers.BooleanField(source="partial")
    category = serializers.ChoiceField(choices=DenialCategory.choices)
    denial_reason = serializers.CharField(source="reason")
    remark_codes = serializers.CharField()
    billed = Dollars(source="billed_cents")
    expected = Dollars(source="expected_cents", help_text="What it should still bring when it is paid.")
    recovery = Dollars(source="recovery_cents", help_text="What of that usually comes back: `share` of it.")
    share = serializers.FloatField()
    deadline = serializers.DateField()
    internal_due = serializers.DateField(help_text="Our own date before the payer's.")
    window = WindowShape(source="*")
    step = serializers.ChoiceField(choices=Step.choices)
    owner = MemberName(allow_null=True)
    snoozed_until = serializers.DateField(allow_null=True)
    closed_for = serializers.CharField(help_text="Why it is done; blank while it is open.")
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(source="changed_at")


class WorkEventShape(Shape):
    act = serializers.UUIDField(source="act.public_id")
    kind = serializers.ChoiceField(choices=ActKind.choices, source="act.kind")
    actor = serializers.CharField(source="act.actor")
    at = serializers.DateTimeField(source="act.at")
    version = serializers.IntegerField()
    from_step = serializers.ChoiceField(choices=Step.choices)
    to_step = serializers.ChoiceField(choices=Step.choices)
    said = serializers.CharField()
    note = serializers.SerializerMethodField()

    @extend_schema_field(str)
    def get_note(self, event: Event) -> str:
        """Sealed where it stands: opened with the keys of the context."""
        return event.note(self.context["keys"])


class WorkItemDetail(WorkItemShape):
    history = WorkEventShape(many=True)


class SeenItem(StrictPart):
    id = serializers.UUIDField()
    version = serializers.IntegerField(required=False, min_value=1, help_text="The version that you have seen.")


class ActRequest(Strict):
    """One act upon one item or many: all of it is done, or nothing."""

    kind = serializers.ChoiceField(choices=DOABLE)
    items = serializers.ListField(child=SeenItem(), min_length=1, max_length=MOST_ITEMS)
    to_step = serializers.ChoiceField(choices=Step.choices, required=False, help_text="For `step`.")
    owner = serializers.UUIDField(required=False, allow_null=True, help_text="For `assign`: a person's id, or null.")
    until = serializers.DateField(required=False, allow_null=True, help_text="For `snooze`: null brings them back.")
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")


class ActShape(Shape):
    """What was done; `id` is null where there was nothing to change."""

    id = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=ActKind.choices)
    items = serializers.IntegerField(help_text="How many items it changed.")


def told(item: Item, events: Any, keys: Any) -> dict[str, Any]:
    """The item with its history."""
    history = WorkEventShape(events, many=True, context={"keys": keys})
    return {**WorkItemShape(item).data, "history": history.data}
