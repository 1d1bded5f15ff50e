"""What payers answered to letters, read from the remits that came after them."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet

from upstream.appeals.choices import LetterState
from upstream.appeals.models import Letter
from upstream.appeals.rules import ANSWERED, SYSTEM, Answer, verdict
from upstream.appeals.services import judge
from upstream.claims.choices import Outcome
from upstream.claims.models import Adjudication, Claim
from upstream.claims.queries import answers_to

OPEN = {LetterState.SENT, *ANSWERED}
FIRST_PAYER = 1


@transaction.atomic
def take(letter_id: int) -> bool:
    """The letter stands as the remits since it was sent say, and they are looked at; False when there is none new.

    An answer decided before the letter went out says nothing to it. What a person said of the outcome stays.
    """
    letter: Letter = Letter.objects.select_for_update(of=("self",)).select_related("claim").get(pk=letter_id)
    if letter.sent_on is None or letter.looked_at is None or letter.state not in OPEN:
        return False
    rows = list(_answers(letter))
    newest = max((row.known_at for row in rows), default=letter.looked_at)
    if newest <= letter.looked_at:
        return False
    told = [_answer(row, letter.sent_on) for row in rows if row.payer_order == FIRST_PAYER]
    found = verdict(letter.subject, letter.amount_cents, told)
    if found is not None and (letter.state == LetterState.SENT or letter.answered_by == SYSTEM):
        judge(letter, found, answered_on=_last_day(rows))
    Letter.objects.filter(pk=letter.pk).update(looked_at=newest)
    return True


def _answers(letter: Letter) -> QuerySet[Adjudication]:
    """Answers on the claim, on claims that replace it, and on remitted claims that were matched to it."""
    later = Claim.objects.filter(~Q(family_key=F("number_bidx")), family_key=letter.claim.family_key)
    return answers_to(letter.claim, later)


def _answer(row: Adjudication, sent_on: date) -> Answer:
    day = row.decided_date or row.known_at.date()
    return Answer(
        number=row.pk, denied=row.outcome == Outcome.DENIED, partly=row.outcome == Outcome.PARTIAL,
        reversal=row.outcome == Outcome.REVERSED, reverses=row.reverses_id, paid_cents=row.paid_cents,
        after=day >= sent_on,
    )  # fmt: skip


def _last_day(rows: list[Adjudication]) -> date | None:
    return max((row.decided_date for row in rows if row.decided_date), default=None)
