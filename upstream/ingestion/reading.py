"""Reads a landed file into chunks of staged rows, in a thread of its own, a chunk ahead of the database.

Two things happen at a time: the database merges one chunk while the thread builds the rows of the next and reads on.
What those rows must know of the database is asked from the thread that has the connection, between two merges.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from queue import Empty, Full, Queue

from upstream.core.errors import Unreadable
from upstream.ingestion.building import Builder
from upstream.ingestion.formats import READERS, Reader
from upstream.ingestion.formats.archive import gunzipped
from upstream.ingestion.formats.detect import GZIP_MARK, sniff, what_else
from upstream.ingestion.records import (
    AcknowledgementRecord,
    AuthorizationRecord,
    ClaimRecord,
    ClaimStatusRecord,
    CoverageRecord,
    Notice,
    Record,
    RejectedRow,
    RemittanceRecord,
)
from upstream.ingestion.registry import Answer, Registry, Wanted
from upstream.ingestion.rows import Clerk, Staged

# The first chunks are small, so that the database has something to do soon.
CLAIMS_A_CHUNK = (2_000, 6_000, 10_000)
WEIGHT_A_CLAIM = 5
HEAD_BYTES = 65_536


@dataclass
class Portion:
    """One chunk to merge, with what else the reader met on the way; `bytes_read` of the file so far."""

    staged: Staged | None = None
    remittances: list[RemittanceRecord] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    statuses: list[ClaimStatusRecord] = field(default_factory=list)
    acknowledgements: list[AcknowledgementRecord] = field(default_factory=list)
    authorizations: list[AuthorizationRecord] = field(default_factory=list)
    coverages: list[CoverageRecord] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    first_notice: Notice | None = None
    bytes_read: int = 0
    others: int = 0

    def note(self, record: Record) -> None:
        """Keep what is no claim, by its kind."""
        if isinstance(record, Notice):
            self.notices[record.code] += 1
            self.first_notice = self.first_notice or record
            return
        self.others += 1
        if isinstance(record, RemittanceRecord):
            self.remittances.append(record)
        elif isinstance(record, RejectedRow):
            self.rejected.append(record)
        elif isinstance(record, ClaimStatusRecord):
            self.statuses.append(record)
        elif isinstance(record, AcknowledgementRecord):
            self.acknowledgements.append(record)
        elif isinstance(record, AuthorizationRecord):
            self.authorizations.append(record)
        elif isinstance(record, CoverageRecord):
            self.coverages.append(record)


@dataclass
class Question:
    """What the next rows wait for; answered once, by the thread that has the database connection."""

    wanted: Wanted
    answered: "Queue[Answer]" = field(default_factory=lambda: Queue(maxsize=1))


Handed = Portion | Question | BaseException | None


def open_file(chunks: Iterable[bytes], wanted: str = "") -> tuple[str, Iterator[bytes]]:
    """The format told by the content (or `wanted`), and all of the bytes; Unreadable for what no reader reads."""
    head, source = _begun(chunks)
    if head.startswith(GZIP_MARK):
        head, source = _begun(gunzipped(chain([head], source)))
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise Unreadable("empty_file", "the file is empty")
    kind = wanted or sniff(head)
    if kind not in READERS:
        raise Unreadable("unknown_format", what_else(head))

    def all_bytes() -> Iterator[bytes]:
        yield head
        yield from source

    return kind, all_bytes()


def _begun(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first HEAD_BYTES or a little more, and what follows them."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    return head, source


def portions(
    read: Reader, chunks: Iterator[bytes], builder: Builder, clerk: Clerk, registry: Registry
) -> Iterator[Portion]:
    """Portions in file order; whoever takes one has merged it by the time that the next is taken.

    Each is handed out only after the next one's question is answered, so that both sides work at the same time. Errors
    of the reader are raised here.
    """
    ready: Portion | None = None
    for item in _read_ahead(_ReadingSide(read, chunks, builder, clerk)):
        if isinstance(item, Portion):
            if ready:
                yield ready
                registry.merged()
            ready = item
            continue
        if ready and registry.must_wait(item.wanted):
            yield ready
            registry.merged()
            ready = None
        answer = registry.answer(item.wanted)
        item.answered.put(answer)
        if ready:
            yield ready
            ready = None
    if ready:
        yield ready


class _Stopped(Exception):
    """Nobody waits for the rest of the file."""


def _read_ahead(reader: "_ReadingSide") -> Iterator[Portion | Question]:
    thread = threading.Thread(target=reader.work, name="reader", daemon=True)
    thread.start()
    try:
        while True:
            try:
                item = reader.handed.get(timeout=1)
            except Empty:
                if not thread.is_alive():
                    raise RuntimeError("the reader ended without a word") from None
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        reader.stop.set()
        thread.join()


class _ReadingSide:
    """The reading side: records, drafts, a question, rows; over and over."""

    def __init__(self, read: Reader, chunks: Iterator[bytes], builder: Builder, clerk: Clerk) -> None:
        self.read, self.chunks, self.builder, self.clerk = read, chunks, builder, clerk
        self.handed: Queue[Handed] = Queue(maxsize=2)
        self.stop = threading.Event()
        self.bytes_read = 0

    def work(self) -> None:
        """Everything in the file has been handed over, and then None or what went wrong."""
        try:
            for portion in self._portions():
                self._hand(portion)
            self._hand(None)
        except _Stopped:
            return
        except BaseException as exc:
            # The edge of a thread: raised again by the one who waits.
            with suppress(_Stopped):
                self._hand(exc)

    def _hand(self, item: Handed) -> None:
        while not self.stop.is_set():
            try:
                self.handed.put(item, timeout=0.2)
                return
            except Full:
                continue
        raise _Stopped

    def _answer_to(self, wanted: Wanted) -> Answer:
        question = Question(wanted)
        self._hand(question)
        while not self.stop.is_set():
            try:
                return question.answered.get(timeout=0.2)
            except Empty:
                continue
        raise _Stopped

    def _counted(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.bytes_read += len(chunk)
            yield chunk

    def _portions(self) -> Iterator[Portion]:
        sizes = chain(CLAIMS_A_CHUNK, repeat(CLAIMS_A_CHUNK[-1]))
        portion, size = Portion(), next(sizes)
        for record in self.read(self._counted()):
            if isinstance(record, ClaimRecord):
                self.builder.add(record)
            else:
                portion.note(record)
            chunk = self.builder.chunk
            if (
                len(chunk.drafts) >= size
                or chunk.weight >= size * WEIGHT_A_CLAIM
                or portion.others >= CLAIMS_A_CHUNK[-1]
            ):
                yield self._whole(portion)
                portion, size = Portion(), next(sizes)
        yield self._whole(portion)

    def _whole(self, portion: Portion) -> Portion:
        chunk = self.builder.take()
        if chunk.drafts:
            portion.staged = self.clerk.rows_of(chunk, self._answer_to(Wanted.of(chunk)))
        portion.bytes_read = self.bytes_read
        return portion
