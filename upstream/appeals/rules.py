"""Decisions on letters: legal moves, who may approve, what an answer means, what being late costs. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from upstream.appeals.choices import LetterState, Subject
from upstream.core.errors import Conflict, Invalid, NotAllowed

S = LetterState
ANSWERED = frozenset({S.OVERTURNED, S.PARTLY, S.UPHELD})
WON = frozenset({S.OVERTURNED, S.PARTLY})
WRITABLE = frozenset({S.DRAFT, S.REVIEW, S.READY})
SYSTEM = "system"
MOVES: dict[LetterState, frozenset[LetterState]] = {
    S.DRAFT: frozenset({S.REVIEW, S.READY, S.WITHDRAWN}),
    S.REVIEW: frozenset({S.DRAFT, S.READY, S.WITHDRAWN}),
    S.READY: frozenset({S.DRAFT, S.SENT, S.WITHDRAWN}),
    S.SENT: ANSWERED,
    S.OVERTURNED: ANSWERED - {S.OVERTURNED},
    S.PARTLY: ANSWERED - {S.PARTLY},
    S.UPHELD: ANSWERED - {S.UPHELD},
    S.WITHDRAWN: frozenset({S.DRAFT}),
}
CORRECTED = frozenset({Subject.ELIG, Subject.COB, Subject.DATA})
DISPUTES = frozenset({Subject.UNDERPAID, Subject.TAKEBACK})
MOST_PARAGRAPHS, LONGEST_PARAGRAPH, LONGEST_TRACKING = 60, 4_000, 60
YEAR = 365


def kind_of(subject: str) -> str:
    """What a letter on the subject is called."""
    if subject in CORRECTED:
        return "Cover of a corrected claim"
    if subject in DISPUTES:
        return "Dispute of an amount"
    if subject == Subject.DOC:
        return "Cover of records"
    return "Inquiry" if subject == Subject.LATE else "Appeal"


def legal(from_state: str, to_state: str) -> LetterState:
    """The state to move to; Invalid for none of ours, Conflict when it is no step from where the letter stands."""
    if to_state not in S.values:
        raise Invalid("state", "there is no such state")
    if S(to_state) not in MOVES[S(from_state)]:
        raise Conflict(
            "not_a_move", f"a letter that is {S(from_state).label.lower()} cannot become {S(to_state).label.lower()}"
        )
    return S(to_state)


def needs_review(amount_cents: int, limit_cents: int | None) -> bool:
    """Whether a second person reads a letter of this amount before it is sent; no limit, no review."""
    return limit_cents is not None and amount_cents > limit_cents


def check_approval(
    *, from_state: str, actor: str, writers: Iterable[str], amount_cents: int, limit: int | None
) -> None:
    """A letter may become ready: at once where no review is needed, else by a person who did not write it.

    Invalid("review_needed") for a draft that must be read first; NotAllowed("second_person") otherwise.
    """
    if not needs_review(amount_cents, limit):
        return
    if from_state == S.DRAFT:
        raise Invalid("review_needed", "a letter of this amount is read by a second person first: send it to review")
    if actor in set(writers) or not actor.startswith("user:"):
        raise NotAllowed("second_person", "a second person approves it, not one who wrote it")


@dataclass(frozen=True)
class Sent:
    """What a person says of how a letter went out."""

    way: str
    on: date
    tracking: str = ""


def paragraphs_of(text: str) -> list[str]:
    """Paragraphs of what a person typed, parted by blank lines; Invalid when it is empty or longer than any letter."""
    parts = [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n")]
    found = [part for part in parts if part]
    if not found:
        raise Invalid("text", "a letter says something: write at least one paragraph")
    if len(found) > MOST_PARAGRAPHS or any(len(part) > LONGEST_PARAGRAPH for part in found):
        raise Invalid(
            "text", f"a letter has at most {MOST_PARAGRAPHS} paragraphs of {LONGEST_PARAGRAPH:,} characters each"
        )
    return found


@dataclass(frozen=True)
class Answer:
    """One answer of the payer; `reverses` is the number of the one that a reversal takes back, where that is known.

    `after` is whether it was decided once the letter was out.
    """

    number: int
    denied: bool
    partly: bool
    reversal: bool
    reverses: int | None
    paid_cents: int
    after: bool


@dataclass(frozen=True)
class Verdict:
    """What the answers after a letter come to; `recovered_cents` is what stands paid more than before."""

    state: LetterState
    recovered_cents: int


def paid_of(answers: Sequence[Answer]) -> int:
    """What stands paid, in cents: an answer taken back counts no more, also where its own answer is not here."""
    undone = {answer.reverses for answer in answers}
    valid = sum(answer.paid_cents for answer in answers if not answer.reversal and answer.number not in undone)
    return valid - sum(abs(answer.paid_cents) for answer in answers if answer.reversal and answer.reverses is None)


def verdict(subject: str, amount_cents: int, answers: Sequence[Answer]) -> Verdict | None:
    """What the payer's answers say to the letter; None while they say nothing (no answer since, or a reversal alone).

    All answers in their order, also those before the letter: only what stands paid more than then was recovered. A
    dispute is won in full when all of the amount came.
    """
    told = [answer for answer in answers if answer.after and not answer.reversal]
    if not told:
        return None
    recovered = paid_of(answers) - paid_of([answer for answer in answers if not answer.after])
    if recovered <= 0:
        return Verdict(S.UPHELD, 0)
    short = recovered < amount_cents if subject in DISPUTES else told[-1].partly
    return Verdict(S.PARTLY if short or told[-1].denied else S.OVERTURNED, recovered)


@dataclass(frozen=True)
class LateClaim:
    """One claim on its way to payment; `paid_on` is None while it waits, and then `cents` is what it should bring."""

    number: int
    submitted: date
    paid_on: date | None
    cents: int


@dataclass(frozen=True)
class Interest:
    """What one claim's lateness comes to, in cents: cents x days late x rate / 365, rounded half up to the cent."""

    number: int
    due: date
    days_late: int
    cents: int


def interest_of(claim: LateClaim, *, days: int, percent: Decimal, until: date) -> Interest:
    """Days count from the day after `days` days have gone by since submission, to payment or to `until`."""
    due = claim.submitted + timedelta(days=days)
    late = max(((claim.paid_on or until) - due).days, 0)
    exact = Decimal(max(claim.cents, 0)) * late * percent / (Decimal(100) * YEAR)
    return Interest(claim.number, due, late, int(exact.quantize(Decimal(1), ROUND_HALF_UP)))
