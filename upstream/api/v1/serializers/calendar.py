"""Weeks that are unlike others: the practice's own word, and what all practices share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.api.v1.serializers.common import PayerName
from upstream.detection.choices import EventEffect, EventKind

EFFECTS = [(effect.value, effect.label) for effect in (EventEffect.MASK, EventEffect.NOTE)]


class CalendarQuery(Strict):
    first = serializers.DateField(required=False, help_text="Default: two years before `last`.")
    last = serializers.DateField(required=False, help_text="Default: today.")


class CalendarEventShape(Shape):
    id = serializers.UUIDField(source="public_id", default=None, help_text="Null: all practices share it.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=EventKind.choices)
    first_day = serializers.DateField()
    last_day = serializers.DateField(allow_null=True, help_text="Null: it is still going on.")
    effect = serializers.ChoiceField(choices=EFFECTS, help_text="mask: its weeks are left out; note: it is only shown.")
    payers = serializers.SerializerMethodField(help_text="Empty: all payers.")
    source = serializers.CharField()  # type: ignore[assignment]  # becomes a field, not the property
    known_from = serializers.DateField(help_text="A look as of an earlier day does without it.")

    @extend_schema_field(PayerName(many=True))
    def get_payers(self, row: Any) -> list[Any]:
        names = self.context["payers"]
        return [PayerName(names[payer]).data for payer in getattr(row, "payers", ()) if payer in names]


class CalendarShape(Shape):
    first = serializers.DateField()
    last = serializers.DateField()
    events = CalendarEventShape(many=True)
