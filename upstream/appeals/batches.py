"""Letters of one cause: drafted by a worker in slices, and put together into one archive and one PDF."""

import hashlib
import io
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from upstream.alerts.models import Incident, IncidentClaim
from upstream.appeals import queries, services
from upstream.appeals.choices import LetterState, Subject, WorkState
from upstream.appeals.documents import KEPT_AS, name_of, printed, word_of
from upstream.appeals.drafting import draft_all
from upstream.appeals.gathering import subject_of
from upstream.appeals.models import Letter, LetterBatch
from upstream.appeals.rules import MOVES, Sent
from upstream.audit.services import record_access
from upstream.claims.models import Claim
from upstream.core import clock, crash, stages, storage
from upstream.core.errors import Conflict, DomainError, Invalid, NotAllowed
from upstream.tenants.services import tenant_keys

SLICE, AT_ONCE = 60.0, 20
MAX_ATTEMPTS = 5
MOST_CLAIMS, MOST_FILES = 2_000, 500
ARCHIVED = (1980, 1, 1, 0, 0, 0)
FILES = {"zip": "zip_sha256", "pdf": "pdf_sha256"}


@transaction.atomic
def start(
    *, actor: str, incident: Incident | None = None, claims: Sequence[Claim] = (), subject: str = ""
) -> LetterBatch:
    """The batch that drafts a letter for each of the claims, or for each claim behind the incident that calls for one.

    One that still waits for the same is taken as it is. Invalid when there is no claim to write about, or too many.
    """
    if subject and subject not in Subject.values:
        raise Invalid("subject", "there is no such subject")
    wanted = _behind(incident, subject) if incident is not None and not claims else [claim.pk for claim in claims]
    if not wanted:
        raise Invalid("no_claims", "no claim here calls for a letter")
    if len(wanted) > MOST_CLAIMS:
        raise Invalid("too_many_claims", f"a batch has at most {MOST_CLAIMS:,} claims; choose fewer")
    about = f"{incident.pk if incident else ''}|{subject}|{sorted(wanted)}"
    made: LetterBatch
    made, _ = LetterBatch.objects.get_or_create(
        fingerprint=hashlib.sha256(about.encode()).hexdigest(), state=WorkState.DUE,
        defaults={
            "incident": incident, "subject": subject, "claims": wanted, "requested_by": actor[:80],
            "requested_at": clock.now(),
        },
    )  # fmt: skip
    stages.nudge()
    return made


def _behind(incident: Incident | None, subject: str) -> list[int]:
    """Claims of the incident on which a letter has something to say, the dearest first; not those paid after all."""
    rows = IncidentClaim.objects.filter(incident=incident, paid_on=None).select_related("claim")
    return [
        row.claim_id for row in rows.order_by("-expected_cents", "pk") if subject or subject_of(row.claim, incident)
    ]


def take(batch_id: int) -> bool:
    """Drafts of a DUE batch for about a minute, twenty a commit; DONE after the last. False when it is not due.

    A worker that was killed is followed by one that goes on where the last commit was, so that none is made twice.
    """
    with transaction.atomic():
        due = LetterBatch.objects.filter(pk=batch_id, state=WorkState.DUE)
        if not due.update(attempts=F("attempts") + 1):
            return False
        batch = LetterBatch.objects.select_related("incident__payer").get(pk=batch_id)
    if batch.attempts > MAX_ATTEMPTS:
        _fail(batch, batch.error_code or "too_many_attempts")
        return True
    crash.point("after_claim")
    try:
        until = time.monotonic() + SLICE
        while _go_on(batch) and time.monotonic() < until:
            crash.point("after_letters")
    except DomainError as exc:
        _note(batch, exc.code)
    return True


def _go_on(batch: LetterBatch) -> bool:
    """The next twenty claims in one commit; whether there are more."""
    with transaction.atomic():
        here = batch.claims[batch.position : batch.position + AT_ONCE]
        found = Claim.objects.select_related("payer", "site").in_bulk(here)
        claims = [found[claim] for claim in here if claim in found]
        done = draft_all(claims, actor=batch.requested_by, subject=batch.subject, incident=batch.incident, batch=batch)
        batch.letters = list(dict.fromkeys([*batch.letters, *(letter.pk for letter in done.letters.values())]))
        batch.made += done.made
        batch.position += len(here)
        ended = batch.position >= len(batch.claims)
        if ended:
            batch.state, batch.finished_at = WorkState.DONE, clock.now()
        batch.attempts, batch.error_code = 0, ""
        batch.save(update_fields=["letters", "made", "position", "state", "finished_at", "attempts", "error_code"])
        crash.point("before_letters_commit")
    return not ended


