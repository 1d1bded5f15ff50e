"""What came back of an incident's losses, and what was not lost again: line by line, on the careful side. Pure.

Recovered: what payers paid on a claim behind an incident after the incident was told and the claim was answered, less
what they took back since; never more than the claim's part of what the incident had cost. Of several answers to a claim
that all stand, the highest counts alone.

Avoided: only after a person closed an incident as "our own process", for claims of its scope sent within 13 weeks
after that. Had the change gone on, a share of them would have been denied: the lower end of its rate, less what comes
back of such denials anyway. Each paid one counts with that share of what was paid; each denied one counts against it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import floor

AVOIDED_WITHIN = timedelta(weeks=13)


@dataclass(frozen=True)
class Answer:
    """One payment of a payer on a claim, or one that takes a payment back; cents are not negative."""

    number: int
    at: datetime
    cents: int
    takes_back: bool = False
    reverses: int | None = None


@dataclass(frozen=True)
class Line:
    """What one answer changed: in what was paid since the incident, and in what of that counts. Either may be < 0."""

    number: int
    at: datetime
    paid_cents: int
    counted_cents: int


def lines_of(answers: Iterable[Answer], since: datetime, cap_cents: int) -> Iterator[Line]:
    """The lines of one claim, oldest first; they add up to what stands at the end."""
    standing: dict[int, int] = {}
    taken, base, paid, counted = 0, 0, 0, 0
    for answer in sorted(answers, key=lambda one: (one.at, one.number)):
        if not answer.takes_back:
            standing[answer.number] = answer.cents
        elif answer.reverses in standing:
            del standing[answer.reverses]
        else:
            taken += answer.cents
        net = max(standing.values(), default=0) - taken
        if answer.at <= since:
            base = net
            continue
        now = min(max(net - base, 0), max(cap_cents, 0))
        if net - base != paid or now != counted:
            yield Line(answer.number, answer.at, net - base - paid, now - counted)
        paid, counted = net - base, now


def avoided_cents(cents: int, rate_low: float, share_back: float, *, denied: bool) -> int:
    """What one claim adds to, or takes from, what was avoided; rounded down.

    `cents`: what was paid, or what would have been on a denied one. `rate_low`: how many would surely have been denied,
    `share_back` what comes back of such denials anyway; both from 0 to 1.
    """
    at_risk, back = (Decimal(repr(min(max(share, 0.0), 1.0))) for share in (rate_low, share_back))
    factor = at_risk - 1 if denied else at_risk
    return floor(cents * factor * (1 - back))
