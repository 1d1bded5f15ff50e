"""Own reports are kept, changed, taken away and brought back; questions in SQL are asked on the record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from upstream.audit.services import record_access
from upstream.core import clock
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.explore import queries
from upstream.explore.asking import Answer, Limits, NotAnswered, ask
from upstream.explore.facts.reading import opened
from upstream.explore.models import Analyst, OwnReport, OwnReportVersion, SqlQuestion
from upstream.explore.places import place
from upstream.tenants.services import tenant_keys

NAME_LENGTH, MOST_REPORTS = 80, 500
SQL_LIMITS = Limits(seconds=10, rows=5_000)
LONGEST_SQL = 20_000


def save_report(*, name: str, definition: Any, shared: bool, actor: str) -> OwnReport:
    """A new own report of the actor. Invalid for a definition or a name that cannot be, or past MOST_REPORTS."""
    said, kept = _name(name), queries.checked(definition).as_json()
    if OwnReport.objects.filter(deleted_at=None).count() >= MOST_REPORTS:
        raise Invalid("name", f"a practice keeps {MOST_REPORTS} own reports: delete some first")
    report = OwnReport(
        name=said, definition=kept, shared=shared, owner=actor, changed_by=actor, changed_at=clock.now()
    )  # fmt: skip
    report.save()
    _note(report)
    return report


def change_report(
    report: OwnReport, *, version: int, name: str, definition: Any, shared: bool, actor: str
) -> OwnReport:
    """The report says this from now on; what it said before is kept.

    Conflict when somebody changed it since `version`; NotAllowed for anybody but its owner, Invalid as `save_report`.
    """
    _only_owner(report, actor)
    said, kept = _name(name), queries.checked(definition).as_json()
    won = OwnReport.objects.filter(pk=report.pk, version=version, deleted_at=None).update(
        name=said, definition=kept, shared=shared, version=F("version") + 1, changed_by=actor, changed_at=clock.now()
    )
    if not won:
        raise Conflict("changed", "The report was changed meanwhile: look at it again.")
    report.refresh_from_db()
    _note(report)
    return report


def put_back(report: OwnReport, *, to: int, version: int, actor: str) -> OwnReport:
    """The report says again what it said in version `to`: a new version of its own. Refused as `change_report`."""
    earlier = OwnReportVersion.objects.filter(report=report, version=to).first()
    if earlier is None:
        raise Invalid("to", "there is no such version")
    return change_report(
        report, version=version, name=earlier.name, definition=earlier.definition, shared=earlier.shared, actor=actor
    )


def delete_report(report: OwnReport, *, actor: str) -> None:
    """The report is out of the lists until it is restored; Conflict when it is already."""
    _only_owner(report, actor)
    if not OwnReport.objects.filter(pk=report.pk, deleted_at=None).update(deleted_at=clock.now()):
        raise Conflict("deleted", "The report is deleted already.")
    report.refresh_from_db()


def restore_report(report: OwnReport, *, actor: str) -> None:
    """The report is back in the lists; Conflict when it is there."""
    _only_owner(report, actor)
    if not OwnReport.objects.filter(pk=report.pk).exclude(deleted_at=None).update(deleted_at=None):
        raise Conflict("not_deleted", "The report is not deleted.")
    report.refresh_from_db()


def ask_sql(text: str, *, actor: str) -> Answer:
    """What the SELECT finds in the bound practice's facts, at most SQL_LIMITS.rows rows.

    The question is on the record, its text sealed, before it is put. To be called outside a transaction, so that the
    record stands whatever becomes of the question. NotAnswered and Conflict as `asking.ask` and `places.place`.
    """
    if not text.strip() or len(text) > LONGEST_SQL:
        raise Invalid("sql", f"write one SELECT of at most {LONGEST_SQL:,} letters")
    with transaction.atomic():
        asked = _record(text, actor)
    began = clock.now()
    outcome, rows = "ended", 0
    try:
        with place(), opened() as tables:
            found = ask(text, [], tables, SQL_LIMITS, strange=True)
        outcome, rows = "answered", len(found.rows)
    except (NotAnswered, Conflict) as exc:
        outcome = exc.code
        raise
    finally:
        took = (clock.now() - began) // timedelta(milliseconds=1)
        with transaction.atomic():
            SqlQuestion.objects.filter(pk=asked.pk).update(outcome=outcome[:16], rows=rows, milliseconds=took)
    return found


def text_of(question: SqlQuestion) -> str:
    """What was asked. The caller shows it to the one who asked, or to who examines the record."""
    place_of = question.public_id.bytes
    return tenant_keys().unseal(question.sealed_text, SqlQuestion.TABLE, "sealed_text", place_of).decode()


def let_ask(*, member: UUID, actor: str) -> Analyst:
    """The member may ask in SQL; Conflict when that is so already."""
    who = f"user:{member}"
    if queries.is_analyst(who):
        raise Conflict("already", "This person may ask in SQL already.")
    made: Analyst = Analyst.objects.create(actor=who, given_by=actor, given_at=clock.now())
    return made


def stop_asking(analyst: Analyst, *, actor: str) -> None:
    """The member may not ask in SQL any more; Conflict when that ended before."""
    ended = Analyst.objects.filter(pk=analyst.pk, ended_at=None).update(ended_at=clock.now(), ended_by=actor)
    if not ended:
        raise Conflict("ended", "This person may not ask in SQL any more already.")


def _record(text: str, actor: str) -> SqlQuestion:
    question = SqlQuestion(actor=actor, at=clock.now(), outcome="asked")
    question.sealed_text = tenant_keys().seal(
        text.encode(), SqlQuestion.TABLE, "sealed_text", question.public_id.bytes
    )  # fmt: skip
    question.save()
    record_access(actor=actor, action="ask_sql", subject=f"question:{question.public_id}", records=0)
    return question


def _only_owner(report: OwnReport, actor: str) -> None:
    if report.owner != actor:
        raise NotAllowed("not_yours", "Only the person who made a report changes it: save it under a name of your own.")


def _name(name: str) -> str:
    said = " ".join(name.split())
    if not 0 < len(said) <= NAME_LENGTH:
        raise Invalid("name", f"give the report a name of at most {NAME_LENGTH} letters")
    return said


def _note(report: OwnReport) -> None:
    OwnReportVersion.objects.create(
        report=report, version=report.version, name=report.name, definition=report.definition, shared=report.shared,
        by=report.changed_by, at=report.changed_at,
    )  # fmt: skip