def _note(batch: LetterBatch, code: str) -> None:
    with transaction.atomic():
        LetterBatch.objects.filter(pk=batch.pk, state=WorkState.DUE).update(error_code=code[:60])


def _fail(batch: LetterBatch, code: str) -> None:
    with transaction.atomic():
        due = LetterBatch.objects.filter(pk=batch.pk, state=WorkState.DUE)
        due.update(state=WorkState.FAILED, error_code=code[:60], finished_at=clock.now())


@transaction.atomic
def ask_files(batch: LetterBatch) -> None:
    """A worker puts the letters together as they read then. Conflict while the drafts are still being made."""
    if batch.state == WorkState.DUE:
        raise Conflict("not_ready", "the letters are still being drafted")
    if len(batch.letters) > MOST_FILES:
        raise Invalid("too_many_letters", f"at most {MOST_FILES} letters are put into one file")
    LetterBatch.objects.filter(pk=batch.pk).exclude(files_state=WorkState.DUE).update(
        files_state=WorkState.DUE, files_attempts=0
    )
    stages.nudge()


def make_files(batch_id: int) -> bool:
    """The archive and the PDF of a batch that was asked for them are stored; False when nobody asks any more."""
    with transaction.atomic():
        due = LetterBatch.objects.filter(pk=batch_id, files_state=WorkState.DUE)
        if not due.update(files_attempts=F("files_attempts") + 1):
            return False
        batch = LetterBatch.objects.get(pk=batch_id)
        if batch.files_attempts > MAX_ATTEMPTS:
            due.update(files_state=WorkState.FAILED)
            return True
        letters = list(queries.letters_of(batch).select_related("template").exclude(state=LetterState.WITHDRAWN))
        keys, documents = tenant_keys(), {name_of(letter): word_of(letter) for letter in letters}
        files = {"zip": _zipped(documents), "pdf": printed(list(documents.values()), "Letters")}
    stored = {FILES[kind]: storage.put(KEPT_AS, [content], keys)[0] for kind, content in files.items()}
    crash.point("after_artifact_write")
    with transaction.atomic():
        due.update(files_state=WorkState.DONE, files_at=clock.now(), **stored)
    return True


def open_files(batch: LetterBatch, file_format: str, *, actor: str) -> bytes:
    """The archive or the PDF, once that stands in the access log with how many letters it holds. In a transaction.

    Conflict when there is none yet.
    """
    sha256 = getattr(batch, FILES[file_format])
    if not sha256:
        raise Conflict("not_ready", "the file is not made yet")
    record_access(
        actor=actor, action=f"download_letters_{file_format}", subject=f"letters:{batch.public_id}",
        records=len(batch.letters), purpose="send letters",
    )  # fmt: skip
    return storage.read_whole(KEPT_AS, sha256, tenant_keys())


def _zipped(documents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(documents.items()):
            archive.writestr(zipfile.ZipInfo(f"{name}.docx", ARCHIVED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@dataclass(frozen=True)
class Moved:
    """How many letters of a batch were moved, and how many could not be."""

    moved: int
    left: int


def move_all(batch: LetterBatch, *, to_state: str, actor: str, sent: Sent | None = None) -> Moved:
    """Every letter of the batch from which that is a step stands in the state; those that need a reader first are left.

    Only those that the batch has drafted are withdrawn by it. Invalid for what cannot be of any of them.
    """

    def wanted(letter: Letter) -> bool:
        own = to_state != LetterState.WITHDRAWN or letter.batch_id == batch.pk
        return own and to_state in MOVES[LetterState(letter.state)]

    return _each(batch, wanted, lambda letter: services.move(
        letter, to_state=to_state, version=letter.version, actor=actor, sent=sent
    ))  # fmt: skip


def undo_all(batch: LetterBatch, *, actor: str) -> Moved:
    """The actor's last step on each letter of the batch is taken back, where it is the last one that stands."""
    return _each(batch, lambda _: True, lambda letter: services.undo(letter, version=letter.version, actor=actor))


def _each(batch: LetterBatch, wanted: Callable[[Letter], bool], act: Callable[[Letter], object]) -> Moved:
    moved, left = 0, 0
    for letter in queries.letters_of(batch):
        if not wanted(letter):
            continue
        try:
            with transaction.atomic():
                act(letter)
        except (Conflict, NotAllowed):
            left += 1
        except Invalid as exc:
            if exc.code != "review_needed":
                raise
            left += 1
        else:
            moved += 1
    return Moved(moved, left)
