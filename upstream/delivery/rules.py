"""When a message is tried again, how long after, and when an endpoint is left to rest. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from upstream.core.errors import DomainError
from upstream.delivery.choices import Kind, OutboxState

MINUTE, HOUR = 60, 3600
# Standard Webhooks, "Deliverability and reliability": ten tries over three and a half days.
TO_ENDPOINTS = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
WAITS: dict[str, tuple[int, ...]] = {
    Kind.MAIL: (30, 60, 120, 240, 480, 960, 1920),
    Kind.WEBHOOK: TO_ENDPOINTS,
    Kind.SLACK: TO_ENDPOINTS,
    Kind.TEAMS: TO_ENDPOINTS,
}
LONGEST_ASKED = 24 * HOUR
RESTS_AFTER = 3
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
GONE = "gone"
MAY_BE_RETRIED = frozenset({OutboxState.FAILED, OutboxState.UNKNOWN})


@dataclass(frozen=True)
class Ending:
    """How one try ended: `state` is where the message goes, `code` says why in a word, `result` is kept of the try.

    `asked_wait`: seconds that the receiver asked for before the next try, 0 for none.
    """

    state: OutboxState
    code: str = ""
    asked_wait: float = 0.0

    @property
    def result(self) -> str:
        return "deferred" if self.state == OutboxState.QUEUED else str(self.state)


class NotSent(DomainError):
    """A try that did not end in SENT; `ending` says whether it may be repeated. Never carries an address."""

    def __init__(self, state: OutboxState, code: str, *, asked_wait: float = 0.0) -> None:
        super().__init__(code)
        self.ending = Ending(state, code, asked_wait)


def most_attempts(kind: str) -> int:
    """How often a message of this kind is tried at all."""
    return len(WAITS[kind]) + 1


def wait_seconds(kind: str, attempts: int, jitter: float, asked: float = 0.0) -> float:
    """Seconds before the next try: the kind's own after so many tries, or what the receiver asked for (a day at most).

    Longer by half of `jitter` (0..1), so that messages which failed together do not come back together.
    """
    waits = WAITS[kind]
    own = waits[min(max(attempts, 1), len(waits)) - 1]
    return max(float(own), min(asked, LONGEST_ASKED)) * (1 + jitter / 2)


def after(ending: Ending, kind: str, attempts: int) -> Ending:
    """A temporary failure becomes a final one once the tries are used up."""
    if ending.state == OutboxState.QUEUED and attempts >= most_attempts(kind):
        return Ending(OutboxState.FAILED, ending.code)
    return ending


@dataclass(frozen=True)
class Health:
    """Failed tries in a row at an endpoint, until when it rests, and why it is stopped ("" while it is not)."""

    failures: int
    resting_until: datetime | None
    stopped_because: str = ""


def health_after(failures: int, ending: Ending, *, now: datetime, jitter: float) -> Health:
    """An endpoint's health after one more try.

    The third failure in a row has it rest for a minute, doubling up to an hour: its messages wait, the others' do not.
    It is stopped when it says that it is gone for good, or when a message has used up its tries.
    """
    if ending.state == OutboxState.SENT:
        return Health(0, None)
    count = failures + 1
    rests = count - RESTS_AFTER
    until = now + min(FIRST_REST * 2 ** min(rests, 10), LONGEST_REST) * (0.5 + jitter / 2) if rests >= 0 else None
    return Health(count, until, ending.code if ending.state == OutboxState.FAILED else "")
