"""What incidents brought back, by month and line by line."""

from uuid import UUID

from rest_framework import serializers

from upstream.alerts.choices import ValueKind
from upstream.alerts.ledger_queries import Payment
from upstream.alerts.models import ValueLine
from upstream.api.shapes import Dollars, Shape, Strict
from upstream.api.v1.serializers.common import PayerName


class DaysQuery(Strict):
    first = serializers.DateField(required=False, help_text="By the day on which an answer became known.")
    last = serializers.DateField(required=False)


class LinesQuery(DaysQuery):
    incident = serializers.UUIDField(required=False)


class RecoveredMonth(Shape):
    """One month; any amount may be negative."""

    month = serializers.DateField(help_text="Its first day.")
    paid = Dollars(help_text="What payers paid since incidents were told, on claims behind them.")
    recovered = Dollars(help_text="What of that counts: never more than what a claim had cost.")
    avoided = Dollars(help_text="What was not lost again after our own process was put right.")


class RecoveredLine(Shape):
    """What one answer of a payer adds."""

    incident = serializers.UUIDField(source="incident.public_id")
    claim = serializers.UUIDField(source="claim.public_id")
    payer = PayerName(source="claim.payer")
    kind = serializers.ChoiceField(choices=ValueKind.choices)
    day = serializers.DateField(help_text="On which the answer became known.")
    paid = Dollars(source="paid_cents")
    counted = Dollars(source="counted_cents")
    check_number = serializers.SerializerMethodField()
    upload = serializers.SerializerMethodField(help_text="The file that brought the answer.")

    def get_check_number(self, line: ValueLine) -> str:
        payment = self._payment(line)
        return payment.check_number if payment else ""

    def get_upload(self, line: ValueLine) -> UUID | None:
        payment = self._payment(line)
        return payment.batch if payment else None

    def _payment(self, line: ValueLine) -> Payment | None:
        found: Payment | None = self.context["payments"].get(line.adjudication_id)
        return found
