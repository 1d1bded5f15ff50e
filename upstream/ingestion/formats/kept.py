"""A part of an X12 file as an interchange of its own, so that what was refused can be mended and read again alone."""

from collections.abc import Sequence

from upstream.ingestion.formats.tokenizer import Delimiters
from upstream.ingestion.formats.transaction import Opening, at

KEPT_CONTEXT, KEPT_CLAIM = 1 << 16, 1 << 18  # characters that a quarantined claim may take
ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
ISA_VERSION, VERSION = 12, "00501"
LIKELY_COMPONENT = ":"


class Kept:
    """Segments kept as they came, up to a number of characters."""

    def __init__(self, room: int) -> None:
        self.room = self.left = room
        self.segments: list[list[str]] = []

    def add(self, segment: list[str]) -> None:
        """The segment is kept, unless there is no room for it."""
        size = sum(map(len, segment)) + len(segment)
        if size <= self.left:
            self.left -= size
            self.segments.append(segment)

    def clear(self) -> None:
        """Nothing is kept."""
        if self.segments:
            self.left = self.room
            self.segments = []


def alone(opening: Opening, levels: Sequence[Kept], delimiters: Delimiters) -> bytes:
    """An interchange of one transaction with what is kept, in order; its header regular and its counts right.

    Each segment stands on a line of its own, as a person will mend it.
    """
    isa, gs, st = opening
    body = [st, *(segment for kept in levels for segment in kept.segments)]
    trailer = [["SE", str(len(body) + 1), at(st, 2)]]
    if gs:
        body, trailer = [gs, *body], [*trailer, ["GE", "1", at(gs, 6)]]
    whole = [_header(isa, delimiters), *body, *trailer, ["IEA", str(int(bool(gs))), at(isa, 13)]]
    element, terminator = delimiters.element, delimiters.segment.rstrip("\n") + "\n"
    return "".join(element.join(segment) + terminator for segment in whole).encode("latin-1", "replace")


def _header(isa: list[str], delimiters: Delimiters) -> list[str]:
    """The ISA with the widths that it should have had."""
    stated = [at(isa, place) for place in range(1, len(ISA_WIDTHS) + 1)]
    stated[ISA_VERSION - 1] = stated[ISA_VERSION - 1] or VERSION
    widened = [text[:width].ljust(width) for text, width in zip(stated, ISA_WIDTHS, strict=True)]
    mark = delimiters.component.strip()
    return ["ISA", *widened, LIKELY_COMPONENT if not mark or mark.isalnum() else mark]
