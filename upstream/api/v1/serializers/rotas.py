"""Whose turn it is, week by week."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.tenants.models import Membership


class RotaRequest(Strict):
    version = serializers.IntegerField(default=0)
    name = serializers.CharField(max_length=80)
    members = serializers.ListField(child=serializers.UUIDField(), help_text="People in the order of their turns.")
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="Day of handover, Monday is 0.")
    at = serializers.TimeField()
    since = serializers.DateField()


class WeekRequest(Strict):
    version = serializers.IntegerField(help_text="The version that you have read.")
    week = serializers.DateField(help_text="The day on which the week begins.")


class SubstituteRequest(WeekRequest):
    member = serializers.UUIDField(help_text="Who takes that week.")


class SubstituteShape(Shape):
    week = serializers.DateField()
    member = serializers.UUIDField()


class RotaShape(Shape):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    name = serializers.CharField()
    members = serializers.SerializerMethodField()
    weekday = serializers.IntegerField()
    at = serializers.TimeField()
    since = serializers.DateField()
    substitutes = serializers.SerializerMethodField(help_text="Who takes a single week in another's place.")
    on_call = serializers.SerializerMethodField(help_text="Whose turn it is now; null for nobody's.")

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_members(self, row: Any) -> list[str]:
        members: Mapping[int, Membership] = self.context["members"]
        return [str(members[pk].user.public_id) for pk in row.people if pk in members]

    @extend_schema_field(SubstituteShape(many=True))
    def get_substitutes(self, row: Any) -> list[dict[str, str]]:
        members: Mapping[int, Membership] = self.context["members"]
        said = sorted(row.substitutes.items())
        return [{"week": week, "member": str(members[pk].user.public_id)} for week, pk in said if pk in members]

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_on_call(self, row: Any) -> str | None:
        members: Mapping[int, Membership] = self.context["members"]
        found = row.turns_in(self.context["zone"]).on_call(self.context["now"], frozenset(members))
        return str(members[found].user.public_id) if found is not None else None
