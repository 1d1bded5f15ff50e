"""Reads a landed file into chunks of staged rows, in a thread of its own, a little ahead of the database."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from queue import Empty, Full, Queue

from upstream.core.errors import Unreadable
from upstream.ingestion.building import Builder, Chunk
from upstream.ingestion.formats import READERS
from upstream.ingestion.formats.detect import sniff
from upstream.ingestion.records import ClaimRecord, Notice, Record, RejectedRow, RemittanceRecord

CLAIMS_A_CHUNK = 20_000
WEIGHT_A_CHUNK = 100_000
HEAD_BYTES = 65_536


@dataclass
class Portion:
    """One chunk to merge, with what else the reader met on the way; `bytes_read` of the file so far."""

    chunk: Chunk
    remittances: list[RemittanceRecord] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)
    bytes_read: int = 0


def open_file(chunks: Iterable[bytes], wanted: str = "") -> tuple[str, Iterator[bytes]]:
    """The format told by the content (or `wanted`), and all of the bytes; Unreadable for what no reader reads."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise Unreadable("empty_file", "the file is empty")
    kind = wanted or sniff(head)
    if kind not in READERS:
        raise Unreadable("unknown_format", "this is neither an X12 file nor a claims CSV")

    def all_bytes() -> Iterator[bytes]:
        yield head
        yield from source

    return kind, all_bytes()


def portions(kind: str, chunks: Iterator[bytes], builder: Builder) -> Iterator[Portion]:
    """Portions in file order, read ahead by up to two; errors of the reader are raised here."""
    handed: Queue[Portion | BaseException | None] = Queue(maxsize=2)
    stop = threading.Event()

    def hand(item: Portion | BaseException | None) -> None:
        while not stop.is_set():
            try:
                handed.put(item, timeout=0.2)
                break
            except Full:
                continue

    def work() -> None:
        try:
            for portion in _read(kind, chunks, builder):
                hand(portion)
                if stop.is_set():
                    return
            hand(None)
        except BaseException as exc:
            # The edge of a thread: raised again by the one who waits.
            hand(exc)

    reader = threading.Thread(target=work, name="reader", daemon=True)
    reader.start()
    try:
        yield from _received(handed, reader)
    finally:
        stop.set()
        reader.join()


def _received(handed: "Queue[Portion | BaseException | None]", reader: threading.Thread) -> Iterator[Portion]:
    while True:
        try:
            item = handed.get(timeout=1)
        except Empty:
            if not reader.is_alive():
                raise RuntimeError("the reader ended without a word") from None
            continue
        if item is None:
            return
        if isinstance(item, BaseException):
            raise item
        yield item


def _read(kind: str, chunks: Iterator[bytes], builder: Builder) -> Iterator[Portion]:
    read = 0

    def counted() -> Iterator[bytes]:
        nonlocal read
        for chunk in chunks:
            read += len(chunk)
            yield chunk

    reader: Callable[[Iterable[bytes]], Iterator[Record]] = READERS[kind]
    portion = Portion(Chunk())
    for record in reader(counted()):
        if isinstance(record, ClaimRecord):
            builder.add(record)
        else:
            _note(portion, record)
        full = len(builder.chunk.drafts) >= CLAIMS_A_CHUNK or builder.chunk.weight >= WEIGHT_A_CHUNK
        if full or len(portion.rejected) >= CLAIMS_A_CHUNK:
            portion.chunk, portion.bytes_read = builder.take(), read
            yield portion
            portion = Portion(Chunk())
    portion.chunk, portion.bytes_read = builder.take(), read
    yield portion


def _note(portion: Portion, record: Record) -> None:
    if isinstance(record, RemittanceRecord):
        portion.remittances.append(record)
    elif isinstance(record, RejectedRow):
        portion.rejected.append(record)
    elif isinstance(record, Notice):
        portion.notices[record.code] += 1
