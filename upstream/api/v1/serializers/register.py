"""The register of authorizations, claims at risk, payers' times, and troubles."""

from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.authorizations.choices import Reason, SettingKind
from upstream.claims.choices import Approval, Urgency
from upstream.watchers.choices import Kind, Limit, StepKind, TroubleState

SHOWN = ["valid", "near", "ended", "waiting", "refused"]
UNITS: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}


class RegisterQuery(Strict):
    payer = serializers.UUIDField(required=False, help_text="Id of a payer.")
    show = serializers.ChoiceField(
        choices=SHOWN, required=False, help_text="near: ends within 30 days, or 90 % of its units are used."
    )


class PayerQuery(Strict):
    payer = serializers.UUIDField(required=False, help_text="Id of a payer.")


class RiskQuery(PayerQuery):
    reason = serializers.ChoiceField(choices=Reason.choices, required=False)


class EntryShape(Shape):
    """One service of one authorization as it stands. Its number and patient are in `authorizations/`, on purpose."""

    id = serializers.UUIDField(source="public_id")
    payer = PayerName()
    status = serializers.ChoiceField(choices=Approval.choices, source="approval")
    procedure_code = serializers.CharField()
    service_type = serializers.CharField()
    diagnosis = serializers.CharField()
    urgency = serializers.ChoiceField(choices=Urgency.choices, allow_blank=True)
    requested_units = serializers.DecimalField(**UNITS, allow_null=True)
    approved_units = serializers.DecimalField(**UNITS, allow_null=True)
    used_units = serializers.DecimalField(**UNITS, help_text="By claims that name the number, or by person and code.")
    used_claims = serializers.IntegerField()
    claims_by_person = serializers.IntegerField(help_text="Those of them found without a number.")
    requested_at = serializers.DateTimeField(allow_null=True)
    requested_date = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_date = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the payer had to decide; null: no known clock.")
    due_source = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    known_at = serializers.DateTimeField()


class WeekOfUnits(Shape):
    week = serializers.DateField()
    units = serializers.DecimalField(**UNITS)


class MarkShape(Shape):
    mark = serializers.CharField(help_text="lead, 30, 14, 3 (days before the end) or used (90 %).")
    on_day = serializers.DateField()
    told = serializers.BooleanField(help_text="False where a nearer mark was reached the same day.")


class EntryDetail(EntryShape):
    weeks = WeekOfUnits(many=True)
    marks = MarkShape(many=True)


class RiskShape(Shape):
    claim = serializers.UUIDField(source="claim.public_id")
    authorization = serializers.UUIDField(source="entry.public_id", allow_null=True, default=None)
    reason = serializers.ChoiceField(choices=Reason.choices)
    payer = PayerName(source="claim.payer")
    procedure_code = serializers.CharField(source="claim.procedure_code")
    service_date = serializers.DateField(allow_null=True)
    billed = Dollars(source="claim.billed_cents")
    found_on = serializers.DateField()


class TimeRequest(Strict):
    kind = serializers.ChoiceField(choices=SettingKind.choices)
    value = serializers.IntegerField(allow_null=True, help_text="Days for lead, hours for decisions; null ends it.")
    payer = serializers.UUIDField(required=False, help_text="Every payer when left out.")
    written_in = serializers.CharField(required=False, max_length=80, help_text="Where it stands, in your words.")
    valid_from = serializers.DateField(required=False)
    seen = serializers.CharField(
        required=False, allow_blank=True, max_length=36,
        help_text="Id of the newest of your own times that you know, blank for none: 409 when one was said since.",
    )  # fmt: skip


class TimeShape(Shape):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=SettingKind.choices)
    value = serializers.IntegerField(allow_null=True)
    payer = PayerName(allow_null=True)
    written_in = serializers.CharField(source="source")
    valid_from = serializers.DateField()
    said_by = serializers.CharField()
    at = serializers.DateTimeField()


class TroubleQuery(Strict):
    state = serializers.ChoiceField(choices=TroubleState.choices, required=False)


class TroubleShape(Shape):
    """Something of Upstream itself that fails, or failed."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=TroubleState.choices)
    title = serializers.CharField(source="words.title")
    means = serializers.CharField(source="words.means", help_text="What it means for the numbers.")
    todo = serializers.CharField(source="words.todo")
    affects_numbers = serializers.BooleanField()
    claims = serializers.IntegerField(help_text="Claims that the numbers leave out because of it.")
    rows = serializers.IntegerField(help_text="Rows of files that the numbers leave out because of it.")
    since = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    over_at = serializers.DateTimeField(allow_null=True)
    taken_by = serializers.CharField()
    version = serializers.IntegerField()


class StepShape(Shape):
    kind = serializers.ChoiceField(choices=StepKind.choices)
    actor = serializers.CharField()
    at = serializers.DateTimeField()


class TroubleDetail(TroubleShape):
    steps = StepShape(many=True)


class WatchLimitShape(Shape):
    """How much of something is a trouble, and who says so."""

    limit = serializers.ChoiceField(choices=Limit.choices)
    value = serializers.IntegerField()
    why = serializers.CharField(source="source")
    own = serializers.UUIDField(source="own.public_id", allow_null=True, default=None, help_text="Null: not your own.")
    valid_from = serializers.DateField(source="own.valid_from", allow_null=True, default=None)


class WatchLimitRequest(Strict):
    limit = serializers.ChoiceField(choices=Limit.choices)
    value = serializers.IntegerField(allow_null=True, help_text="Null: ours holds again.")
    reason = serializers.CharField(max_length=200)
    valid_from = serializers.DateField(required=False, help_text="Today when left out.")
    replaces = serializers.UUIDField(
        allow_null=True, default=None, help_text="`own` of the limit that you have read; null where it was ours."
    )


class TroubleMove(Strict):
    to = serializers.ChoiceField(choices=[("acknowledged", "acknowledged"), ("open", "open")])
    version = serializers.IntegerField(help_text="The version that you have seen.")
