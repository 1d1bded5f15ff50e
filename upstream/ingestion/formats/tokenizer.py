"""X12 in pieces: any iterable of byte chunks becomes blocks of split segments, whatever the delimiters.

Work is linear in the file and memory is bounded by one block and one segment. Delimiters are read again at each
ISA, because one file can hold hundreds of interchanges that differ. Bytes are kept losslessly as Latin-1 text.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.encoding import even, narrow

BLOCK_BYTES = 1 << 16
MAX_SEGMENT_BYTES = 1 << 20
LOOKAHEAD = 1024  # enough for an over-padded ISA and the GS after it
ISA_OFFSETS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
LINE_NOISE = b"\r\n\0"
TAIL_NOISE = " \t\x1a"
NOT_SEPARATORS = b" \r\n\0"
VERSION = re.compile(rb" *00\d{3} *")
QUALIFIERS = (1, 3, 5, 7)
SHORT_ISA15 = re.compile(rb"\w?([^\w ])\s*(?:GS|TA1)", re.DOTALL)
BEFORE_NEXT = re.compile(rb"(.{1,16}?)(?:GS|TA1|ISA|IEA)[^\w ]", re.DOTALL)


class Delimiters(NamedTuple):
    """What separates elements, components and segments; `component` is "" when the ISA does not name it."""

    element: str
    component: str
    segment: str


class Block(NamedTuple):
    """Whole segments in file order as text, with the terminator between them; blank ones are none.

    A block that starts with an ISA holds that segment alone, with `faults` naming what was odd about it. `unfinished`
    is the split segment that the file, or the next ISA, broke off.
    """

    text: str
    delimiters: Delimiters
    faults: tuple[str, ...] = ()
    unfinished: list[str] | None = None

    @property
    def segments(self) -> Iterator[list[str]]:
        """Each segment split into its elements."""
        separator = self.delimiters.element
        return (segment.split(separator) for segment in self.text.split(self.delimiters.segment) if segment)


class _Header(NamedTuple):
    """One ISA as found: its elements, the delimiters it declares, and where the first segment after it starts."""

    elements: list[str]
    delimiters: Delimiters
    end: int
    faults: tuple[str, ...]


def blocks(chunks: Iterable[bytes], *, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Every interchange's segments, in blocks.

    Raises Unreadable("no_interchange") when the file holds no ISA and Unreadable("segment_too_long") for a segment
    over MAX_SEGMENT_BYTES; blocks before that point have been yielded.
    """
    scanner = _Scanner()
    for piece in even(narrow(chunks), block_bytes):
        yield from scanner.feed(piece)
    yield from scanner.feed(b"", last=True)
    if scanner.delimiters is None:
        raise Unreadable("no_interchange", "no X12 interchange was found in this file")


@dataclass(slots=True)
class _Scanner:
    """The reading position: what is left over from the last piece, the delimiters in force."""

    rest: bytes = b""
    delimiters: Delimiters | None = None
    noise: bytes = LINE_NOISE

    def feed(self, piece: bytes, *, last: bool = False) -> Iterator[Block]:
        data = self.rest + piece
        start = 0
        while True:
            at, header = _next_header(data, start, last=last)
            if header is None:
                break
            yield from self._body(data[start:at], ends=True)
            self.delimiters = header.delimiters
            self.noise = LINE_NOISE.replace(header.delimiters.segment.encode("latin-1"), b"")
            isa = header.delimiters.element.join(header.elements)
            yield Block(isa, header.delimiters, header.faults)
            start = header.end
        if last:
            yield from self._body(data[start:], ends=True)
        else:
            start = yield from self._settled(data, start, at)
            self.rest = self._bounded(data[start:])

    def _settled(self, data: bytes, start: int, undecided: int) -> Generator[Block, None, int]:
        """Yields what is whole between `start` and a possible ISA; returns where the unsettled rest begins."""
        if self.delimiters is None:
            return undecided
        end = data.rfind(self.delimiters.segment.encode("latin-1"), start, undecided) + 1
        if end <= start:
            return start
        yield from self._body(data[start:end], ends=False)
        return end

    def _body(self, body: bytes, *, ends: bool) -> Iterator[Block]:
        """The block of one stretch of an interchange; with `ends` an unterminated last segment is reported."""
        delimiters = self.delimiters
        if delimiters is None or not body:
            return
        text, _, tail = body.translate(None, self.noise).decode("latin-1").rpartition(delimiters.segment)
        tail = tail.strip(TAIL_NOISE) if ends else ""
        if text or tail:
            yield Block(text, delimiters, (), tail.split(delimiters.element) if tail else None)

    def _bounded(self, rest: bytes) -> bytes:
        if len(rest) > MAX_SEGMENT_BYTES:
            rest = rest.translate(None, self.noise)
        if len(rest) > MAX_SEGMENT_BYTES:
            raise Unreadable("segment_too_long", "a segment is longer than any real one")
        return rest


