"""Numbers and dates as a chart writes them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal


def percent(share: float, digits: int = 0) -> str:
    """12% of 0.12; half rounds up."""
    step = Decimal(1).scaleb(-digits)
    return f"{(Decimal(str(share)) * 100).quantize(step, ROUND_HALF_UP)}%"


def day(when: date) -> str:
    """3 Mar."""
    return f"{when.day} {when:%b}"


def short_dollars(cents: int) -> str:
    """$9.2k, $1.4M, $480: for axes and bar ends, where the exact amount stands in the table."""
    sign = "-" if cents < 0 else ""
    dollars = abs(cents) / 100
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if dollars >= size * 0.9995:
            amount = f"{dollars / size:.1f}".removesuffix(".0")
            return f"{sign}${amount}{letter}"
    return f"{sign}${dollars:.0f}"
