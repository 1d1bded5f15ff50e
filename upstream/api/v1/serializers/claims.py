"""Claims: facts without identifying values, unless they are asked for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.claims.choices import Outcome, StatusKind
from upstream.core.money import dollars_of

OUTCOMES = {outcome.name.lower(): outcome for outcome in Outcome}
OUTCOME_CHOICES = [(word, outcome.label) for word, outcome in OUTCOMES.items()]
WORDS = {outcome.value: word for word, outcome in OUTCOMES.items()}
COLUMNS = (
    "pk", "public_id", "payer__public_id", "payer__name", "site__name", "procedure_code", "procedure_group",
    "diagnosis", "place_of_service", "frequency_code", "submitted_date", "service_date", "billed_cents", "outcome",
    "decided_date", "denial_group", "denial_carc", "denial_category", "allowed_cents", "paid_cents", "known_at",
    "facts_known_at", "decision_known_at",
)  # fmt: skip


class IdentityQuery(Strict):
    """`fields` cannot be a declared attribute of a serializer, which has its own."""

    def get_fields(self) -> dict[str, Any]:
        choice = serializers.ChoiceField(choices=["identity"], required=False, help_text="Adds identifying values.")
        return {**super().get_fields(), "fields": choice}


class ClaimQuery(IdentityQuery):
    payer = serializers.UUIDField(required=False, help_text="Id of a payer.")
    outcome = serializers.ChoiceField(choices=OUTCOME_CHOICES, required=False)
    rejected = serializers.BooleanField(
        required=False, help_text="true: only claims turned away before adjudication and not sent again."
    )
    unmatched = serializers.BooleanField(
        required=False, help_text="true: only claims that payers answered and no file of the practice holds."
    )
    submitted_from = serializers.DateField(required=False)
    submitted_to = serializers.DateField(required=False, help_text="The last day that is included.")
    updated_after = serializers.DateTimeField(required=False, help_text="Facts or decision became known after this.")


class Identity(Shape):
    """Identifying values; present only with `fields=identity` and the scope read_phi. Each reading is recorded."""

    claim_number = serializers.CharField(required=False)
    payer_control_number = serializers.CharField(required=False)
    account = serializers.CharField(required=False)
    authorization_number = serializers.CharField(required=False)


class ClaimRow(Shape):
    id = serializers.UUIDField()
    payer = PayerName()
    location = serializers.CharField(allow_null=True)
    procedure_code = serializers.CharField()
    procedure_group = serializers.CharField()
    diagnosis = serializers.CharField()
    place_of_service = serializers.CharField()
    frequency_code = serializers.CharField()
    submitted_date = serializers.DateField()
    service_date = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOME_CHOICES)
    decided_date = serializers.DateField(allow_null=True)
    denial_reason = serializers.CharField(help_text="Group and code of the first denial, such as CO-197.")
    denial_category = serializers.CharField()
    billed = Dollars()
    allowed = Dollars()
    paid = Dollars()
    known_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    identity = Identity(required=False, allow_null=True)


def row_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """ClaimRow from a row of COLUMNS. By hand: on pages of hundreds the serializer would be the whole cost."""
    reason = f"{row['denial_group']}-{row['denial_carc']}" if row["denial_carc"] else ""
    return {
        "id": row["public_id"],
        "payer": {"id": row["payer__public_id"], "name": row["payer__name"]},
        "location": row["site__name"],
        "procedure_code": row["procedure_code"],
        "procedure_group": row["procedure_group"],
        "diagnosis": row["diagnosis"],
        "place_of_service": row["place_of_service"],
        "frequency_code": row["frequency_code"],
        "submitted_date": row["submitted_date"],
        "service_date": row["service_date"],
        "outcome": WORDS[row["outcome"]],
        "decided_date": row["decided_date"],
        "denial_reason": reason,
        "denial_category": row["denial_category"],
        "billed": str(dollars_of(row["billed_cents"])),
        "allowed": str(dollars_of(row["allowed_cents"])),
        "paid": str(dollars_of(row["paid_cents"])),
        "known_at": row["known_at"],
        "updated_at": max(row["facts_known_at"], row["decision_known_at"] or row["facts_known_at"]),
    }


class Line(Shape):
    number = serializers.IntegerField()
    procedure_code = serializers.CharField()
    modifiers = serializers.CharField()
    revenue_code = serializers.CharField()
    units = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    service_date = serializers.DateField(allow_null=True)
    billed = Dollars(source="billed_cents")


class AdjustmentShape(Shape):
    line = serializers.IntegerField(help_text="0 is the claim as a whole.")
    group_code = serializers.CharField()
    carc = serializers.CharField()
    remark_codes = serializers.CharField()
    amount = Dollars(source="cents")


class AnsweredLine(Shape):
    number = serializers.IntegerField()
    procedure_code = serializers.CharField()
    billed_code = serializers.CharField(help_text="What was billed, where the payer answered another code.")
    billed = Dollars(source="billed_cents")
    allowed = Dollars(source="allowed_cents", allow_null=True)
    paid = Dollars(source="paid_cents", allow_null=True)


class AnswerShape(Shape):
    payer = PayerName()
    payer_order = serializers.IntegerField()
    outcome = serializers.SerializerMethodField()
    billed = Dollars(source="billed_cents")
    allowed = Dollars(source="allowed_cents", allow_null=True)
    paid = Dollars(source="paid_cents")
    patient_responsibility = Dollars(source="patient_cents")
    interest = Dollars(source="interest_cents", help_text="Paid for being late; no part of `paid`.")
    payment_date = serializers.DateField(allow_null=True)

    def get_outcome(self, row: Any) -> str:
        return WORDS[row.outcome]


class StatusShape(Shape):
    stage = serializers.ChoiceField(choices=StatusKind.choices, source="kind")
    rejected = serializers.BooleanField(help_text="Turned away before adjudication, which is no denial.")
    category_code = serializers.CharField()
    status_code = serializers.CharField()
    entity_code = serializers.CharField()
    further_codes = serializers.CharField()
    line = serializers.IntegerField(help_text="0 is the claim as a whole.")


class EventShape(Shape):
    """One step in a claim's life. `day` is when it happened, `known_at` when we learned of it."""

    day = serializers.DateField(allow_null=True)
    known_at = serializers.DateTimeField()
    words = serializers.CharField()
    upload = serializers.SerializerMethodField(help_text="The file that told of it.")
    position = serializers.IntegerField(help_text="Where it stands there: line, row or segment; 0 when not known.")
    answer = AnswerShape(source="adjudication", allow_null=True)
    status = StatusShape(allow_null=True)
    adjustments = AdjustmentShape(many=True)
    lines = AnsweredLine(many=True)

    def get_upload(self, event: Any) -> UUID | None:
        found: UUID | None = self.context["uploads"].get(event.batch_id)
        return found


class SourceShape(Shape):
    """What one file says of the claim at one place, as it stands there."""

    upload = serializers.UUIDField(source="batch.public_id")
    format = serializers.CharField(source="batch.format")
    position = serializers.IntegerField()
    why = serializers.CharField(help_text="Why it cannot be shown; empty when it is.")
    parts = serializers.ListField(child=serializers.CharField(), help_text="The row, or the segments.")
    envelope = serializers.DictField(child=serializers.CharField(), help_text="Control numbers around the segments.")


class MatchShape(Shape):
    """Two claims that are taken for one, or were until a person took them apart."""

    claim = serializers.UUIDField(source="claim.public_id", help_text="As the practice sent it.")
    remitted = serializers.UUIDField(source="remitted.public_id", help_text="As the payer answered it.")
    state = serializers.CharField(help_text="matched or undone.")
    agreed = serializers.CharField(help_text="What the two have in common.")


class ClaimDetail(ClaimRow):
    matches = MatchShape(many=True)
    lines = Line(many=True)
    events = EventShape(many=True)
