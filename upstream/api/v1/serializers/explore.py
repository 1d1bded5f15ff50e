"""Own reports: what they are made of, their definitions, and what they find."""

from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.api.v1.serializers.routing import Part
from upstream.explore.answering import Line, Table, Value
from upstream.explore.choices import Basis, Unit
from upstream.explore.question import MOST_DIMENSIONS, MOST_MEASURES, MOST_WEEKS
from upstream.explore.services import LONGEST_SQL, NAME_LENGTH
from upstream.explore.showing import heading, note, plain
from upstream.explore.terms import DIMENSIONS, MEASURES

DIMENSION_KEYS = [(dimension.key, dimension.name) for dimension in DIMENSIONS]
MEASURE_KEYS = [(term.key, term.name) for term in MEASURES]


class FilterRequest(Part):
    dimension = serializers.ChoiceField(choices=DIMENSION_KEYS)
    values = serializers.ListField(child=serializers.CharField(max_length=200, allow_blank=True), max_length=50)
    leave_out = serializers.BooleanField(required=False, help_text="All claims but those with one of the values.")


class DefinitionPart(Part):
    measures = serializers.ListField(child=serializers.ChoiceField(choices=MEASURE_KEYS), max_length=MOST_MEASURES)
    by = serializers.ListField(
        child=serializers.ChoiceField(choices=DIMENSION_KEYS), max_length=MOST_DIMENSIONS, required=False
    )
    filters = FilterRequest(many=True, required=False)
    basis = serializers.ChoiceField(choices=Basis.choices, required=False, help_text="By which day; default: sent.")
    first = serializers.DateField(required=False, allow_null=True)
    last = serializers.DateField(required=False, allow_null=True)
    weeks = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_WEEKS, help_text="Last complete weeks, or days."
    )
    sort = serializers.CharField(required=False, allow_blank=True, help_text="The measure whose largest come first.")


class DefinitionRequest(DefinitionPart, Strict):
    """A definition that is not kept."""


class OwnReportRequest(Strict):
    name = serializers.CharField(max_length=NAME_LENGTH)
    definition = DefinitionPart()
    shared = serializers.BooleanField(required=False, default=False)


class OwnReportChange(OwnReportRequest):
    version = serializers.IntegerField(min_value=1, help_text="The version that you have; 409 when it is no more that.")


class SqlRequest(Strict):
    sql = serializers.CharField(max_length=LONGEST_SQL, trim_whitespace=False, help_text="One SELECT.")


class OwnReportShape(Shape):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    definition = serializers.JSONField()
    shared = serializers.BooleanField()
    version = serializers.IntegerField()
    changed_at = serializers.DateTimeField()
    deleted_at = serializers.DateTimeField(allow_null=True)


class TermShape(Shape):
    key = serializers.CharField()
    name = serializers.CharField()
    formula = serializers.CharField(source="words")
    unit = serializers.ChoiceField(choices=Unit.choices)
    basis = serializers.ChoiceField(choices=Basis.choices, allow_null=True, help_text="Null: any.")


class DimensionShape(Shape):
    key = serializers.CharField()
    name = serializers.CharField()


class TermsShape(Shape):
    terms = TermShape(many=True, help_text="What can be measured.")
    dimensions = DimensionShape(many=True)


class ValueShape(Shape):
    value = serializers.CharField(help_text="A number, dollars, or a share from 0 to 1; empty where nothing is known.")
    some = serializers.IntegerField(help_text="The sum, in cents where it is of money.")
    of = serializers.IntegerField(allow_null=True, help_text="What a share is of.")


class LineShape(Shape):
    at = serializers.ListField(child=serializers.CharField(), help_text="Values of the dimensions.")
    names = serializers.ListField(child=serializers.CharField(), help_text="The same in words.")
    values = ValueShape(many=True)


class OwnColumnShape(Shape):
    key = serializers.CharField()
    name = serializers.CharField()
    formula = serializers.CharField()


class TableShape(Shape):
    first = serializers.DateField()
    last = serializers.DateField()
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the newest facts were written.")
    waiting = serializers.BooleanField(help_text="Newer claims are being written into the facts.")
    columns = OwnColumnShape(many=True)
    lines = LineShape(many=True)
    total = LineShape()


class SqlShape(Shape):
    columns = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField(allow_null=True)))
    more = serializers.BooleanField(help_text="There were more rows than are told.")


def told(table: Table) -> dict[str, Any]:
    """As TableShape says it."""
    basis = table.question.basis
    return {
        "first": table.first, "last": table.last, "as_of": table.standing.as_of, "waiting": table.standing.waiting,
        "columns": [
            {"key": term.key, "name": heading(term, basis), "formula": note(term, basis)}
            for term in table.question.measures
        ],
        "lines": [_line(line) for line in table.lines], "total": _line(table.total),
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {"at": line.at, "names": line.names, "values": [_value(value) for value in line.values]}


def _value(value: Value) -> dict[str, Any]:
    return {"value": plain(value), "some": value.some, "of": value.of}
