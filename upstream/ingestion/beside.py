"""Two sides that work at the same time: one reads a file, the other has the database connection.

A small file is read in a thread; a large one in a process of its own, since two threads of Python take turns and
reading costs as much as storing. The reading side hands items over, and may ask for an answer and wait for it.
"""

import os
import pickle
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from queue import Empty, Full, Queue
from typing import Any, NamedTuple, NoReturn

WAIT_SECONDS = 0.2
ITEMS_AHEAD = 2


class Question(NamedTuple):
    """What the reading side wants to know; it waits until `answer` is called, once."""

    wanted: Any
    answer: Callable[[Any], None]


class Stopped(Exception):
    """Nobody waits for the rest of the file."""


class Link(ABC):
    """The reading side's way to the other one."""

    @abstractmethod
    def hand(self, item: Any) -> None:
        """Hand an item over; Stopped when nobody takes it any more."""

    @abstractmethod
    def ask(self, wanted: Any) -> Any:
        """The other side's answer; Stopped when there will be none."""


Work = Callable[[Link], None]


class _Asked(NamedTuple):
    wanted: Any


class _End(NamedTuple):
    """The reading side is done, or has failed."""

    failure: BaseException | None = None


def items_of(work: Work, *, apart: bool) -> Iterator[Any]:
    """What `work` hands over, in order, and Questions to be answered before the next item is taken.

    `apart`: in a process of its own. What `work` raises is raised here. When the iterator is closed, the other side
    ends at its next word.
    """
    return _in_process(work) if apart else _in_thread(work)


def _run(work: Work, link: Link) -> None:
    try:
        work(link)
        link.hand(_End())
    except Stopped:
        return
    except BaseException as exc:
        # The edge of a thread or a process: raised again by the one who waits.
        try:
            link.hand(_End(exc))
        except Stopped:
            return


class _Queues(Link):
    """Between two threads of a process."""

    def __init__(self) -> None:
        self.items: Queue[Any] = Queue(maxsize=ITEMS_AHEAD)
        self.answers: Queue[Any] = Queue(maxsize=1)
        self.stop = threading.Event()

    def hand(self, item: Any) -> None:
        while not self.stop.is_set():
            try:
                self.items.put(item, timeout=WAIT_SECONDS)
                return
            except Full:
                continue
        raise Stopped

    def ask(self, wanted: Any) -> Any:
        self.hand(_Asked(wanted))
        while not self.stop.is_set():
            try:
                return self.answers.get(timeout=WAIT_SECONDS)
            except Empty:
                continue
        raise Stopped

    def taken(self, answer: Callable[[Any], None]) -> Iterator[Any]:
        """What was handed over, until the end; raises what the reading side failed with."""
        while not isinstance(item := self.items.get(), _End):
            yield Question(item.wanted, answer) if isinstance(item, _Asked) else item
        if item.failure:
            raise item.failure


def _in_thread(work: Work) -> Iterator[Any]:
    link = _Queues()
    thread = threading.Thread(target=_run, args=(work, link), name="reader", daemon=True)
    thread.start()
    try:
        yield from link.taken(link.answers.put)
    finally:
        link.stop.set()
        thread.join()


class _Pipe(Link):
    """Between two processes."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def hand(self, item: Any) -> None:
        try:
            self.connection.send(item)
        except OSError as exc:
            raise Stopped from exc

    def ask(self, wanted: Any) -> Any:
        self.hand(_Asked(wanted))
        try:
            return self.connection.recv()
        except (EOFError, OSError) as exc:
            raise Stopped from exc


def _in_process(work: Work) -> Iterator[Any]:
    here, there = Pipe()
    child = os.fork()
    if child == 0:
        here.close()
        _live(work, _Pipe(there))
    there.close()
    # A pipe holds little: somebody must take a chunk out of it while the one before is merged.
    link = _Queues()
    thread = threading.Thread(target=_pass_on, args=(here, link), name="reader", daemon=True)
    thread.start()
    try:
        yield from link.taken(here.send)
    finally:
        link.stop.set()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        thread.join()
        here.close()


def _pass_on(here: Connection, link: _Queues) -> None:
    with suppress(Stopped):
        try:
            while True:
                link.hand(here.recv())
        except (EOFError, OSError):
            link.hand(_End(RuntimeError("the reading process ended without a word")))


def _live(work: Work, link: Link) -> NoReturn:
    """The whole life of the reading process: nothing that it inherited, such as a connection, is closed in order."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _run(work, link)
    except (pickle.PicklingError, TypeError, AttributeError):
        link.hand(_End(RuntimeError("the reading process met something that it could not tell")))
    finally:
        os._exit(0)