def _next_header(data: bytes, start: int, *, last: bool) -> tuple[int, _Header | None]:
    """Where the next ISA stands and what it says; without one, where the bytes begin that may still become one."""
    at = data.find(b"ISA", start)
    while at >= 0:
        if not last and len(data) - at < LOOKAHEAD:
            return at, None
        header = _read_header(data, at)
        if header is not None:
            return at, header
        at = data.find(b"ISA", at + 3)
    return max(start, len(data) - 2), None


def _read_header(data: bytes, at: int) -> _Header | None:
    """The ISA at this place, by counting 16 element separators (16 of 254 real files have wrong widths)."""
    separator = data[at + 3 : at + 4]
    if not separator or separator.isalnum() or separator in NOT_SEPARATORS:
        return None
    parts = data[at : at + LOOKAHEAD].split(separator, 16)
    regular = all(data[at + offset : at + offset + 1] == separator for offset in ISA_OFFSETS)
    if len(parts) < 16 or not (regular or _looks_like_isa(parts)):
        return None
    short = SHORT_ISA15.fullmatch(parts[15])
    if short:
        component, terminator = b"", short[1]
        end = at + sum(len(part) + 1 for part in parts[:15]) + short.end(1)
    elif len(parts) == 17:
        component, terminator, used = _after_isa15(parts[16])
        end = at + sum(len(part) + 1 for part in parts[:16]) + used
    else:
        return None
    if not terminator or terminator.isalnum() or terminator == separator:
        return None
    odd = {"isa_width": not regular, "no_component_separator": not component}
    faults = tuple(code for code, found in odd.items() if found)
    elements = [part.translate(None, LINE_NOISE).decode("latin-1") for part in parts[:15]]
    elements += [parts[15].strip()[:1].decode("latin-1"), component.decode("latin-1")]
    named = Delimiters(separator.decode("latin-1"), component.decode("latin-1"), terminator.decode("latin-1"))
    return _Header(elements, named, end, faults)


def _looks_like_isa(parts: list[bytes]) -> bool:
    """Whether elements of wrong widths are an ISA's all the same, and not a person whose name ends in these letters."""
    bare = [part.translate(None, LINE_NOISE) for part in parts[:15]]
    return bool(VERSION.fullmatch(bare[12])) and all(len(bare[place].strip()) <= 2 for place in QUALIFIERS)


def _after_isa15(text: bytes) -> tuple[bytes, bytes, int]:
    """Component separator (or b""), segment terminator, and how many bytes of `text` they take."""
    found = BEFORE_NEXT.match(text)
    between = found[1] if found else text[:2]
    if b"\n" in between:
        between = between.rstrip(b" \t")  # the next line is indented
    marks = between.translate(None, LINE_NOISE)
    if not marks:
        return b"", between[:1], 1
    first = marks[:1]
    if len(marks) == 1 and between == marks:
        return b"", first, 1
    if len(marks) == 1:
        return _component_or_terminator(text, between, first)
    rest = marks[1:].lstrip(b" ") or marks[1:]
    used = between.index(rest[:1], between.index(first) + 1) + 1
    return first, rest[:1], used


def _component_or_terminator(text: bytes, between: bytes, mark: bytes) -> tuple[bytes, bytes, int]:
    """One mark and a line break: a mark that also ends the next line is the terminator, else it is the component."""
    line_end = text.find(b"\n", len(between))
    next_line = text[len(between) : line_end if line_end > 0 else len(text)].rstrip(b"\r")
    used = between.index(mark) + 1
    if next_line.endswith(mark):
        return b"", mark, used
    return mark, between[used : used + 1], used + 1


def starts_interchange(head: bytes) -> bool:
    """Whether an ISA stands in these first bytes of a file (narrow, not UTF-16), possibly after other text."""
    return _next_header(head, 0, last=True)[1] is not None
