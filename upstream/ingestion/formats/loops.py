"""Loop tables: what the loops of an X12 guide hold, as rows, compiled once into the handlers that the envelope calls.

A transaction type is a tuple of `Row`, the levels of its loops, and a few handlers. Facts stand at the level (payer,
provider, subscriber, patient, claim) that was opened last; a loop that opens a level forgets the facts there and below.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, NamedTuple, TypeAlias

from upstream.ingestion.formats.encoding import shown
from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Handler, Opening, Table, TransactionReader, at
from upstream.ingestion.formats.values import NUMBERS
from upstream.ingestion.records import Notice, Record

SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
LIKELY_COMPONENTS = ":>^|<"
QUALIFYING_ELEMENT = {"HL": 3}  # of all others: the first
NAMED_BY_QUALIFIER = frozenset({"DTP", "DTM", "REF", "AMT", "QTY"})  # in Notices; others by element
LONGEST_COMPOSITE = 256
TEXT_WIDTH = 120
ROOT = "ST"

Value: TypeAlias = str | int | Decimal | date
Read: TypeAlias = Callable[["LoopReader", str, int, str], Value | None]


class Take(NamedTuple):
    """One element kept as a fact; of several that name the same fact at one level, the first that says something."""

    element: int
    fact: str
    read: Read


class Row(NamedTuple):
    """In the loops of `path` ("" is any loop, ROOT the one before all), a segment with one of the `qualifiers`, or any.

    It opens the loop `opens`, its `takes` become facts, and then the handler `then` has it.
    """

    path: str
    segment: str
    qualifiers: str = ""
    opens: str = ""
    takes: tuple[Take, ...] = ()
    then: Handler | None = None


class LoopReader(TransactionReader, ABC):
    """A transaction reader that goes by loop tables.

    `unit` is the level of what one record tells of, `expected` the segment without which a transaction tells nothing.
    """

    loops: ClassVar[Mapping[str, Table]]
    depth: ClassVar[int]
    unit: ClassVar[int]
    expected: ClassVar[str]
    told = 0
    dated = False
    made_on: date | None = None

    def __init__(self, out: list[Record], position: int, delimiters: Delimiters) -> None:
        super().__init__(out, position, delimiters)
        self.levels: list[dict[str, Value]] = [{} for _ in range(self.depth + 1)]
        self.level = 0
        self.facts = self.levels[0]  # those of the level opened last
        self.loop = ROOT
        self.table = self.loops[ROOT]
        self.seen: dict[str, Value] = {}  # all facts down to the unit in hand, while it is being told
        self.opening = Opening([], [], [])

    def begin(self, opening: Opening) -> None:
        self.opening = opening

    def pass_over(self, segment: list[str], number: int) -> None:
        """A segment that no row names is none of ours; one with an id like no other is said."""
        name = segment[0].strip().upper()
        if (name or len(segment) > 1) and not SEGMENT_ID.fullmatch(name):
            self.out.append(Notice(number, "", "bad_segment_id"))

    def enter(self, loop: str) -> None:
        """The reader stands in this loop, at the level where it stood."""
        self.loop = loop
        self.table = self.loops[loop]

    def descend(self, loop: str, level: int) -> None:
        """The reader stands in this loop at its level; the unit in hand is over when that is not below it."""
        if level <= self.unit:
            self.settle()
        for facts in self.levels[level:]:
            facts.clear()
        self.level = level
        self.facts = self.levels[level]
        self.enter(loop)

    def tell(self, record: Record) -> None:
        """The record goes to `out`, and the transaction has told something."""
        self.told += 1
        self.out.append(record)

    def finish(self, *, complete: bool) -> None:
        """A whole transaction that told nothing is said."""
        if complete and not self.told:
            self.out.append(Notice(self.position, self.expected, "missing_segment"))

    def settle(self) -> None:
        """The unit in hand, if there is one, is told with all facts that stand above it, the deepest level first."""
        if self.holds():
            self.seen = {}
            for facts in self.levels[: self.unit + 1]:
                self.seen.update(facts)
            self.close()

    @abstractmethod
    def holds(self) -> bool:
        """Whether there is a unit in hand."""

    @abstractmethod
    def close(self) -> None:
        """The unit in hand is whole and goes to `out`."""

    def text(self, name: str) -> str:
        """The text of this fact of the unit being told."""
        found = self.seen.get(name)
        return found if isinstance(found, str) else ""

    def own(self, name: str) -> str:
        """The text of this fact at the level opened last, "" where only a level above has it."""
        found = self.facts.get(name)
        return found if isinstance(found, str) else ""

    def day_of(self, *names: str) -> date | None:
        """The first of these dates that is known of the unit being told."""
        return next((found for found in map(self.seen.get, names) if isinstance(found, date)), None)

    def sent_on(self) -> date | None:
        """When the transaction was made: BHT04, else GS04, else ISA09."""
        if not self.dated:
            stated = self.levels[0].get("made_on")
            group, interchange = at(self.opening.gs, 4), _century(at(self.opening.isa, 9))
            self.made_on = stated if isinstance(stated, date) else self.day(group, self.position, "GS04")
            self.made_on = self.made_on or self.day(interchange, self.position, "ISA09")
            self.dated = True
        return self.made_on


def tables(rows: Sequence[Row], levels: Mapping[str, int], *also: str) -> Mapping[str, Table]:
    """The table of handlers of every loop; `levels` names those that open a level, `also` those that no row opens."""
    loops = {ROOT, *also, *levels, *(row.opens for row in rows if row.opens)}
    unknown = {loop for row in rows for loop in row.path.split()} - loops
    if unknown:
        raise ValueError(f"rows in loops that nothing opens: {sorted(unknown)}")
    return {loop: _table(rows, loop, levels) for loop in loops}


def _table(rows: Sequence[Row], loop: str, levels: Mapping[str, int]) -> Table:
    """Rows that name the loop come before rows for any loop, and among equals the first one counts."""
    steps: dict[str, dict[str, Handler]] = {}
    for row in sorted(rows, key=lambda row: not row.path):
        if not row.path or loop in row.path.split():
            for qualifier in row.qualifiers.split() or [""]:
                step = _step(row, qualifier, levels.get(row.opens))
                steps.setdefault(row.segment, {}).setdefault(qualifier, step)
    return {segment: _choice(segment, choices) for segment, choices in steps.items()}


def _choice(segment_id: str, steps: Mapping[str, Handler]) -> Handler:
    """The handler that looks at the qualifier and gives the segment to its step, if there is one."""
    whatever = steps.get("")
    if len(steps) == 1 and whatever is not None:
        return whatever
    element = QUALIFYING_ELEMENT.get(segment_id, 1)

    def choose(reader: LoopReader, segment: list[str], number: int) -> None:
        qualifier = segment[element].strip() if len(segment) > element else ""
        step = steps.get(qualifier, whatever)
        if step is not None:
            step(reader, segment, number)

    return choose


def _step(row: Row, qualifier: str, level: int | None) -> Handler:
    """What a row does with its segment; the parts that it has not cost nothing."""
    loop, then = row.opens, row.then
    taking = _taking(row, qualifier) if row.takes else None
    if not loop:
        return _both(taking, then)
    rest = _both(taking, then)

    def step(reader: LoopReader, segment: list[str], number: int) -> None:
        if level is not None:
            reader.descend(loop, level)
        elif reader.loop != loop:
            reader.enter(loop)
        rest(reader, segment, number)

    return step


def _taking(row: Row, qualifier: str) -> Handler:
    named = f"{row.segment}*{qualifier}" if row.segment in NAMED_BY_QUALIFIER else ""
    takes = [(*take, named or f"{row.segment}{take.element:02d}") for take in row.takes]

    def take(reader: LoopReader, segment: list[str], number: int) -> None:
        facts = reader.facts
        for element, fact, read, place in takes:
            if len(segment) > element and fact not in facts:
                stated = segment[element].strip()
                found = read(reader, stated, number, place) if stated else None
                if found is not None:
                    facts[fact] = found

    return take


def _both(first: Handler | None, second: Handler | None) -> Handler:
    if first is None or second is None:
        return first or second or _nothing

    def both(reader: LoopReader, segment: list[str], number: int) -> None:
        first(reader, segment, number)
        second(reader, segment, number)

    return both


def _nothing(_reader: LoopReader, _segment: list[str], _number: int) -> None:
    """A row that only opens a loop."""


def words(reader: LoopReader, stated: str, number: int, place: str) -> str:
    """Free text, as people wrote it."""
    return reader.fits(shown(stated), TEXT_WIDTH, number, place)


def code(width: int) -> Read:
    """A code or identifier of at most this width."""

    def read(reader: LoopReader, stated: str, number: int, place: str) -> str:
        return reader.fits(stated, width, number, place)

    return read


def first_day(reader: LoopReader, stated: str, number: int, place: str) -> date | None:
    """The date, or the first date of a range; a time after the date is passed over."""
    return reader.day(stated.partition("-")[0].strip()[:8], number, place)


def last_day(reader: LoopReader, stated: str, number: int, place: str) -> date | None:
    """The last date of a range, None when it is a single date."""
    return reader.day(stated.partition("-")[2].strip()[:8], number, place)


def quantity(_reader: LoopReader, stated: str, _number: int, _place: str) -> Decimal | None:
    """A count of units, None when it is no number."""
    return NUMBERS[stated]


def components(composite: str, separator: str) -> tuple[str, ...]:
    """The parts of a composite; files that declare one component separator and use another are understood."""
    return _parts(composite[:LONGEST_COMPOSITE], separator)


@lru_cache(maxsize=4096)
def _parts(composite: str, separator: str) -> tuple[str, ...]:
    if separator and separator in composite:
        return tuple(part.strip() for part in composite.split(separator))
    used = next((mark for mark in LIKELY_COMPONENTS if mark in composite), "")
    return tuple(part.strip() for part in composite.split(used)) if used else (composite.strip(),)


def _century(stated: str) -> str:
    """YYMMDD as CCYYMMDD; X12 is younger than 1950."""
    if len(stated) != 6:
        return stated
    return ("19" if stated > "50" else "20") + stated
