"""What people do with letters. Every step is a LetterEvent; nothing is changed without one, and none is lost.

A step names the version that it was made from: whoever comes second is told that somebody was faster.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from upstream.appeals import queries
from upstream.appeals.choices import LetterState, Way
from upstream.appeals.models import Letter, LetterEvent, ReviewLimit
from upstream.appeals.rules import (
    ANSWERED,
    LONGEST_TRACKING,
    SYSTEM,
    WRITABLE,
    Sent,
    Verdict,
    check_approval,
    legal,
    paragraphs_of,
)
from upstream.appeals.working import follow
from upstream.audit.services import record_access
from upstream.core import clock, stages
from upstream.core.errors import Conflict, Invalid, NotAllowed
from upstream.tenants.queries import bound_organization
from upstream.tenants.services import tenant_keys

S = LetterState
# What a move may change, and its undo brings back.
FACTS = ("way", "sent_on", "sent_at", "looked_at", "answered_on", "answered_by", "recovered_cents")
READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("sent_on", "answered_on"), lambda kept: kept and date.fromisoformat(kept)),
    **dict.fromkeys(("sent_at", "looked_at"), lambda kept: kept and datetime.fromisoformat(kept)),
}
TRACKING, PARAGRAPHS = "tracking", "paragraphs"
NOTE_LENGTH = 1000
MOST_CENTS = 10**12


@transaction.atomic
def edit(letter: Letter, *, text: str, version: int, actor: str) -> LetterEvent:
    """The letter says this from now on, and is a draft again. Conflict once it was sent or withdrawn."""
    if letter.state not in WRITABLE:
        raise Conflict("not_writable", f"a letter that is {S(letter.state).label.lower()} is not changed any more")
    keys = tenant_keys()
    said = letter.opened("sealed_text", keys)
    before, after = said[PARAGRAPHS], paragraphs_of(text)
    letter.seal_in("sealed_text", {**said, PARAGRAPHS: after}, keys)
    return _step(
        letter, S.DRAFT, version=version, actor=actor, before={PARAGRAPHS: before}, edited=True,
        changes={"sealed_text": letter.sealed_text},
    )  # fmt: skip


@transaction.atomic
def move(
    letter: Letter,
    *,
    to_state: str,
    version: int,
    actor: str,
    note: str = "",
    sent: Sent | None = None,
    answered_on: date | None = None,
    recovered_cents: int = 0,
) -> LetterEvent:
    """The letter stands in `to_state` and its history says who moved it.

    `sent` says how it went out, for a move to sent; `answered_on` and `recovered_cents` what came back, for an answer.
    Conflict when that is no step from where it stands or somebody was faster; Invalid for what is missing or cannot be.
    """  # fmt: skip
    target, before = legal(letter.state, to_state), _facts(letter)
    changes: dict[str, Any] = {}
    if target == S.READY:
        writers = _writers(letter)
        check_approval(
            from_state=letter.state, actor=actor, writers=writers, amount_cents=letter.amount_cents,
            limit=queries.review_limit(),
        )  # fmt: skip
    elif target == S.SENT:
        changes = _sent(letter, sent)
    elif target in ANSWERED:
        changes = _answered(letter, target, answered_on, recovered_cents, actor)
    elif letter.state == S.WITHDRAWN:
        _check_alone(letter)
    return _step(letter, target, version=version, actor=actor, before=before, changes=changes, note=note)


@transaction.atomic
def undo(letter: Letter, *, version: int, actor: str) -> LetterEvent:
    """The actor's own step, the last one that stands, is taken back by a step that names it.

    Conflict("nothing_to_undo") when none stands; NotAllowed("not_yours") when the last one is somebody else's.
    """
    last = last_standing(list(queries.events_of(letter)))
    if last is None:
        raise Conflict("nothing_to_undo", "there is no step to take back")
    if last.actor != actor:
        raise NotAllowed("not_yours", "the last step is somebody else's; it can be followed, not taken back")
    keys = tenant_keys()
    was = last.opened("sealed_before", keys) or {}
    if letter.state == S.WITHDRAWN:
        _check_alone(letter)
    changes = {name: READ.get(name, _as_it_is)(was[name]) for name in FACTS if name in was}
    said = letter.opened("sealed_text", keys)
    before = {PARAGRAPHS: said[PARAGRAPHS]} if PARAGRAPHS in was else _facts(letter)
    if PARAGRAPHS in was:
        letter.seal_in("sealed_text", {**said, PARAGRAPHS: was[PARAGRAPHS]}, keys)
        changes["sealed_text"] = letter.sealed_text
    if TRACKING in was:
        letter.seal_in("sealed_tracking", was[TRACKING], keys)
        changes |= {"sealed_tracking": letter.sealed_tracking}
    if letter.state == S.SENT:
        changes |= {"docx_sha256": "", "pdf_sha256": ""}
    return _step(
        letter, S(last.from_state), version=version, actor=actor, before=before, changes=changes, undoes=last,
        edited=PARAGRAPHS in was,
    )  # fmt: skip


def last_standing(events: list[LetterEvent]) -> LetterEvent | None:
    """The last step that was neither taken back nor takes one back; None for the drafting alone."""
    gone = {event.undoes_id for event in events if event.undoes_id}
    standing = [event for event in events if event.pk not in gone and not event.undoes_id]
    return standing[-1] if standing and standing[-1].from_state else None


@transaction.atomic
def set_review_limit(*, amount_cents: int | None, actor: str) -> ReviewLimit:
    """Letters above the amount are read by a second person from now on; None: none is. Invalid below zero."""
    if amount_cents is not None and not 0 <= amount_cents <= MOST_CENTS:
        raise Invalid("amount", "an amount from 0 dollars on")
    made: ReviewLimit = ReviewLimit.objects.create(amount_cents=amount_cents, said_by=actor[:80], at=clock.now())
    return made


@transaction.atomic
def judge(letter: Letter, found: Verdict, *, answered_on: date | None) -> LetterEvent | None:
    """What later remits say stands at the letter, as the system's step; nothing where that stands already."""
    changes = {"answered_on": answered_on, "answered_by": SYSTEM, "recovered_cents": found.recovered_cents}
    if all(getattr(letter, name) == value for name, value in {**changes, "state": found.state}.items()):
        return None
    return _step(letter, found.state, version=letter.version, actor=SYSTEM, before=_facts(letter), changes=changes)


