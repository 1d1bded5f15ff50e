"""The worklist as its pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.core import clock
from upstream.portal import words
from upstream.portal.queries.people import name_of
from upstream.worklist.choices import ActKind, Step
from upstream.worklist.models import Act, Event, Item, Recovery
from upstream.worklist.pricing import Usual, usual_recoveries
from upstream.worklist.queries import last_act

URGENT_DAYS = 7
UNDO_FOR = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One denial in a list, with the record that its expected recovery comes from; None where nothing is known yet."""

    item: Item
    days_left: int
    record: Recovery | None

    @property
    def is_urgent(self) -> bool:
        return self.item.is_open and self.days_left <= URGENT_DAYS

    @property
    def clock(self) -> str:
        """Who says how long the window is."""
        if self.item.clock_basis == "unknown":
            return "unknown: check contract"
        return f"{self.item.get_action_display().lower()}, {words.counted(self.item.clock_days, 'day')}"

    @property
    def spread(self) -> str:
        """ "11 to 21% of 80 claims": the interval of what usually comes back, and from how many that is known."""
        if self.record is None:
            return "no history yet"
        low, high = round(100 * self.record.low), round(100 * self.record.high)
        return f"{low} to {high}% of {words.counted(self.record.claims, 'claim')}"

    @property
    def history(self) -> str:
        """ "12 of 80 such denials came back: 11 to 21% usually do" """
        if self.record is None:
            return "no history yet: one in ten is assumed"
        seen = f"{self.record.won:,} of {words.counted(self.record.claims, 'such denial')} came back"
        return f"{seen}: {round(100 * self.record.low)} to {round(100 * self.record.high)}% usually do"


def rows_of(items: Iterable[Item], today: date) -> list[ItemRow]:
    """One query for all records."""
    usual = usual_recoveries()
    return [row_of(item, today, usual) for item in items]


def row_of(item: Item, today: date, usual: Usual | None = None) -> ItemRow:
    usual = usual or usual_recoveries()
    return ItemRow(item, (item.deadline - today).days, usual.of(item.payer_id, item.category))


@dataclass(frozen=True, slots=True)
class Undoable:
    """The person's newest act, which one button takes back whole."""

    act: Act
    words: str


def undoable(actor: str) -> Undoable | None:
    """The actor's newest act of today that still stands. One query."""
    act = last_act(actor, clock.now() - UNDO_FOR)
    return Undoable(act, f"You {done(act)} {words.counted(act.items, 'claim')}.") if act else None


def done(act: Act) -> str:
    """What was done, before the number of claims."""
    return {
        ActKind.STEP: "moved", ActKind.ASSIGN: "reassigned", ActKind.SNOOZE: "put aside or fetched back",
        ActKind.NOTE: "wrote a note at", ActKind.UNDO: "took back an act upon", ActKind.ANSWER: "read answers to",
    }[ActKind(act.kind)]  # fmt: skip


def event_words(event: Event) -> str:
    """What one act did to the item, after its actor's name."""
    if event.act.kind == ActKind.ANSWER:
        return event.said
    if event.act.kind == ActKind.UNDO:
        return f"took an act back: {Step(event.to_step).label.lower()}"
    if event.act.kind == ActKind.NOTE:
        return "wrote a note"
    if event.act.kind == ActKind.ASSIGN:
        return f"gave it to {name_of(event.owner_after)}" if event.owner_after else "gave it to nobody"
    if event.act.kind == ActKind.SNOOZE:
        return f"put it aside until {words.long_day(event.snoozed_after)}" if event.snoozed_after else "fetched it back"
    return f"moved it to {Step(event.to_step).label.lower()}" + (f" ({event.said})" if event.said else "")
