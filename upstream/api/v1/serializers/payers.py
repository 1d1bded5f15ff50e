"""Payers, the names that lead to them, names that wait for a decision, and decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.claims.choices import Decided, Doubt, How, MoveState, PayerType, ProductClass
from upstream.claims.payer_queries import Question


class PayerShape(Shape):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    company = serializers.CharField(source="org.name", allow_null=True, default=None)
    state = serializers.CharField(help_text="States that its name tells; blank for none.")
    product_class = serializers.ChoiceField(choices=ProductClass.choices)
    payer_type = serializers.ChoiceField(choices=PayerType.choices, help_text="Decides which deadlines hold.")
    counted_with = PayerName(allow_null=True, help_text="The payer for which its claims count now, if another.")


class RawName(Shape):
    source_system = serializers.CharField(source="raw.source_system")
    name = serializers.CharField(source="raw.raw_name")
    identifier = serializers.CharField(source="raw.raw_id")
    product = serializers.CharField(source="product.name", allow_null=True, default=None)
    how = serializers.ChoiceField(choices=How.choices)
    confidence = serializers.FloatField(help_text="0 to 1; 1 is certain.")
    confirmed_by = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)


class PayerDetail(PayerShape):
    names = RawName(many=True)


class CandidateShape(Shape):
    payer = PayerName(source="other")
    reason = serializers.ChoiceField(choices=Doubt.choices)
    name = serializers.CharField(source="other_name.raw_name")
    identifier = serializers.CharField(source="other_name.raw_id")


class QuestionShape(Shape):
    """One payer whose name waits for a decision; until then it is not watched."""

    payer = PayerName()
    claims = serializers.IntegerField(source="volume.claims")
    billed = Dollars(source="volume.billed_cents")
    examples = serializers.SerializerMethodField()
    candidates = CandidateShape(many=True)

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_examples(self, question: Question) -> list[str]:
        return [str(claim.public_id) for claim in question.examples]


class QuestionsShape(Shape):
    """All of them: there are never many."""

    results = QuestionShape(many=True)


class DecisionRequest(Strict):
    decision = serializers.ChoiceField(choices=[(Decided.SAME.value, "same"), (Decided.OWN.value, "own")])
    other = serializers.UUIDField(required=False, help_text="The payer that it is the same as.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if (attrs["decision"] == Decided.SAME) != ("other" in attrs):
            raise serializers.ValidationError({"other": "goes with the decision same, and only with it"}, code="other")
        return attrs


class DecisionShape(Shape):
    """What was decided; while it is `waiting`, claims still count for the old payer."""

    id = serializers.UUIDField(source="public_id")
    decision = serializers.ChoiceField(source="decided", choices=Decided.choices)
    state = serializers.ChoiceField(choices=MoveState.choices)
    payer = PayerName(source="source", help_text="Whose names it is about.")
    target = PayerName(help_text="The payer to which they belong by it.")
    actor = serializers.CharField()
    at = serializers.DateTimeField()
    claims = serializers.IntegerField(help_text="How many were moved.")
    billed = Dollars(source="billed_cents")
