"""What a way of sending is: a message made ready, then handed over, with three endings.

Handed over (the call returns), not now but perhaps later (NotSent with QUEUED), or never (NotSent with FAILED); and
NotSent with UNKNOWN where it may have arrived and the receiver could not tell a repeat.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from upstream.delivery.models import Outbox


class Prepared(Protocol):
    """A finished message. Nothing of it has left this house."""

    def opened(self) -> AbstractContextManager[Callable[[], str]]:
        """The way to the receiver, open: calling what is yielded hands the message over, once,
        and answers with the receiver's own id of it, "" for none."""


@dataclass(frozen=True)
class Transport:
    """`prepare` reads what it needs of the bound tenant, inside a transaction.

    `repeatable`: the receiver knows a message again by its id, so one of unknown outcome may be handed over anew.
    """

    prepare: Callable[[Outbox], Prepared]
    repeatable: bool = False
