"""Letters to payers, batches of them, templates, how they end, and packets of evidence."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.api.v1.serializers.worklist import ListedItems
from upstream.appeals.choices import Confidence, LetterState, Subject, Way, WorkState
from upstream.appeals.models import Letter, LetterBatch, LetterTemplate, Packet
from upstream.appeals.queries import Record

MOST_CLAIMS = 500


class LetterQuery(Strict):
    state = serializers.ChoiceField(choices=LetterState.choices, required=False)
    subject = serializers.ChoiceField(choices=Subject.choices, required=False)
    payer = serializers.UUIDField(required=False)
    claim = serializers.UUIDField(required=False)
    incident = serializers.UUIDField(required=False)


class LetterRequest(Strict):
    claim = serializers.UUIDField()
    incident = serializers.UUIDField(required=False, help_text="Gives the expected amount, and what it is about.")
    subject = serializers.ChoiceField(
        choices=Subject.choices, required=False, help_text="Left out: what the claim was denied for."
    )
    again = serializers.BooleanField(required=False, default=False, help_text="The next level, after an answer.")


class LetterShape(Shape):
    """Where a letter stands; never what it says."""

    id = serializers.UUIDField(source="public_id")
    claim = serializers.UUIDField(source="claim.public_id")
    incident = serializers.UUIDField(source="incident.public_id", default=None, allow_null=True)
    payer = PayerName()
    subject = serializers.ChoiceField(choices=Subject.choices)
    kind = serializers.CharField()
    level = serializers.IntegerField()
    state = serializers.ChoiceField(choices=LetterState.choices)
    version = serializers.IntegerField(help_text="Name it with each change: who comes second is answered with 409.")
    in_dispute = Dollars(source="amount_cents")
    deadline = serializers.DateField(allow_null=True, help_text="The payer's last day; null where no clock is known.")
    way = serializers.CharField(help_text="How it was sent; empty before.")
    sent_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    recovered = Dollars(source="recovered_cents")
    drafted_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField(source="changed_at")


class LetterText(Shape):
    version = serializers.IntegerField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    tracking = serializers.CharField()


class TextRequest(Strict):
    version = serializers.IntegerField(min_value=1)
    text = serializers.CharField(trim_whitespace=False, help_text="Paragraphs parted by blank lines.")


class LetterVersion(Strict):
    version = serializers.IntegerField(min_value=1)


class SentRequest(Strict):
    way = serializers.ChoiceField(choices=Way.choices, required=False, help_text="For `sent`.")
    sent_on = serializers.DateField(required=False, help_text="For `sent`.")
    tracking = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)


class LetterMove(SentRequest):
    to_state = serializers.ChoiceField(choices=LetterState.choices)
    version = serializers.IntegerField(min_value=1)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
    answered_on = serializers.DateField(required=False, help_text="For an answer; today when left out.")
    recovered = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, help_text="For an answer, in dollars."
    )


class BatchMove(SentRequest):
    to_state = serializers.ChoiceField(
        choices=[("ready", "Ready to send"), ("sent", "Sent"), ("withdrawn", "Withdrawn")]
    )


class MovedShape(Shape):
    moved = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Need a second reader first, or were changed meanwhile.")


class BatchRequest(Strict):
    incident = serializers.UUIDField(required=False, help_text="A letter on each of its claims that calls for one.")
    claims = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_CLAIMS)
    worklist = ListedItems(required=False, help_text="On each claim that the worklist holds, asked like this.")
    subject = serializers.ChoiceField(choices=Subject.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the three names the claims."""
        if len({"incident", "claims", "worklist"} & set(attrs)) > 1 and "worklist" in attrs:
            raise serializers.ValidationError({"worklist": "name the claims in one way"})
        return super().validate(attrs)


class BatchShape(Shape):
    id = serializers.UUIDField(source="public_id")
    incident = serializers.UUIDField(source="incident.public_id", default=None, allow_null=True)
    state = serializers.ChoiceField(choices=WorkState.choices)
    error_code = serializers.CharField()
    claims = serializers.SerializerMethodField()
    looked_at = serializers.IntegerField(source="position")
    made = serializers.IntegerField()
    there_before = serializers.IntegerField(source="kept")
    requested_at = serializers.DateTimeField()
    files = serializers.CharField(source="files_state", help_text="Empty, due, done or failed.")

    def get_claims(self, batch: LetterBatch) -> int:
        return len(batch.claims)


