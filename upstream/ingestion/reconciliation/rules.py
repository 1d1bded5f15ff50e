"""Periods, the kinds of provider adjustments, and which deposits are which payments. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from upstream.core.errors import Invalid
from upstream.ingestion.reconciliation.choices import By

MOST_DAYS = {By.DAY: 92, By.WEEK: 2 * 366, By.MONTH: 10 * 366}


@dataclass(frozen=True)
class Range:
    """Days from first to last, both counted, in periods of a day, a week (from Monday) or a month."""

    first: date
    last: date
    by: By

    def __post_init__(self) -> None:
        """Invalid when the days run backwards or are more than a page should hold."""
        if self.last < self.first:
            raise Invalid("to", "the last day is before the first one")
        if (self.last - self.first).days > MOST_DAYS[self.by]:
            raise Invalid("from", f"by {self.by.label.lower()}, ask for at most {MOST_DAYS[self.by]} days")

    def start_of(self, day: date) -> date:
        """The first day of the period that a day lies in."""
        if self.by == By.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.by == By.MONTH else day

    def days_of(self, start: date) -> tuple[date, date]:
        """First and last day of the period that begins so, cut to the range."""
        if self.by == By.DAY:
            end = start
        elif self.by == By.WEEK:
            end = start + timedelta(days=6)
        else:
            end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return max(start, self.first), min(end, self.last)


def number_key(number: str) -> str:
    """A check or trace number as it is compared: letters and digits alone, upper case, without leading zeros."""
    return "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum()).lstrip("0")[:50]


@dataclass(frozen=True)
class Money:
    """One payment or one deposit: its row, its number as compared, its day and cents."""

    row: int
    key: str
    day: date
    cents: int


@dataclass(frozen=True)
class Match:
    """Payments and deposits under one number; matched when their sums are equal to the cent."""

    key: str
    payments: tuple[Money, ...]
    deposits: tuple[Money, ...]

    @property
    def difference_cents(self) -> int:
        """Deposited less paid."""
        return sum(d.cents for d in self.deposits) - sum(p.cents for p in self.payments)

    @property
    def state(self) -> str:
        """ "matched", "differs", "no_deposit" or "no_payment"."""
        if not self.deposits:
            return "no_deposit"
        if not self.payments:
            return "no_payment"
        return "differs" if self.difference_cents else "matched"


def matched(payments: Iterable[Money], deposits: Iterable[Money]) -> list[Match]:
    """Everything under its number: equal number and equal sum, or a difference; what has no number stays alone.

    Pairs of equal number and amount are told one by one; what is left under a number is told together, since one
    check may come in several payments. Payments of nothing need no deposit.
    """
    waiting: dict[str, list[Money]] = {}
    found: list[Match] = []
    for deposit in deposits:
        waiting.setdefault(deposit.key, []).append(deposit)
    left: dict[str, list[Money]] = {}
    for payment in payments:
        same = waiting.get(payment.key, []) if payment.key else []
        equal = next((deposit for deposit in same if deposit.cents == payment.cents), None)
        if equal is not None:
            same.remove(equal)
            found.append(Match(payment.key, (payment,), (equal,)))
        elif payment.cents:
            left.setdefault(payment.key, []).append(payment)
    return found + _left(left, waiting)


def _left(payments: dict[str, list[Money]], deposits: dict[str, list[Money]]) -> list[Match]:
    found = []
    for key in sorted(set(payments) | set(deposits)):
        paid, came = payments.get(key, []), deposits.get(key, [])
        if key and paid and came:
            found.append(Match(key, tuple(paid), tuple(came)))
        else:
            found += [Match(key, (one,), ()) for one in paid] + [Match(key, (), (one,)) for one in came]
    return found


@dataclass(frozen=True)
class Reason:
    """Our own words for a provider adjustment; `kind` is takeback, interest, forward, advance, fee or other."""

    words: str
    kind: str


REASONS: dict[str, Reason] = {
    "WO": Reason("Overpayment taken back", "takeback"),
    "72": Reason("Refund acknowledged or returned", "takeback"),
    "FB": Reason("Balance carried to or from another remittance", "forward"),
    "L6": Reason("Interest", "interest"),
    "AP": Reason("Advance paid before, now set off", "advance"),
    "B2": Reason("Rebate", "other"),
    "CS": Reason("Adjustment without a kind of its own", "other"),
    "CT": Reason("Capitation payment", "capitation"),
    "CV": Reason("Capital passed through", "capitation"),
    "IR": Reason("Tax withheld", "fee"),
    "J1": Reason("Not to be reimbursed", "other"),
    "LE": Reason("Levy", "fee"),
    "50": Reason("Late charge", "fee"),
    "90": Reason("Early payment allowance", "other"),
}
OTHER = Reason("Reason that our table does not have", "other")


def reason_of(code: str) -> Reason:
    return REASONS.get(code.strip().upper(), OTHER)
