"""Own reports of the bound practice, and what was asked in SQL."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from upstream.claims.models import Payer
from upstream.core.errors import Invalid
from upstream.explore.models import Analyst, OwnReport, OwnReportVersion, SqlQuestion
from upstream.explore.question import Question, question_of
from upstream.explore.terms import Dimension
from upstream.tenants.models import Site


def checked(data: Any) -> Question:
    """The question that the definition says, of payers and sites that the practice has; Invalid for any other."""
    question = question_of(data)
    for one in question.filters:
        if one.dimension.of_practice and set(one.values) - {"", *names_of(one.dimension)}:
            raise Invalid("filters", f"{one.dimension.name}: there is none of that name")
    return question


def names_of(dimension: Dimension) -> list[str]:
    """Values that a filter can choose of: those of the practice, or the dimension's own; none for free codes."""
    if dimension.key == "payer":
        return list(Payer.objects.filter(counted_with=None).order_by("name").values_list("name", flat=True))
    if dimension.key == "site":
        return list(Site.objects.order_by("name").values_list("name", flat=True))
    return [value for value, _ in dimension.names]


def own_reports(actor: str) -> QuerySet[OwnReport]:
    """Those of the actor and those that are shared, by name; without deleted ones."""
    return _seen_by(actor).filter(deleted_at=None).order_by("name", "pk")


def shared_reports() -> QuerySet[OwnReport]:
    """Those that everybody in the practice sees, by name; without deleted ones."""
    return OwnReport.objects.filter(shared=True, deleted_at=None).order_by("name", "pk")


def shared_report(public_id: UUID) -> OwnReport | None:
    """The report, if everybody in the practice sees it."""
    return shared_reports().filter(public_id=public_id).first()


def deleted_reports(actor: str) -> QuerySet[OwnReport]:
    """The actor's own that were deleted, the last first."""
    return OwnReport.objects.filter(owner=actor).exclude(deleted_at=None).order_by("-deleted_at")


def own_report(public_id: UUID, actor: str) -> OwnReport | None:
    """The report, also a deleted one, if the actor may see it."""
    return _seen_by(actor).filter(public_id=public_id).first()


def versions_of(report: OwnReport) -> QuerySet[OwnReportVersion]:
    return OwnReportVersion.objects.filter(report=report).order_by("-version")


def questions_of(actor: str) -> QuerySet[SqlQuestion]:
    """What the actor asked, the last first."""
    return SqlQuestion.objects.filter(actor=actor).order_by("-pk")


def analysts() -> QuerySet[Analyst]:
    """Members who may ask in SQL beside owners and managers."""
    return Analyst.objects.filter(ended_at=None).order_by("pk")


def analyst(actor: str) -> Analyst | None:
    return Analyst.objects.filter(actor=actor, ended_at=None).first()


def sql_question(public_id: UUID) -> SqlQuestion | None:
    return SqlQuestion.objects.filter(public_id=public_id).first()


def is_analyst(actor: str) -> bool:
    return Analyst.objects.filter(actor=actor, ended_at=None).exists()


def _seen_by(actor: str) -> QuerySet[OwnReport]:
    return OwnReport.objects.filter(Q(owner=actor) | Q(shared=True))
