"""By when a denial is answered: the payer's clock as it stood on the day of the decision."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from upstream.alerts.choices import ClockAction
from upstream.alerts.clocks import UNKNOWN, Clocks, Standing, actions_of, clocks_for
from upstream.alerts.rules import Window, due_of

# Where no clock was known on the day: the shortest that any type of payer has.
SHORTEST_DAYS, NO_CLOCK = 30, "no clock known on that day: check contract"


@dataclass
class Calendar:
    """The clocks of some payers, and what answers each reason code; each payer's day is looked up once."""

    clocks: Clocks
    actions: dict[str, ClockAction | None]
    _days: dict[tuple[int, date], dict[ClockAction, Standing]] = field(default_factory=dict)

    def action(self, carc: str) -> ClockAction | None:
        """What answers a denial for this reason; None for one that nothing answers."""
        return self.actions.get(carc, ClockAction.APPEAL)

    def dates(self, payer: int, action: ClockAction, decided: date) -> dict[str, Any]:
        """The fields of an item that say by when, as who says so, and how sure that is."""
        key = (payer, decided)
        if key not in self._days:
            self._days[key] = self.clocks.of(payer, decided)
        standing = self._days[key].get(action) or _shortest(action)
        due = due_of(decided, standing.window)
        return {
            "action": action.value, "deadline": due.deadline, "internal_due": due.internal,
            "clock_days": standing.window.days, "clock_basis": standing.basis, "clock_source": standing.window.source,
            "clock_confidence": standing.confidence,
        }  # fmt: skip


def calendar_for(payers: Iterable[int], carcs: Iterable[str], day: date) -> Calendar:
    """Four queries."""
    return Calendar(clocks_for(payers), actions_of(carcs, day))


def _shortest(action: ClockAction) -> Standing:
    return Standing(action, Window(str(action.label), SHORTEST_DAYS, NO_CLOCK), UNKNOWN, UNKNOWN)
