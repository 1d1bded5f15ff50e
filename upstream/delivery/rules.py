"""When a message is tried again, and how long after."""

from dataclasses import dataclass

from upstream.core.errors import DomainError
from upstream.delivery.choices import OutboxState

MAX_ATTEMPTS = 8
FIRST_WAIT = 30
LONGEST_WAIT = 3600
MAY_BE_RETRIED = frozenset({OutboxState.FAILED, OutboxState.UNKNOWN})


@dataclass(frozen=True)
class Ending:
    """How one try ended: `state` is where the message goes, `code` says why in a word, `result` is kept of the try."""

    state: OutboxState
    code: str = ""

    @property
    def result(self) -> str:
        return "deferred" if self.state == OutboxState.QUEUED else str(self.state)


class NotSent(DomainError):
    """A try that did not end in SENT; `ending` says whether it may be repeated. Never carries an address."""

    def __init__(self, state: OutboxState, code: str) -> None:
        super().__init__(code)
        self.ending = Ending(state, code)


def wait_seconds(attempts: int, jitter: float) -> float:
    """Seconds before the next try: 30, doubled with each try up to an hour, and longer by half of `jitter` (0..1)."""
    waited: float = min(FIRST_WAIT * 2 ** (max(attempts, 1) - 1), LONGEST_WAIT)
    return waited * (1 + jitter / 2)


def after(ending: Ending, attempts: int) -> Ending:
    """A temporary failure becomes a final one once the tries are used up."""
    if ending.state == OutboxState.QUEUED and attempts >= MAX_ATTEMPTS:
        return Ending(OutboxState.FAILED, ending.code)
    return ending
