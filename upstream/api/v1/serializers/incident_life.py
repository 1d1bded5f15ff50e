"""What clients do with incidents."""

from rest_framework import serializers

from upstream.alerts.choices import IncidentState, ResolutionOutcome, SplitAxis
from upstream.alerts.life_models import NOTE_LENGTH
from upstream.alerts.mentions import handle_of
from upstream.api.shapes import Strict
from upstream.api.v1.serializers.incidents import OwnerShape
from upstream.tenants.models import Membership

MOST_PICKED = 5000


def note_field() -> serializers.CharField:
    return serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")


def amount_field(help_text: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True, default=None,
        help_text=help_text,
    )  # fmt: skip


class TransitionRequest(Strict):
    to_state = serializers.ChoiceField(choices=IncidentState.choices)
    outcome = serializers.ChoiceField(
        choices=ResolutionOutcome.choices, required=False, allow_blank=True, default="", help_text="Needed to close."
    )
    return_by = serializers.DateField(
        required=False, allow_null=True, default=None,
        help_text="For monitoring: by when it should be as usual; four weeks when nothing is said.",
    )  # fmt: skip
    said_recovered = amount_field("On closing: what came back, as you know it. Shown as said.")
    note = note_field()


class AssignRequest(Strict):
    member = serializers.UUIDField(allow_null=True, help_text="From /members/; null for nobody.")


class CommentRequest(Strict):
    text = serializers.CharField(max_length=NOTE_LENGTH, help_text="@handle names a member, who gets a mail.")


class SnoozeRequest(Strict):
    """At least one end; the first that comes counts."""

    until = serializers.DateField(required=False, allow_null=True, default=None)
    money = amount_field("Wakes when more is lost.")
    rate = serializers.FloatField(required=False, allow_null=True, default=None, help_text="In the unit of `rates`.")
    note = note_field()


class WakeRequest(Strict):
    note = note_field()


class RaiseRequest(Strict):
    raised = serializers.BooleanField(help_text="false: not any more.")
    note = note_field()


class MergeRequest(Strict):
    part = serializers.UUIDField(help_text="The incident whose claims count here from now on.")
    note = note_field()


class SplitRequest(Strict):
    """Claims of one value on an axis, later ones too; or claims picked by their ids."""

    axis = serializers.ChoiceField(choices=SplitAxis.choices, required=False, allow_blank=True, default="")
    key = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    claims = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=MOST_PICKED)
    note = note_field()


class UndoRequest(Strict):
    step = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A step of yours; the last one when left out."
    )


class WorkerShape(OwnerShape):
    """A member, with the role and what comments call them by."""

    role = serializers.CharField()
    handle = serializers.SerializerMethodField()

    def get_handle(self, member: Membership) -> str:
        return handle_of(member)
