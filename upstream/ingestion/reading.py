"""Reads a landed file into chunks of staged rows, a chunk ahead of the database.

Two things happen at a time: the database merges one chunk while the reading side builds the rows of the next and reads
on. What those rows must know of the database is asked from the side that has the connection, between two merges.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat

from upstream.core.errors import Unreadable
from upstream.ingestion.beside import Link, items_of
from upstream.ingestion.building import Builder
from upstream.ingestion.formats.archive import gunzipped
from upstream.ingestion.formats.detect import GZIP_MARK, sniff, what_else
from upstream.ingestion.formats.readers import READERS, Reader
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
from upstream.ingestion.registry import Registry, Wanted
from upstream.ingestion.rows import Clerk, Staged

# The first chunks are small, so that the database has something to do soon, and grow slowly, as both sides are as fast.
CLAIMS_A_CHUNK = (2_000, 3_000, 4_500, 6_000)
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
    replacements: list[tuple[str, str]] = field(default_factory=list)
    sent_under: list[tuple[str, str]] = field(default_factory=list)
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


def portions(side: "ReadingSide", registry: Registry, *, apart: bool) -> Iterator[Portion]:
    """Portions in file order; whoever takes one has merged it by the time that the next is taken.

    Each is handed out only after the next one's question is answered, so that both sides work at the same time. Errors
    of the reader are raised here. `apart`: it reads in a process of its own.
    """
    ready: Portion | None = None
    for item in items_of(side.work, apart=apart):
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
        item.answer(registry.answer(item.wanted))
        if ready:
            yield ready
            ready = None
    if ready:
        yield ready


class ReadingSide:
    """Records, drafts, a question, rows; over and over."""

    def __init__(self, read: Reader, chunks: Iterator[bytes], builder: Builder, clerk: Clerk) -> None:
        self.read, self.chunks, self.builder, self.clerk = read, chunks, builder, clerk
        self.bytes_read = 0

    def work(self, link: Link) -> None:
        """Everything in the file has been handed over."""
        for portion in self._portions():
            chunk = self.builder.take()
            if chunk.drafts:
                portion.staged = self.clerk.rows_of(chunk, link.ask(Wanted.of(chunk)))
            portion.bytes_read = self.bytes_read
            link.hand(portion)

    def _counted(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.bytes_read += len(chunk)
            yield chunk

    def _portions(self) -> Iterator[Portion]:
        """Portions without their claims, which stand with the builder."""
        sizes = chain(CLAIMS_A_CHUNK, repeat(CLAIMS_A_CHUNK[-1]))
        portion, size = Portion(), next(sizes)
        for record in self.read(self._counted()):
            if isinstance(record, ClaimRecord):
                self.builder.add(record)
                if record.original_control_number:
                    portion.replacements.append((record.claim_number, record.original_control_number))
                if record.authorization_number:
                    portion.sent_under.append((record.claim_number, record.authorization_number))
            else:
                portion.note(record)
            chunk = self.builder.chunk
            if (
                len(chunk.drafts) >= size
                or chunk.weight >= size * WEIGHT_A_CLAIM
                or portion.others >= CLAIMS_A_CHUNK[-1]
            ):
                yield portion
                portion, size = Portion(), next(sizes)
        yield portion
