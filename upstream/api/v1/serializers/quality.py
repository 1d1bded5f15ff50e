"""What was found in the data, and payments against what was loaded of them."""

from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.ingestion.quality.choices import FindingState, Severity
from upstream.ingestion.reconciliation.choices import Basis, By


class FindingQuery(Strict):
    state = serializers.ChoiceField(choices=FindingState.choices, required=False)


class FindingShape(Shape):
    id = serializers.UUIDField(source="public_id")
    check = serializers.CharField(source="check_name")
    severity = serializers.ChoiceField(choices=Severity.choices, help_text="A fault casts doubt on numbers.")
    state = serializers.ChoiceField(choices=FindingState.choices)
    upload = serializers.UUIDField(source="batch.public_id", default=None, help_text="Null: not of one file.")
    payer = PayerName(allow_null=True, help_text="Null: of every payer in the file, or of the practice.")
    count = serializers.IntegerField(help_text="Rows that fail.")
    of = serializers.IntegerField()
    share = serializers.FloatField()
    limit = serializers.FloatField()
    money = Dollars(source="cents")
    first_day = serializers.DateField(allow_null=True, help_text="The days whose numbers are touched.")
    last_day = serializers.DateField(allow_null=True)
    found_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(source="changed_at")


class ReconciliationQuery(Strict):
    first = serializers.DateField(required=False, help_text="Default: eight weeks before `last`.")
    last = serializers.DateField(required=False, help_text="Default: today.")
    by = serializers.ChoiceField(choices=By.choices, default=By.WEEK)
    basis = serializers.ChoiceField(choices=Basis.choices, default=Basis.REMIT)


class PaymentSums(Shape):
    expected = serializers.FloatField(allow_null=True, help_text="Remittance days by the payer's rhythm.")
    files = serializers.IntegerField()
    payments = serializers.IntegerField()
    cut_off = serializers.IntegerField()
    superseded = serializers.IntegerField()
    out_of_balance = serializers.IntegerField()
    matched = serializers.IntegerField(help_text="Answers to claims that a file of the practice names.")
    unmatched = serializers.IntegerField()
    reversals = serializers.IntegerField()
    amount = Dollars()
    claims_paid = Dollars()
    adjustments = Dollars(help_text="Taken at provider level; negative is given.")
    difference = Dollars()
    loaded = Dollars()
    not_loaded = Dollars()
    reversed = Dollars(source="reversed_cents")


class PaymentRow(PaymentSums):
    start = serializers.DateField()
    payer = serializers.CharField()


class ClaimSumsShape(Shape):
    claims = serializers.IntegerField()
    answers = serializers.IntegerField()
    denied = serializers.IntegerField()
    billed = Dollars()
    allowed = Dollars()
    paid = Dollars()
    patient = Dollars()


class ClaimSumsRow(ClaimSumsShape):
    start = serializers.DateField()
    payer = serializers.CharField()


class ReconciliationShape(Shape):
    first = serializers.DateField()
    last = serializers.DateField()
    by = serializers.ChoiceField(choices=By.choices)
    basis = serializers.ChoiceField(choices=Basis.choices)
    rows = PaymentRow(many=True)
    total = PaymentSums()
    claims = ClaimSumsRow(many=True)
    claims_total = ClaimSumsShape()
