"""Amounts, dates and counts as files write them; each distinct text is worked out once, in bounded memory."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

Value = TypeVar("Value")

MAX_REMEMBERED = 1 << 16
LONGEST_REMEMBERED = 32  # a hostile element may be a megabyte
MOST_WORKED_OUT, LONGEST_WORKED_OUT = 1 << 14, 100
LARGEST_CENTS = 10**12  # ten billion dollars: sums of millions of them still fit a database integer
PLAIN_AMOUNT = re.compile(r"(-?)([0-9]{0,11})(?:\.([0-9]{0,2})0*)?", re.ASCII)
PLAIN_NUMBER = re.compile(r"-?[0-9]{0,9}(?:\.[0-9]{0,3}0*)?", re.ASCII)
PLAIN_LENGTH = 12
FIRST_YEAR, LAST_YEAR = 1900, 2099


def cents_or_none(text: str) -> int | None:
    """Whole cents of a plain signed decimal (`-55`, `.5`, `12.340`, empty is 0), None for anything else or larger."""
    digits = text.replace(".", "", 1)
    if digits.isdecimal() and text.isascii() and len(text) <= PLAIN_LENGTH and text[-3:-2] == ".":
        return int(digits)  # the usual shape, four times faster than the general rule below
    match = PLAIN_AMOUNT.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    cents = int(whole or 0) * 100 + int((fraction or "").ljust(2, "0"))
    if cents > LARGEST_CENTS:
        return None
    return -cents if sign else cents


def day_or_none(year: str, month: str, day: str) -> date | None:
    """The date of three digit groups, None when there is no such day between FIRST_YEAR and LAST_YEAR."""
    if not (year.isdecimal() and month.isdecimal() and day.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


class Amounts(dict[str, int | None]):
    """Text -> cents (None when it is not an amount)."""

    def __missing__(self, text: str) -> int | None:
        cents = cents_or_none(text.strip())
        if len(text) <= LONGEST_REMEMBERED:
            if len(self) >= MAX_REMEMBERED:
                self.clear()
            self[text] = cents
        return cents


class CompactDates(dict[str, date | None]):
    """CCYYMMDD -> date (None when there is no such day)."""

    def __missing__(self, text: str) -> date | None:
        day = text.strip()
        found = day_or_none(day[:4], day[4:6], day[6:]) if len(day) == 8 else None
        if len(text) <= LONGEST_REMEMBERED:
            if len(self) >= MAX_REMEMBERED:
                self.clear()
            self[text] = found
        return found


class Numbers(dict[str, Decimal | None]):
    """Text -> Decimal quantity (None when it is not a plain number or empty)."""

    def __missing__(self, text: str) -> Decimal | None:
        plain = text.strip()
        usable = any(map(str.isdecimal, plain)) and PLAIN_NUMBER.fullmatch(plain)
        number = Decimal(plain) if usable else None
        if len(text) <= LONGEST_REMEMBERED:
            if len(self) >= MAX_REMEMBERED:
                self.clear()
            self[text] = number
        return number


class Memo(dict[str, Value], Generic[Value]):
    """Text -> what it says, worked out once for each text, in bounded memory."""

    def __init__(self, work: Callable[[str], Value]) -> None:
        super().__init__()
        self.work = work

    def __missing__(self, text: str) -> Value:
        if len(self) >= MOST_WORKED_OUT:
            self.clear()
        found = self.work(text)
        if len(text) <= LONGEST_WORKED_OUT:
            self[text] = found
        return found


AMOUNTS = Amounts()
DATES = CompactDates()
NUMBERS = Numbers()
ONE = Decimal(1)