def _as_it_is(kept: Any) -> Any:
    return kept


def _writers(letter: Letter) -> set[str]:
    """Everybody whose words stand in the letter."""
    edits = queries.events_of(letter).filter(Q(edited=True) | Q(number=1))
    return set(edits.values_list("actor", flat=True))


def _check_alone(letter: Letter) -> None:
    others = Letter.objects.filter(claim=letter.claim_id, subject=letter.subject, level=letter.level)
    if others.exclude(state=S.WITHDRAWN).exists():
        raise Conflict("another_letter", "another letter on this claim and subject has taken its place")


def _sent(letter: Letter, sent: Sent | None) -> dict[str, Any]:
    practice = bound_organization()
    if sent is None or sent.way not in Way.values:
        raise Invalid("way", "say how it was sent")
    if not letter.claim.submitted_date <= sent.on <= clock.today(practice.time_zone):
        raise Invalid("sent_on", "a letter is sent after the claim was, and not on a day to come")
    tracking = " ".join(sent.tracking.split())
    if len(tracking) > LONGEST_TRACKING:
        raise Invalid("tracking", f"a tracking number has at most {LONGEST_TRACKING} characters")
    letter.seal_in("sealed_tracking", tracking, tenant_keys())
    since = clock.start_of(sent.on, practice.time_zone)
    return {
        "way": sent.way, "sent_on": sent.on, "sent_at": clock.now(), "looked_at": since,
        "sealed_tracking": letter.sealed_tracking, "docx_sha256": "", "pdf_sha256": "",
    }  # fmt: skip


def _answered(letter: Letter, target: S, on: date | None, recovered: int, actor: str) -> dict[str, Any]:
    today = clock.today(bound_organization().time_zone)
    when = on or today
    if letter.sent_on is None or not letter.sent_on <= when <= today:
        raise Invalid("answered_on", "an answer comes after the letter was sent, and not on a day to come")
    if not 0 <= recovered <= MOST_CENTS or (target == S.UPHELD and recovered):
        raise Invalid("recovered", "what came back is an amount from 0 dollars on, and nothing when it was upheld")
    return {"answered_on": when, "answered_by": actor[:80], "recovered_cents": recovered}


def _facts(letter: Letter) -> dict[str, Any]:
    """What a move may change, as it can be kept."""
    kept = {name: getattr(letter, name) for name in FACTS}
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}
    return {**told, TRACKING: letter.opened("sealed_tracking", tenant_keys())}


def _step(
    letter: Letter, to_state: S, *, version: int, actor: str, before: dict[str, Any], changes: dict[str, Any],
    note: str = "", edited: bool = False, undoes: LetterEvent | None = None,
) -> LetterEvent:  # fmt: skip
    """Move by compare-and-set on the version, and write it down."""
    now, was = clock.now(), letter.state
    values = {**changes, "state": to_state.value, "version": version + 1, "changed_at": now}
    if not Letter.objects.filter(pk=letter.pk, version=version, state=was).update(**values):
        raise Conflict("changed_meanwhile", "somebody else has changed this letter; look at what is new")
    for name, value in values.items():
        setattr(letter, name, value)
    keys = tenant_keys()
    made = LetterEvent(
        letter=letter, number=letter.version, from_state=was, to_state=to_state, actor=actor[:80], edited=edited,
        undoes=undoes, at=now,
    )  # fmt: skip
    made.seal_in("sealed_before", before, keys)
    made.seal_in("sealed_note", note.strip()[:NOTE_LENGTH], keys)
    made.save()
    if actor != SYSTEM:
        act = "undo" if undoes else "edit" if edited else to_state.value
        subject = f"letter:{letter.public_id}"
        record_access(actor=actor, action=f"letter.{act}", subject=subject, purpose="work a claim")
    follow([letter.claim_id], letter.state, actor=actor)
    stages.nudge()
    return made