class BatchDetail(BatchShape):
    letters = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_letters(self, batch: LetterBatch) -> Any:
        rows = Letter.objects.filter(pk__in=batch.letters).order_by("pk")
        return [str(public_id) for public_id in rows.values_list("public_id", flat=True)]


class TemplateRequest(Strict):
    subject = serializers.ChoiceField(choices=Subject.choices)
    payer = serializers.UUIDField(required=False, help_text="Left out: all payers.")
    words = serializers.CharField(
        required=False, allow_blank=True, default="", trim_whitespace=False, help_text="Blank: the shipped ones."
    )
    layout = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="A Word document (.docx) as base64; blank: the shipped."
    )
    valid_from = serializers.DateField(required=False, help_text="Left out: today.")


class TemplateShape(Shape):
    id = serializers.UUIDField(source="public_id")
    subject = serializers.ChoiceField(choices=Subject.choices)
    payer = PayerName(allow_null=True)
    version = serializers.IntegerField()
    valid_from = serializers.DateField()
    own_layout = serializers.SerializerMethodField()
    taken_back = serializers.SerializerMethodField()

    def get_own_layout(self, row: LetterTemplate) -> bool:
        return bool(row.layout_sha256)

    def get_taken_back(self, row: LetterTemplate) -> bool:
        return row.taken_back_at is not None


class ReviewRequest(Strict):
    above = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, allow_null=True, help_text="In dollars; null: none is read."
    )


class ReviewShape(Shape):
    above = Dollars(source="amount_cents", allow_null=True)


class OutcomeShape(Shape):
    """Letters that were sent to one payer on one subject, and how the answered ones ended."""

    payer = serializers.CharField()
    subject = serializers.ChoiceField(choices=Subject.choices)
    sent = serializers.IntegerField()
    waiting = serializers.IntegerField()
    overturned = serializers.IntegerField()
    partly = serializers.IntegerField()
    upheld = serializers.IntegerField()
    recovered = Dollars(source="recovered_cents")
    rate = serializers.SerializerMethodField(help_text="In full or in part, of the answered; null of none.")
    low = serializers.SerializerMethodField(help_text="Of its 95 % interval.")
    high = serializers.SerializerMethodField()

    def get_rate(self, record: Record) -> float | None:
        return round(record.rate.mid, 4) if record.rate else None

    def get_low(self, record: Record) -> float | None:
        return round(record.rate.low, 4) if record.rate else None

    def get_high(self, record: Record) -> float | None:
        return round(record.rate.high, 4) if record.rate else None


class OutcomesShape(Shape):
    results = OutcomeShape(many=True)


class PacketQuery(Strict):
    incident = serializers.UUIDField(required=False)


class PacketRequest(Strict):
    incident = serializers.UUIDField()
    statement = serializers.CharField(required=False, allow_blank=True, default="", help_text="Blank: our own words.")
    clause = serializers.CharField(required=False, allow_blank=True, default="")
    clause_source = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    state_rate = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2, help_text="A listed state's, like NY; unverified."
    )
    days = serializers.IntegerField(required=False, min_value=1, help_text="An own rate: days after submission.")
    percent = serializers.DecimalField(max_digits=5, decimal_places=2, required=False, help_text="A year.")
    rate_source = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)


class PacketShape(Shape):
    id = serializers.UUIDField(source="public_id")
    incident = serializers.UUIDField(source="incident.public_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=WorkState.choices)
    error_code = serializers.CharField()
    as_of = serializers.DateField()
    claims = serializers.IntegerField()
    expected = Dollars(source="total_cents", help_text="The incident's `claims_total` as of then, to the cent.")
    interest = Dollars(source="interest_cents", help_text="Unverified arithmetic.")
    interest_days = serializers.IntegerField(allow_null=True)
    interest_percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    interest_source = serializers.CharField()
    interest_confidence = serializers.ChoiceField(choices=Confidence.choices, allow_blank=True)
    content_sha256 = serializers.CharField(source="content_hash")
    files = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_files(self, packet: Packet) -> Any:
        return sorted(packet.files)
