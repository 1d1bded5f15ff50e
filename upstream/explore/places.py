"""How many questions are answered at one time: each takes a process of its own, with memory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from upstream.core import tenancy
from upstream.core.db.claiming import exclusive
from upstream.core.errors import Conflict

OF_PRACTICE, OF_ALL = 2, 4
PATIENCE, PAUSE = 8.0, 0.1


@contextmanager
def place() -> Iterator[None]:
    """Room for one question of the bound practice; Conflict("busy") when none was free for some seconds.

    A practice has two places and all together have four, so that nobody's questions take the whole machine.
    """
    until = time.monotonic() + PATIENCE
    while True:
        with _free(f"question:{tenancy.required()}", OF_PRACTICE) as mine, _free("question", OF_ALL, mine) as ours:
            if ours:
                yield
                return
        if time.monotonic() > until:
            raise Conflict("busy", "Other questions are being answered: ask again in a moment.")
        time.sleep(PAUSE)


@contextmanager
def _free(name: str, most: int, wanted: bool = True) -> Iterator[bool]:
    """Whether one of the places of that name was free; it is held for the block."""
    for number in range(most if wanted else 0):
        with exclusive(name, number) as won:
            if won:
                yield True
                return
    yield False
