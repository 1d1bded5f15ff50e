"""Reports, the files they leave, and asking for one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.reports.choices import ReportKind, RunState
from upstream.reports.models import ReportRun


class ReportQuery(Strict):
    kind = serializers.ChoiceField(choices=ReportKind.choices, required=False)


class ReportRequest(Strict):
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    as_of = serializers.DateField(required=False, help_text="The end of which day; today when left out.")
    mail = serializers.BooleanField(required=False, default=False, help_text="Also mail it to members who get mail.")


class FileShape(Shape):
    format = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReportShape(Shape):
    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    as_of = serializers.DateField()
    state = serializers.ChoiceField(choices=RunState.choices)
    error_code = serializers.CharField()
    requested_at = serializers.DateTimeField()
    rendered_at = serializers.DateTimeField(allow_null=True)
    files = serializers.SerializerMethodField()

    @extend_schema_field(FileShape(many=True))
    def get_files(self, run: ReportRun) -> Any:
        return FileShape(sorted(run.artifacts.all(), key=lambda file: file.format), many=True).data
