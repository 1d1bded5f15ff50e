"""Building stones of requests and answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.core.money import dollars_of

PAGING = frozenset({"cursor", "page_size"})


@extend_schema_field({"type": "string", "pattern": r"^-?\d+\.\d\d$", "examples": ["1234.50"]})
class Dollars(serializers.Field):
    """Integer cents inside, dollars and cents as text outside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: int) -> str:
        return str(dollars_of(value))


class Strict(serializers.Serializer):
    """What a caller sends: a field that is not declared is refused, so that no tenant, role or id can ride along."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "no such field"), code="unknown_field")
        return attrs


class StrictPart(serializers.Serializer):
    """A part of what a caller sends: as strict as the whole."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(unknown), "no such field"), code="unknown_field")
        return super().to_internal_value(data)


class Shape(serializers.Serializer):
    """What a caller gets."""


def accepted(kind: type[Strict], sent: Any) -> dict[str, Any]:
    """The typed values of a body or a query; ValidationError names each field that is wrong or unknown."""
    serializer = kind(data=sent)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def asked(kind: type[Strict], query: Any) -> dict[str, Any]:
    """The typed values of a list's query string, apart from those that turn pages."""
    return accepted(kind, {name: value for name, value in query.dict().items() if name not in PAGING})
