"""Numbers, money and dates as the report writes them; units are always said."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from upstream.core.charts.words import percent
from upstream.core.money import show_dollars
from upstream.reports.shapes import MoneyRange

NOT_KNOWN = "–"


def long_day(when: date) -> str:
    """3 March 2026."""
    return f"{when.day} {when:%B %Y}"


def short_day(when: date | None) -> str:
    """3 Mar 2026, or a dash."""
    return f"{when.day} {when:%b %Y}" if when else NOT_KNOWN


def period(start: date, end: date) -> str:
    """9 to 15 November 2026; month and year of the start only where they differ."""
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {long_day(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%B} to {long_day(end)}"
    return f"{long_day(start)} to {long_day(end)}"


def dollars(cents: int | None) -> str:
    """$9,200 without cents, or a dash."""
    return NOT_KNOWN if cents is None else show_dollars(cents, whole=True)


def dollars_and_cents(cents: int) -> str:
    """-$0.46, for sums that are tied to the cent."""
    return show_dollars(cents)


def change(cents: int | None) -> str:
    """+$1,200, -$300, no change, or nothing."""
    if cents is None:
        return ""
    if abs(cents) < 50:
        return "no change"
    return f"{'+' if cents > 0 else ''}{dollars(cents)}"


def between(money: MoneyRange) -> str:
    """$9,200 to $14,800."""
    return f"{dollars(money.low_cents)} to {dollars(money.high_cents)}"


def points(value: float | None) -> str:
    """+4.2 (percentage points, the reader is told so beside it), 0.0, or a dash."""
    if value is None:
        return NOT_KNOWN
    tenths = Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{tenths:+}" if tenths else "0.0"


def rate(value: float | None) -> str:
    """12.4%, or a dash."""
    return NOT_KNOWN if value is None else percent(value, 1)


def whole_rate(value: float | None) -> str:
    """64%, or a dash."""
    return NOT_KNOWN if value is None else percent(value)


def rate_between(low: float, high: float) -> str:
    """9.8 to 15.3%."""
    return f"{percent(low, 1).removesuffix('%')} to {percent(high, 1)}"


def count(number: int, one: str, many: str = "") -> str:
    """1 claim, 1,204 claims."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def days(number: int | None) -> str:
    """12 days, or a dash."""
    return NOT_KNOWN if number is None else str(number)
