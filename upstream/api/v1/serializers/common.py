"""Shapes that several parts of the API share."""

from rest_framework import serializers

from upstream.api.shapes import Shape


class FieldProblem(Shape):
    field = serializers.CharField(help_text="Which field; empty when it is the whole body.")
    code = serializers.CharField()
    message = serializers.CharField()


class ChangedBy(Shape):
    """What somebody else did meanwhile."""

    kind = serializers.CharField()
    actor = serializers.CharField()
    at = serializers.DateTimeField()


class Problem(Shape):
    """RFC 9457 problem details: the answer to everything that does not succeed."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    trace_id = serializers.CharField(allow_null=True, help_text="Tell us this id when you ask about the answer.")
    hint = serializers.CharField(required=False)
    changed = ChangedBy(many=True, required=False, help_text="With 412: the steps since your version, oldest first.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # becomes a field, not the property


class PayerName(Shape):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
