"""Where the request at work came from, for whoever writes it down."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ADDRESS: ContextVar[str] = ContextVar("address", default="")


def address() -> str:
    """The client's address as text, "" outside of requests."""
    return _ADDRESS.get()


@contextmanager
def came_from(client: str) -> Iterator[None]:
    """Until the end of the block, the work is that of a request from this address."""
    before = _ADDRESS.set(client)
    try:
        yield
    finally:
        _ADDRESS.reset(before)
