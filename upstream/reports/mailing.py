"""Who is mailed a finished report, what the mail says, and who is left out and why."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from upstream.delivery import addresses
from upstream.delivery.services import Announcement, queue_mail
from upstream.reports import queries, rules
from upstream.reports.choices import Unmailed
from upstream.reports.definitions import kind_of
from upstream.reports.kinds import Summary
from upstream.reports.links import IN_A_MAIL, file_path, link_to, link_to_definition
from upstream.reports.models import Artifact, Definition, ReportRun, Unsubscribed
from upstream.tenants.choices import Right
from upstream.tenants.models import Membership
from upstream.tenants.queries import active_members

READY, FAILED = "report_ready", "report_failed"
FILES = {"pdf": "PDF", "xlsx": "Excel", "docx": "Word"}
Said = dict[str, Any]


def said_of(summary: Summary) -> Said:
    """What a finished report says in a few words, as it is kept with its run; no PHI."""
    return {
        "id": summary.report_id,
        "period": summary.period,
        "lines": list(summary.lines),
        "hash": summary.content_hash,
        "chart": summary.chart.kept() if summary.chart else None,
    }


def readers(definition: Definition) -> tuple[list[Membership], list[tuple[Membership, Unmailed]]]:
    """The members that the definition names who get mail of it, and those who do not, with why. Three queries."""
    named = [member for member in active_members() if _names(definition, member)]
    stopped = addresses.stopped()
    silent = set(Unsubscribed.objects.filter(definition=definition).values_list("member_id", flat=True))
    judged = [(member, _why_not(member, stopped, silent)) for member in named]
    return [member for member, why in judged if why is None], [(member, why) for member, why in judged if why]


def _names(definition: Definition, member: Membership) -> bool:
    return member.role in definition.roles or member.pk in definition.people


def _why_not(member: Membership, stopped: dict[int, Any], silent: set[int]) -> Unmailed | None:
    if Right.READ not in member.rights:
        return Unmailed.NO_RIGHT
    if not member.wants_mail:
        return Unmailed.NO_MAIL
    if member.pk in silent:
        return Unmailed.UNSUBSCRIBED
    return Unmailed.STOPPED if member.pk in stopped else None


def queue(run: ReportRun, said: Said, artifacts: dict[Any, Artifact]) -> list[list[Any]]:
    """One mail to each reader, in the open transaction; pairs of a member's id and why none went there."""
    mailed, skipped = readers(run.definition)
    pdf = artifacts.get("pdf") if may_attach(run.definition) else None
    context = context_of(run, said, artifacts, attached=pdf is not None)
    for member in mailed:
        queue_mail(
            READY, about=f"report:{run.public_id}", recipient=member, context=context,
            attachment_sha256=pdf.sha256 if pdf else "", attachment_name=pdf.name if pdf else "",
        )  # fmt: skip
    return [[member.pk, str(why)] for member, why in skipped]


def may_attach(definition: Definition) -> bool:
    """Whether the PDF goes with the mail: wanted, allowed by the practice, and of a kind that names no claim."""
    return definition.attach and queries.policy().may_attach and not kind_of(definition.kind).confidential


def context_of(run: ReportRun, said: Said, artifacts: dict[Any, Artifact], *, attached: bool) -> Said:
    """What the mail says: words, counts, money and links."""
    files = [
        {"name": FILES[name], "link": f"{settings.PORTAL_BASE_URL}{file_path(artifact, IN_A_MAIL)}"}
        for name, artifact in artifacts.items()
    ]
    return {
        "title": run.definition.title,
        "period": said["period"],
        "lines": said["lines"],
        "chart": said["chart"],
        "attached": attached,
        "files": files,
        "days": IN_A_MAIL // timedelta(days=1),
        "link": link_to(run),
        "unsubscribe": link_to_definition(run.definition),
        "definition": run.definition.public_id.hex,
    }


def announcement(run: ReportRun, said: Said) -> Announcement:
    """What endpoints are told of a report that is ready."""
    title, link = run.definition.title, link_to(run)
    data = {"report": str(run.public_id), "kind": run.kind, "as_of": run.as_of.isoformat(), "link": link}
    return Announcement(f"{title} of {said['period']} is ready", said["lines"], link, data)


def tell_failure(run: ReportRun, code: str) -> None:
    """Readers who can try it again learn that it was not made, and why; in the open transaction."""
    if not run.mail:
        return
    of = {"title": run.definition.title, "definition": run.definition.public_id.hex}
    context = {**of, "reason": rules.reason(code), "link": link_to(run)}
    for member in readers(run.definition)[0]:
        if Right.REPORT in member.rights:
            queue_mail(FAILED, about=f"report:{run.public_id}", recipient=member, context=context)
