"""What a packet says by itself of a pattern, for a person to change. Pure: values in, text out."""

from dataclasses import dataclass
from datetime import date

from upstream.alerts.wording import doubted
from upstream.core.charts import percent
from upstream.core.money import show_dollars
from upstream.detection.choices import Metric

ASK = (
    "Please tell us what changed, by which notice and from which day on, and process the listed claims again."
    " The list names them by your claim number where we know it."
)
UNVERIFIED = (
    "Unverified arithmetic, not legal advice: whether this rate applies to these members, plans and claims has not been"
    " checked. Such rules mostly hold for insured plans, and not for self-funded ones."
)


@dataclass(frozen=True)
class Pattern:
    """The numbers of one incident."""

    title: str
    metric: str
    onset: date
    until: date
    usual: float
    rate: float
    low: float
    high: float
    observed: int
    decided: int
    expected: float


def statement(told: Pattern) -> str:
    """Paragraphs parted by blank lines: what was seen, how it was before, what is asked."""
    return "\n\n".join([doubted(told.title, doubt=""), _numbers(told), ASK])


def _numbers(told: Pattern) -> str:
    span = f"From the week of {long_day(told.onset)} to {long_day(told.until)}"
    if told.metric == Metric.PAYMENT_DELAY:
        return (
            f"{span} a decision took about {told.rate:.0f} days ({told.low:.0f} to {told.high:.0f}, 95% confidence)."
            f" Before, it took about {told.usual:.0f} days."
        )
    return (
        f"{span} this happened to {told.observed:,} of {told.decided:,} claims, where {told.expected:,.0f} would have"
        f" been usual. The share is {percent(told.rate, 1)} ({percent(told.low, 1)} to {percent(told.high, 1)}, 95%"
        f" confidence); before, it was {percent(told.usual, 1)}."
    )


def long_day(when: date | None) -> str:
    """March 2, 2026, as letters write it; "" for no day."""
    return f"{when:%B} {when.day}, {when.year}" if when else ""


def remedy(days: int, rate: str, cents: int) -> str:
    """How the interest was worked out."""
    return (
        f"Interest = amount x days late x {rate}% a year / 365, each claim to the cent; a claim is late once {days}"
        f" days have gone by since it was submitted. Together {show_dollars(cents)}."
    )
