"""Tables as they are described: what stands on a sheet, without the library that writes it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

HEADING_ROW = 3
FIRST_ROW = 4
LAST_ROW = 1_048_576
LETTERS = 26

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of our own making; the only text that Excel may calculate."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands under it: text, money (integer cents), count, share (0..1), points or date."""

    heading: str
    kind: str = "text"
    width: int = 14
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet; `nothing` is the line that stands there while there are no rows."""

    name: str
    columns: tuple[Column, ...]
    nothing: str

    def part(self, number: int) -> "Table":
        """The table as its sheet of that number, from 1, is named: a sheet that is full goes on in another."""
        return self if number == 1 else replace(self, name=f"{self.name} {number}")

    def place(self, heading: str, rows: int = 0) -> str:
        """The addresses of the data under a heading, for formulas of other sheets; `rows` where they may be many."""
        letter = letter_of([c.heading for c in self.columns].index(heading) + 1)
        parts = range(1, 2 + max(rows - 1, 0) // (LAST_ROW - HEADING_ROW))
        names = [self.name if number == 1 else f"'{self.part(number).name}'" for number in parts]
        return ",".join(f"{name}!${letter}${FIRST_ROW}:${letter}${LAST_ROW}" for name in names)


def letter_of(number: int) -> str:
    """The name of a column by its number from 1: A to Z, then AA."""
    name = ""
    while number:
        number, place = divmod(number - 1, LETTERS)
        name = chr(ord("A") + place) + name
    return name
