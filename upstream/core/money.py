"""Money: Decimal dollars at the edge, integer cents inside."""

from decimal import Decimal, InvalidOperation

from upstream.core.errors import Invalid

CENT = Decimal("0.01")
MAX_CENTS = 10**14


def cents_of(dollars: Decimal | str) -> int:
    """Whole cents of a plain decimal amount ("12.5", "-3", ".50"); Invalid("amount") for what is none or finer."""
    try:
        value = Decimal(dollars)
        cents = value.scaleb(2)
        if not value.is_finite() or cents != cents.to_integral_value() or abs(cents) > MAX_CENTS:
            raise Invalid("amount", "not an amount in dollars and cents")
    except InvalidOperation as exc:
        raise Invalid("amount", "not an amount in dollars and cents") from exc
    return int(cents)


def dollars_of(cents: int) -> Decimal:
    """Decimal dollars with two places."""
    return (Decimal(cents) * CENT).quantize(CENT)


def show_dollars(cents: int, *, whole: bool = False) -> str:
    """ "$1,234.50", or "$1,235" when whole; minus sign before the dollar sign."""
    sign = "-" if cents < 0 else ""
    amount = abs(dollars_of(cents))
    return f"{sign}${amount:,.0f}" if whole else f"{sign}${amount:,.2f}"
