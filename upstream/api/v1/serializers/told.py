"""Authorizations and coverages: what payers said, without whom it concerns unless that is asked for."""

from typing import Any

from rest_framework import serializers

from upstream.api.shapes import Shape
from upstream.api.v1.serializers.claims import IdentityQuery
from upstream.api.v1.serializers.common import PayerName
from upstream.claims.choices import Approval, Covered


class ToldQuery(IdentityQuery):
    payer = serializers.UUIDField(required=False, help_text="Id of a payer.")
    since = serializers.DateField(required=False, help_text="The first day that is included.")
    until = serializers.DateField(required=False, help_text="The last day that is included.")


class AuthorizationQuery(ToldQuery):
    status = serializers.ChoiceField(choices=Approval.choices, required=False)


class CoverageQuery(ToldQuery):
    status = serializers.ChoiceField(choices=Covered.choices, required=False)


class PersonShape(Shape):
    """Present only with `fields=identity` and the scope read_phi. Each reading is recorded."""

    first_name = serializers.CharField(required=False)
    last_name = serializers.CharField(required=False)
    birth_date = serializers.DateField(required=False)
    member_id = serializers.CharField(required=False)
    authorization_number = serializers.CharField(required=False)
    trace_number = serializers.CharField(required=False)


class ToldShape(Shape):
    id = serializers.SerializerMethodField(help_text="The same whenever and in whatever file it is told again.")
    day = serializers.DateField(help_text="The day by which it is found and listed.")
    payer = PayerName()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    known_at = serializers.DateTimeField()
    identity = PersonShape(required=False)

    def get_id(self, row: Any) -> str:
        return bytes(row.event_bidx).hex()


class AuthorizationShape(ToldShape):
    status = serializers.ChoiceField(choices=Approval.choices, source="approval")
    reason_code = serializers.CharField()
    service_type = serializers.CharField()
    procedure_code = serializers.CharField()
    diagnosis = serializers.CharField()
    provider_npi = serializers.CharField()
    units = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    requested_date = serializers.DateField(allow_null=True)
    decided_date = serializers.DateField(allow_null=True)


class CoverageShape(ToldShape):
    status = serializers.ChoiceField(choices=Covered.choices, source="covered")
    plan = serializers.CharField()
    plan_code = serializers.CharField()
    insurance_type = serializers.CharField()
    reject_code = serializers.CharField()
    on_date = serializers.DateField(allow_null=True)
