"""Decisions on denied claims: which moves are legal, and what an answer of the payer does to an item. Pure."""

from dataclasses import dataclass

from upstream.core.errors import Conflict, Invalid
from upstream.worklist.choices import Step

S = Step
SYSTEM = "system"
OPEN = (S.UNTOUCHED, S.WORKING, S.DRAFTED, S.SENT, S.WAITING)
CLOSED = frozenset({S.WON, S.LOST, S.WRITTEN_OFF, S.SETTLED})
# SETTLED is said by the payer's answers alone; a person who closes says how it ended.
MOVES: dict[Step, frozenset[Step]] = {
    S.UNTOUCHED: frozenset({S.WORKING, S.DRAFTED, S.SENT, S.WAITING, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.WORKING: frozenset({S.UNTOUCHED, S.DRAFTED, S.SENT, S.WAITING, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.DRAFTED: frozenset({S.UNTOUCHED, S.WORKING, S.SENT, S.LOST, S.WRITTEN_OFF}),
    S.SENT: frozenset({S.WORKING, S.DRAFTED, S.WAITING, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.WAITING: frozenset({S.WORKING, S.DRAFTED, S.SENT, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.WON: frozenset({S.UNTOUCHED, S.WORKING}),
    S.LOST: frozenset({S.UNTOUCHED, S.WORKING}),
    S.WRITTEN_OFF: frozenset({S.UNTOUCHED, S.WORKING}),
    S.SETTLED: frozenset({S.UNTOUCHED, S.WORKING}),
}


def check_move(from_step: str, to_step: str) -> Step:
    """The step to take. Invalid for one that there is not, Conflict for one that does not follow."""
    if to_step not in S.values:
        raise Invalid("step", "there is no such step")
    if S(to_step) not in MOVES[S(from_step)]:
        raise Conflict(
            "not_a_move", f"a claim that is {S(from_step).label.lower()} cannot become {S(to_step).label.lower()}"
        )
    return S(to_step)


@dataclass(frozen=True)
class Answer:
    """What the payer's last standing answer says of a family; `voided` and `sent_again` are what the practice did."""

    denied: bool
    paid: bool
    answered: bool
    voided: bool
    sent_again: bool

    @property
    def ends(self) -> tuple[Step, str]:
        """How an item ends that is denied no more, and why."""
        if self.voided:
            return S.SETTLED, "voided by the practice"
        if self.paid:
            return S.WON, "paid by the payer"
        return S.SETTLED, "paid nothing, and not denied" if self.answered else "the payer took the denial back"


def after_answer(step: str, answer: Answer, *, new: bool) -> tuple[Step, str]:
    """Where an item stands after the payer's answer, `new` to us or not, and the words for it; "" for no word.

    What a person has closed stays closed while the payer only says no again; a payment is a payment.
    """
    now = S(step)
    if not answer.denied:
        end, why = answer.ends
        stays = now in (S.WON, S.SETTLED) or now in CLOSED and end != S.WON
        return (now, "") if stays else (end, why)
    if new and now in (S.WON, S.SETTLED):
        return S.UNTOUCHED, "the denial stands again"
    if new and now not in CLOSED:
        return (S.UNTOUCHED if now in (S.SENT, S.WAITING) else now), "denied again"
    if answer.sent_again and now in (S.UNTOUCHED, S.WORKING, S.DRAFTED):
        return S.WAITING, "sent again"
    return now, ""
