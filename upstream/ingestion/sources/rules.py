"""What follows a pull: when a source is asked again, and when it is left to rest. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upstream.ingestion.sources.choices import Circuit

OPENS_AFTER = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
FIRST_REST, LONGEST_REST = timedelta(hours=1), timedelta(hours=6)


@dataclass(frozen=True)
class Health:
    """Failures in a row, the circuit they leave, and when the source is asked next."""

    failures: int
    circuit: Circuit
    next_at: datetime


def after_failure(failures: int, *, lasting: bool, now: datetime, jitter: float) -> Health:
    """Health after one more failure.

    A passing fault is tried again after a minute, doubling; the fifth in a row opens the circuit. A lasting one (a
    password refused, a host key changed) opens it at once, since asking again would only lock the account. `jitter`
    between 0 and 1 spreads the waits over their upper half, so that sources do not knock together.
    """
    count = failures + 1
    spread = 0.5 + jitter / 2
    if lasting:
        return Health(count, Circuit.OPEN, now + LONGEST_REST * spread)
    if count >= OPENS_AFTER:
        rest = min(FIRST_REST * 2 ** min(count - OPENS_AFTER, 10), LONGEST_REST)
        return Health(count, Circuit.OPEN, now + rest * spread)
    return Health(count, Circuit.CLOSED, now + min(FIRST_WAIT * 2 ** (count - 1), LONGEST_WAIT) * spread)
