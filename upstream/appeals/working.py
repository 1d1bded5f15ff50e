"""The worklist follows the letters: a drafted letter, a sent one and a withdrawn one move the item of their claim."""

from collections.abc import Iterable

from upstream.appeals.choices import LetterState
from upstream.appeals.rules import WRITABLE
from upstream.worklist import services
from upstream.worklist.choices import Step
from upstream.worklist.queries import items_by_claim
from upstream.worklist.rules import CLOSED, MOVES

SAID = {
    Step.DRAFTED: "a letter was drafted",
    Step.SENT: "the letter was sent",
    Step.WORKING: "the letter was withdrawn",
}


def follow(claims: Iterable[int], state: str, *, actor: str) -> None:
    """Open items of these claims stand where letters in this state put them; others stay. In a transaction."""
    target = step_for(state)
    if target is None:
        return
    items = [
        item for item in items_by_claim(claims).values()
        if Step(item.step) not in CLOSED and target in MOVES[Step(item.step)] and _moves(Step(item.step), target)
    ]  # fmt: skip
    if items:
        services.step(items, to_step=target, actor=actor, said=SAID[target])


def step_for(state: str) -> Step | None:
    """Where an item stands whose letter is in this state; None where the payer's answer decides, not the letter."""
    if state in WRITABLE:
        return Step.DRAFTED
    return {LetterState.SENT.value: Step.SENT, LetterState.WITHDRAWN.value: Step.WORKING}.get(state)


def _moves(now: Step, target: Step) -> bool:
    """A second letter's draft takes nothing back that another has sent, and a withdrawn one only its own draft."""
    return now == Step.DRAFTED if target == Step.WORKING else target != now
