"""Putting a question to the facts in a cage: the process is started, watched, and ended when its time is over."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from upstream.core.errors import DomainError

ROOT = Path(__file__).resolve().parents[1]
# The package is named without running the product's own start, which would load all of it.
START = """import sys, types
root = types.ModuleType("upstream")
root.__path__ = [sys.argv[1]]
sys.modules["upstream"] = root
from upstream.explore.cage.child import main
main()"""
SPARE_FILES = 24
TOO_LONG = "The question took too long and was ended: ask for less at once."
ENDED = "The question needed more than one may have and was ended: ask for less at once."


@dataclass(frozen=True)
class Limits:
    """What one question may take."""

    seconds: int = 10
    memory_mb: int = 512
    threads: int = 2
    rows: int = 10_000
    bytes: int = 8 << 20


@dataclass(frozen=True)
class Facts:
    """One table: its columns with their types, and its files as open descriptors."""

    columns: Mapping[str, str]
    files: Sequence[int]


@dataclass(frozen=True)
class Answer:
    """Rows in the statement's order, dates as ISO text; `more` when the limit cut them off."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    seconds: float


class NotAnswered(DomainError):
    """The question was refused, or ended at a limit; the words are for the person who asked."""

    status = 422


def ask(sql: str, values: Sequence[Any], tables: Mapping[str, Facts], limits: Limits, *, strange: bool) -> Answer:
    """What the statement finds in these tables alone; `strange` SQL is first judged to be one harmless SELECT.

    NotAnswered with a code for what it may not do, and for limits of time, memory and size. The cage's process is gone
    afterwards in any case.
    """
    began = time.monotonic()
    descriptors = [fd for table in tables.values() for fd in table.files]
    with _process(descriptors) as process:
        told = _talk(process, _asked(sql, values, tables, limits, strange), limits)
    if "refused" in told:
        raise NotAnswered(told["refused"], told["words"])
    columns = tuple((str(name), str(kind)) for name, kind in told["columns"])
    return Answer(columns, tuple(map(tuple, told["rows"])), told["more"], time.monotonic() - began)


def _asked(sql: str, values: Sequence[Any], tables: Mapping[str, Facts], limits: Limits, strange: bool) -> bytes:
    files = sum(len(table.files) for table in tables.values())
    shown = {name: {"columns": dict(facts.columns), "files": list(facts.files)} for name, facts in tables.items()}
    highest = max((fd for table in tables.values() for fd in table.files), default=0)
    most = {**asdict(limits), "files": max(files, highest) + SPARE_FILES}
    asked = {"sql": sql, "values": list(values), "tables": shown, "limits": most, "judge": strange}
    return json.dumps(asked, default=str).encode()


@contextmanager
def _process(descriptors: Sequence[int]) -> Iterator[subprocess.Popen[bytes]]:
    """A process without environment, in a session of its own; it does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", START, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env={}, cwd="/", pass_fds=descriptors, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _talk(process: subprocess.Popen[bytes], asked: bytes, limits: Limits) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise NotAnswered("failed", ENDED)
    try:
        process.stdin.write(asked)
        process.stdin.close()
    except BrokenPipeError:
        raise NotAnswered("ended", ENDED) from None
    heard = _hear(process.stdout.fileno(), time.monotonic() + limits.seconds, 4 * limits.bytes)
    try:
        told: dict[str, Any] = json.loads(heard)
    except ValueError:
        raise NotAnswered("ended", ENDED) from None
    return told


def _hear(pipe: int, until: float, most: int) -> bytes:
    """All that is said until the pipe closes; NotAnswered when the time is over or it is too much."""
    heard = bytearray()
    with selectors.DefaultSelector() as watched:
        watched.register(pipe, selectors.EVENT_READ)
        while True:
            if not watched.select(max(until - time.monotonic(), 0)):
                raise NotAnswered("time", TOO_LONG)
            said = os.read(pipe, 1 << 16)
            if not said:
                return bytes(heard)
            heard += said
            if len(heard) > most:
                raise NotAnswered("size", ENDED)
