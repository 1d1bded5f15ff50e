"""Contracts with payers, their prices, and underpaid lines."""

from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.contracts.choices import Reason, State
from upstream.contracts.models import Step

SHOWN = [*State.values, "all"]
PERCENT: dict[str, Any] = {"max_digits": 7, "decimal_places": 3, "min_value": 0, "max_value": 1000}
AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "min_value": 0}


class ContractRequest(Strict):
    name = serializers.CharField(max_length=120)
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(required=False, allow_null=True)
    product = serializers.CharField(
        required=False, allow_null=True, max_length=40, help_text="Name of a product of the payer; null: every one."
    )
    written_in = serializers.CharField(required=False, allow_blank=True, max_length=200)
    lesser_of = serializers.BooleanField(required=False, help_text="Never more than the charge; true when left out.")
    tolerance = serializers.DecimalField(**AMOUNT, required=False, allow_null=True, help_text="Null: the practice's.")
    tolerance_percent = serializers.DecimalField(**PERCENT, required=False, allow_null=True)


class ContractChange(ContractRequest):
    version = serializers.IntegerField(help_text="The version that you have seen.")


class Seen(Strict):
    version = serializers.IntegerField(help_text="The version that you have seen.")


class ContractShape(Shape):
    id = serializers.UUIDField(source="public_id")
    payer = PayerName()
    product = serializers.CharField(source="product.name", allow_null=True, default=None)
    name = serializers.CharField()
    written_in = serializers.CharField(source="source")
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    lesser_of = serializers.BooleanField()
    tolerance = Dollars(source="tolerance_cents", allow_null=True)
    tolerance_percent = serializers.DecimalField(max_digits=7, decimal_places=3, allow_null=True)
    taken_back_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class PriceShape(Shape):
    procedure_code = serializers.CharField()
    modifiers = serializers.CharField(help_text="Joined by a colon, in order.")
    place_of_service = serializers.CharField(source="place", help_text="A code, facility, nonfacility, or blank: any.")
    price = Dollars(source="cents", allow_null=True)
    percent_of_billed = serializers.DecimalField(source="percent", max_digits=7, decimal_places=3, allow_null=True)
    effective_from = serializers.DateField(source="valid_from")
    effective_to = serializers.DateField(source="valid_to", allow_null=True, help_text="Null: until the next begins.")


class FaultShape(Shape):
    line = serializers.IntegerField()
    field = serializers.CharField()
    words = serializers.CharField()


class LoadShape(Shape):
    """What became of a fee schedule's rows."""

    id = serializers.UUIDField(source="public_id")
    added = serializers.IntegerField()
    replaced = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()
    faults = FaultShape(many=True, help_text="The first 500 rows that were refused.")
    made_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class ModifierRequest(Strict):
    code = serializers.CharField(max_length=2)
    percent = serializers.DecimalField(**PERCENT, allow_null=True, help_text="Of the price; null: not said any more.")
    valid_from = serializers.DateField(required=False, help_text="Always when left out.")


class ModifierShape(Shape):
    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    percent = serializers.DecimalField(max_digits=7, decimal_places=3, allow_null=True)
    valid_from = serializers.DateField()
    said_by = serializers.CharField()
    at = serializers.DateTimeField()


class UnpricedShape(Shape):
    procedure_code = serializers.CharField()
    reason = serializers.ChoiceField(choices=Reason.choices)
    lines = serializers.IntegerField()
    billed = Dollars(source="billed_cents")
    allowed = Dollars(source="allowed_cents")


class CoverageQuery(Strict):
    first = serializers.DateField(required=False, help_text="Answers known from this Monday on; else of a year.")
    last = serializers.DateField(required=False)


class CoverageShape(Shape):
    """How much of a payer's answers contracts price, and what was allowed less and more."""

    lines = serializers.IntegerField()
    priced = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    expected = Dollars()
    short_lines = serializers.IntegerField()
    short = Dollars()
    over_lines = serializers.IntegerField()
    over = Dollars()


class CoverageDetail(CoverageShape):
    unpriced = UnpricedShape(many=True)


class UnderpaidQuery(Strict):
    payer = serializers.UUIDField(required=False, help_text="Id of a payer.")
    state = serializers.ChoiceField(
        choices=SHOWN, required=False, help_text="Open lines when left out; all: also those of corrected prices."
    )
    code = serializers.CharField(required=False, max_length=16)
    first = serializers.DateField(required=False, help_text="Answered from this day on.")
    last = serializers.DateField(required=False)


class ShortLineShape(Shape):
    """A line that its payer allowed less than the contract says."""

    id = serializers.UUIDField(source="public_id")
    claim = serializers.UUIDField(source="claim.public_id")
    line = serializers.IntegerField(source="number", help_text="0: the claim as a whole.")
    payer = PayerName()
    contract = serializers.UUIDField(source="contract.public_id")
    procedure_code = serializers.CharField()
    modifiers = serializers.CharField()
    place_of_service = serializers.CharField(source="place")
    units = serializers.DecimalField(max_digits=12, decimal_places=3)
    service_date = serializers.DateField()
    answered = serializers.DateField(source="decided_on")
    billed = Dollars(source="billed_cents")
    expected = Dollars(source="expected_cents")
    allowed = Dollars(source="allowed_cents")
    short = Dollars(source="short_cents")
    recovered = Dollars(source="recovered_cents")
    state = serializers.ChoiceField(choices=State.choices)
    stands = serializers.BooleanField(help_text="False since a corrected price or claim calls it short no more.")
    version = serializers.IntegerField()


class LineStep(Shape):
    """A move; its note, which may name a patient, is shown in the portal alone."""

    from_state = serializers.ChoiceField(choices=State.choices)
    to_state = serializers.ChoiceField(choices=State.choices)
    actor = serializers.CharField()
    at = serializers.DateTimeField()
    undoes = serializers.SerializerMethodField(help_text="Whether it takes an earlier step back.")

    def get_undoes(self, step: Step) -> bool:
        return step.undoes_id is not None


class ShortLineDetail(ShortLineShape):
    steps = LineStep(many=True)


class ShortLineMove(Seen):
    to = serializers.ChoiceField(choices=State.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)
    recovered = serializers.DecimalField(**AMOUNT, required=False, help_text="What came of it; all when left out.")


class ToleranceRequest(Strict):
    tolerance = serializers.DecimalField(**AMOUNT)
    percent = serializers.DecimalField(**PERCENT)


class ToleranceShape(Shape):
    tolerance = Dollars(source="cents")
    percent = serializers.DecimalField(max_digits=7, decimal_places=3)
