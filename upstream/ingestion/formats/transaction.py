"""One X12 transaction being read: what every reader of a transaction type has."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.values import AMOUNTS, DATES
from upstream.ingestion.records import Notice, Record

Handler: TypeAlias = Callable[[Any, list[str], int], None]
"""Takes the transaction reader, one split segment and its number; changes the reader, may append to its `out`."""

Loop: TypeAlias = tuple[str, ...]
"""The text of a whole loop, terminators before its segments, and then its parts as its reader needs them.

One whose text is "" is none: from there on nothing is read at once.
"""

Table: TypeAlias = Mapping[str, Handler]
NO_SEGMENTS: Table = {}


class Opening(NamedTuple):
    """The envelope segments before a transaction, each [] where it is missing."""

    isa: list[str]
    gs: list[str]
    st: list[str]


class TransactionReader:
    """One ST..SE in hand. `table` names the handlers of the loop it is in; segments not named there are passed over.

    Subclasses append records to `out`, move between loops by setting `table`, and say in `closes` which segment ids
    show that the part before them is whole.
    """

    closes: frozenset[str] = frozenset()

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        self.out = out
        self.position = position
        self.delimiters = delimiters
        self.table: Table = NO_SEGMENTS

    def cents(self, text: str, number: int, field: str, *, required: bool = False) -> int:
        """Cents of an amount; 0 and a Notice when it is none, or blank where one is required."""
        found = AMOUNTS[text]
        if found is None or (required and not text.strip()):
            self.out.append(Notice(number, field, "bad_amount"))
        return found or 0

    def day(self, text: str, number: int, field: str) -> date | None:
        """The date, or None; a Notice unless it was just blank."""
        found = DATES[text]
        if found is None and text.strip():
            self.out.append(Notice(number, field, "bad_date"))
        return found

    def fits(self, text: str, width: int, number: int, field: str) -> str:
        """The text without outer blanks, cut with a Notice when it is longer than any real value."""
        text = text.strip()
        if len(text) > width:
            self.out.append(Notice(number, field, "too_long"))
            return text[:width]
        return text

    def begin(self, opening: Opening) -> None:
        """Called once, before the first segment."""

    def pass_over(self, segment: list[str], number: int) -> None:
        """A segment that `table` does not name."""

    def at_once(self, text: str, start: int) -> list[Loop]:
        """Whole loops that can be read at once and stand one after the other from `start` on."""
        return []

    def whole(self, loop: Loop, number: int) -> bool:
        """Reads one of `at_once`, if it can; else each of its segments has to be given to its handler."""
        return False

    def settle(self) -> None:
        """The part in hand (a claim) is whole and goes to `out`."""

    def finish(self, *, complete: bool) -> None:
        """The transaction is over; `complete` is False when its SE never came. A part in hand is dropped then."""


def at(segment: list[str], index: int) -> str:
    """The element at this place, "" when the segment ends before it."""
    return segment[index].strip() if index < len(segment) else ""


ReaderType: TypeAlias = Callable[[list[Record], int, Delimiters], TransactionReader]
