"""Reports: the kinds there are, those that the practice wants, their runs and the files they leave."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upstream.api.shapes import Shape, Strict
from upstream.core import clock
from upstream.reports import queries, rules, timing_words
from upstream.reports.choices import RunState, Step
from upstream.reports.definitions import LEAST_DAYS, MOST_DAYS, PAPERS, READERS, Wanted
from upstream.reports.models import Definition, ReportRun
from upstream.reports.timing import upcoming
from upstream.tenants.choices import Role

FORMATS = ("pdf", "xlsx", "docx")
NEXT = 3
WHEN = "As people say it: Mondays 07:00, every weekday 06:30, first working day of the month 08:00; or cron's fields."
RUN_MOVES = ("cancel", "again")
DEFINITION_MOVES = ("pause", "resume", "undo", "end", "put_back")


class KindShape(Shape):
    kind = serializers.CharField(source="code")
    title = serializers.CharField()
    says = serializers.CharField()
    formats = serializers.ListField(child=serializers.ChoiceField(choices=FORMATS))
    period = serializers.CharField(help_text="day, week or month, or the one thing that it is about.")
    confidential = serializers.BooleanField(help_text="Its files may name a claim: they are never attached to mail.")


class ReportQuery(Strict):
    kind = serializers.CharField(required=False, max_length=24)


class ReportRequest(Strict):
    kind = serializers.CharField(required=False, max_length=24, help_text="The practice's standard one of this kind.")
    about = serializers.CharField(
        required=False, default="", max_length=40, help_text="The incident or payer, for kinds that are about one."
    )  # fmt: skip
    definition = serializers.UUIDField(required=False, help_text="Instead of a kind: one that the practice has set up.")
    as_of = serializers.DateField(required=False, help_text="The end of which day; today when left out.")
    mail = serializers.BooleanField(required=False, default=False, help_text="Also mail it to those that it names.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("kind" in attrs) == ("definition" in attrs):
            raise serializers.ValidationError({"kind": "name a kind or a definition"})
        return super().validate(attrs)


class FileShape(Shape):
    format = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    removed_at = serializers.DateTimeField(allow_null=True, help_text="Since when it is not kept any more.")


class ReportShape(Shape):
    id = serializers.UUIDField(source="public_id")
    definition = serializers.UUIDField(source="definition.public_id")
    title = serializers.CharField(source="definition.title")
    kind = serializers.CharField()
    as_of = serializers.DateField()
    state = serializers.ChoiceField(choices=RunState.choices)
    step = serializers.ChoiceField(choices=Step.choices)
    attempts = serializers.IntegerField()
    error_code = serializers.CharField()
    reason = serializers.SerializerMethodField(help_text="Why it was not made, in words.")
    period = serializers.SerializerMethodField(help_text="What it covers, in words, once it is made.")
    says = serializers.SerializerMethodField(help_text="What it says in a few lines, once it is made.")
    requested_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(source="moment", allow_null=True, help_text="The moment of its schedule.")
    rendered_at = serializers.DateTimeField(allow_null=True)
    files = serializers.SerializerMethodField()

    def get_reason(self, run: ReportRun) -> str:
        return rules.reason(run.error_code)

    def get_period(self, run: ReportRun) -> str:
        return str(run.said.get("period", ""))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_says(self, run: ReportRun) -> Any:
        return run.said.get("lines", [])

    @extend_schema_field(FileShape(many=True))
    def get_files(self, run: ReportRun) -> Any:
        return FileShape(sorted(run.artifacts.all(), key=lambda file: file.format), many=True).data


class RunMoveRequest(Strict):
    move = serializers.ChoiceField(choices=RUN_MOVES)


class ReportDefinitionRequest(Strict):
    version = serializers.IntegerField(
        required=False, default=0, help_text="The version that you have read; of no use for a new one."
    )
    kind = serializers.CharField(required=False, default="", max_length=24, help_text="Of a new one; it never changes.")
    title = serializers.CharField(max_length=80)
    about = serializers.CharField(required=False, default="", max_length=40, allow_blank=True)
    when = serializers.CharField(required=False, default="", max_length=120, allow_blank=True, help_text=WHEN)
    time_zone = serializers.CharField(required=False, default="", max_length=64, help_text="The practice's by default.")
    formats = serializers.ListField(child=serializers.ChoiceField(choices=FORMATS), required=False, default=list)
    paper = serializers.ChoiceField(choices=PAPERS, required=False, default="", help_text="Blank: the practice's.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), required=False, default=list(READERS)
    )
    members = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)
    attach = serializers.BooleanField(required=False, default=True)
    kept_days = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=LEAST_DAYS, max_value=MOST_DAYS,
        help_text="Null: as the practice keeps files of reports.",
    )  # fmt: skip


def wanted_of(said: Mapping[str, Any], zone: str) -> Wanted:
    """A definition as the services take it; Invalid("when") tells how to say it."""
    same = {name: said[name] for name in ("title", "about", "formats", "paper", "roles", "attach", "kept_days")}
    timing = timing_words.read(said["when"], said["time_zone"] or zone) if said["when"].strip() else None
    return Wanted(people=[str(member) for member in said["members"]], timing=timing, **same)


class ReportDefinitionShape(Shape):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    about = serializers.CharField(source="subject")
    when = serializers.SerializerMethodField(help_text="The schedule in words; blank where there is none.")
    cron = serializers.SerializerMethodField()
    time_zone = serializers.SerializerMethodField()
    active = serializers.SerializerMethodField(help_text="Whether the schedule works.")
    next = serializers.SerializerMethodField(help_text="The next moments.")
    formats = serializers.ListField(child=serializers.CharField())
    paper = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    members = serializers.SerializerMethodField()
    attach = serializers.BooleanField()
    kept_days = serializers.IntegerField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_when(self, row: Definition) -> str:
        schedule = queries.schedule_of(row)
        return timing_words.given(schedule.timing) if schedule else ""

    def get_cron(self, row: Definition) -> str:
        schedule = queries.schedule_of(row)
        return schedule.cron if schedule else ""

    def get_time_zone(self, row: Definition) -> str:
        schedule = queries.schedule_of(row)
        return schedule.zone if schedule else ""

    def get_active(self, row: Definition) -> bool:
        schedule = queries.schedule_of(row)
        return schedule is not None and schedule.active and row.ended_at is None

    @extend_schema_field(serializers.ListField(child=serializers.DateTimeField()))
    def get_next(self, row: Definition) -> Any:
        schedule = queries.schedule_of(row)
        if schedule is None or not self.get_active(row):
            return []
        return [moment.isoformat() for moment in upcoming(schedule.timing, clock.now(), NEXT)]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_members(self, row: Definition) -> Any:
        members: Mapping[int, str] = self.context["members"]
        return [members[person] for person in row.people if person in members]


class ReportDefinitionMoveRequest(Strict):
    version = serializers.IntegerField(help_text="The version that you have read.")
    move = serializers.ChoiceField(choices=DEFINITION_MOVES)


class ReportPolicyRequest(Strict):
    version = serializers.IntegerField(help_text="The version that you have read.")
    kept_days = serializers.IntegerField(min_value=LEAST_DAYS, max_value=MOST_DAYS)
    may_attach = serializers.BooleanField(help_text="Whether mail may carry a PDF at all.")


class ReportPolicyShape(Shape):
    version = serializers.IntegerField()
    kept_days = serializers.IntegerField()
    may_attach = serializers.BooleanField()
