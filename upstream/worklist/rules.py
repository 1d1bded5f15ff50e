"""Decisions on denied claims: which moves are legal, and what an answer of the payer does to an item. Pure."""

from upstream.core.errors import Conflict, Invalid
from upstream.worklist.choices import Step

S = Step
SYSTEM = "system"
OPEN = (S.TODO, S.WORKING, S.DRAFTED, S.SENT, S.WAITING)
CLOSED = frozenset({S.WON, S.LOST, S.WRITTEN_OFF, S.SETTLED})
# SETTLED is said by the payer's answers alone; a person who closes says how it ended.
MOVES: dict[Step, frozenset[Step]] = {
    S.TODO: frozenset({S.WORKING, S.DRAFTED, S.SENT, S.WAITING, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.WORKING: frozenset({S.TODO, S.DRAFTED, S.SENT, S.WAITING, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.DRAFTED: frozenset({S.TODO, S.WORKING, S.SENT, S.LOST, S.WRITTEN_OFF}),
    S.SENT: frozenset({S.WORKING, S.DRAFTED, S.WAITING, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.WAITING: frozenset({S.WORKING, S.DRAFTED, S.SENT, S.WON, S.LOST, S.WRITTEN_OFF}),
    S.WON: frozenset({S.TODO, S.WORKING}),
    S.LOST: frozenset({S.TODO, S.WORKING}),
    S.WRITTEN_OFF: frozenset({S.TODO, S.WORKING}),
    S.SETTLED: frozenset({S.TODO, S.WORKING}),
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
