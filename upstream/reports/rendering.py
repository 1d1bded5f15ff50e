"""One run to its end: read, drawn, stored, and then its rows and mails in one commit."""

from django.db import transaction
from django.db.models import F, QuerySet

from upstream.core import clock, crash, stages, storage
from upstream.core.errors import DomainError
from upstream.core.phi.keyring import TenantKeys
from upstream.delivery.choices import Event
from upstream.delivery.services import announce
from upstream.reports import mailing
from upstream.reports.choices import MOVING, RunState, Step
from upstream.reports.definitions import kind_of
from upstream.reports.keeping import KEPT_AS, guard_files
from upstream.reports.kinds import Made, Subject
from upstream.reports.kinds.base import Format
from upstream.reports.links import link_to
from upstream.reports.models import Artifact, ReportRun
from upstream.reports.rules import MAX_ATTEMPTS, wait_before
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

Files = dict[Format, bytes]
Stored = dict[Format, tuple[str, int]]


def render_run(run_id: int) -> bool:
    """Take a DUE run to RENDERED: files stored, then their rows and the mails in one commit. False: nothing to do.

    Found RENDERING, it was left by a worker that is gone. Tried at most five times, each later than the one before,
    then FAILED with the code of what stood in the way. A full disk costs no try.
    """
    run = _claim(run_id)
    if run is None:
        return False
    crash.point("after_claim")
    try:
        _render(run)
    except DomainError as exc:
        _note_failure(run, exc.code)
    except OSError:
        with transaction.atomic():
            held = {"state": RunState.DUE, "step": Step.WAITING, "error_code": "storage_unavailable"}
            _mine(run).update(attempts=F("attempts") - 1, not_before=clock.now() + wait_before(1), **held)
        return False
    return True


def _claim(run_id: int) -> ReportRun | None:
    """The run, now RENDERING with one more try counted; None when it is not due or its tries are used up."""
    with transaction.atomic():
        run: ReportRun = ReportRun.objects.select_related("definition").get(pk=run_id)
        if run.state not in MOVING or (run.state == RunState.DUE and run.not_before > clock.now()):
            return None
        if run.attempts < MAX_ATTEMPTS:
            taken = {"state": RunState.RENDERING, "attempts": run.attempts + 1, "step": Step.READING}
            won = ReportRun.objects.filter(pk=run.pk, state=run.state, attempts=run.attempts).update(**taken)
            run.attempts += 1
            return run if won else None
        if run.state == RunState.DUE:
            ReportRun.objects.filter(pk=run.pk, state=RunState.DUE).update(state=RunState.RENDERING)
    _note_failure(run, run.error_code or "too_many_attempts")
    return None


def _mine(run: ReportRun) -> "QuerySet[ReportRun]":
    """The run while this worker's claim on it stands."""
    rows: QuerySet[ReportRun] = ReportRun.objects.filter(pk=run.pk, state=RunState.RENDERING)
    return rows


def _note_failure(run: ReportRun, code: str) -> None:
    final = run.attempts >= MAX_ATTEMPTS
    ended = {"state": RunState.FAILED if final else RunState.DUE, "step": Step.WAITING, "error_code": code[:60]}
    with transaction.atomic():
        _mine(run).update(not_before=clock.now() + wait_before(run.attempts), **ended)
        if final:
            mailing.tell_failure(run, code)
        else:
            stages.nudge()


def _render(run: ReportRun) -> None:
    wanted = run.definition
    subject = Subject(run.as_of, wanted.subject, link_to(run), wanted.paper)
    with transaction.atomic():
        keys, made = tenant_keys(), kind_of(run.kind).make(subject)
    _at(run, Step.DRAWING)
    files: Files = {name: draw() for name, draw in made.files.items() if name in wanted.formats}
    crash.point("after_render")
    _at(run, Step.STORING)
    stored: Stored = {name: storage.put(KEPT_AS, [content], keys) for name, content in files.items()}
    crash.point("after_artifact_write")
    with transaction.atomic():
        guard_files()
        make_good(files, stored, keys)
        _complete(run, made, stored)


def make_good(files: Files, stored: Stored, keys: TenantKeys) -> None:
    """Bytes that were removed since they were stored, because another report's time was over, are stored again."""
    for name, (sha256, _) in stored.items():
        if not storage.has(KEPT_AS, sha256, keys):
            storage.put(KEPT_AS, [files[name]], keys)


def _at(run: ReportRun, step: Step) -> None:
    """How far the run is, for the people who wait for it."""
    with transaction.atomic():
        _mine(run).update(step=step)


def _complete(run: ReportRun, made: Made, stored: Stored) -> None:
    """Rows of the files, RENDERED, and the mails, all or nothing; nothing when it was cancelled, or another did it."""
    said, now = mailing.said_of(made.summary), clock.now()
    finished = {"state": RunState.RENDERED, "step": Step.WAITING, "rendered_at": now, "error_code": "", "said": said}
    if not _mine(run).update(**finished):
        return
    slug = bound_organization().slug
    artifacts = {
        name: Artifact.objects.create(
            run=run, format=name, sha256=sha256, size=size, name=f"{slug}-{run.kind}-{run.as_of}.{name}"
        )
        for name, (sha256, size) in stored.items()
    }
    if run.mail:
        skipped = mailing.queue(run, said, artifacts)
        ReportRun.objects.filter(pk=run.pk).update(skipped=skipped)
        announce(Event.REPORT_READY, about=f"report:{run.public_id}", said=mailing.announcement(run, said))
