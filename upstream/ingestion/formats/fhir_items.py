"""The resources of a FHIR file in JSON, one by one: a resource, an array, a Bundle, NDJSON of either.

A Bundle is never held as a whole: its entries are cut out of the stream one after another.
"""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from upstream.ingestion.formats.encoding import even, narrow
from upstream.ingestion.formats.json_cut import JsonCutter, Piece

MAX_ITEM_BYTES = 16 << 20  # one resource; real ones stay below one MB
MAX_RAW_BYTES = 1 << 20  # what is kept of an item that cannot be read
MAX_LINE_BYTES = 4 << 20  # a longer line is cut into the entries of its Bundle
HEAD_BYTES = 1 << 20
PIECE_BYTES = 1 << 16
BLANKS = b" \t\r\n\0"
UTF8_MARK = b"\xef\xbb\xbf"
RESOURCE = (b'{"resourceType"', b'{ "resourceType"')


class Item(NamedTuple):
    """One resource, or what stood where one should.

    `position` is the line in NDJSON, else the resource's 1-based number in the file; `entry` its number in a Bundle
    that shares its line with others. `bundle` numbers the Bundles of a file, 0 outside of any: entries of one follow
    one another. `fault` says why there is no `value`: bad_json, too_deep, too_long, cut_off.
    """

    position: int
    raw: bytes
    value: Any = None
    fault: str = ""
    entry: int = 0
    bundle: int = 0
    full_url: str = ""

    @property
    def place(self) -> str:
        """Names the entry of a Bundle that stands on one line with others, before the field that is at fault."""
        return f"entry[{self.entry}]." if self.entry else ""


def items_of_json(chunks: Iterable[bytes]) -> Iterator[Item]:
    """Every resource of the file in order, in memory bounded by the largest one; nothing raises."""
    source = even(narrow(chunks), PIECE_BYTES)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    head = head.removeprefix(UTF8_MARK).lstrip(BLANKS)
    pieces = chain([head], source)
    return _of_lines(pieces) if _in_lines(head) else _of_document(pieces)


def expanded(item: Item) -> Iterator[Item]:
    """The item, or the entries of a Bundle that came as the entry of something else."""
    bundle = item.value
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        yield item
        return
    entries = bundle.get("entry")
    for number, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            url = entry.get("fullUrl")
            url = url if isinstance(url, str) else ""
            yield Item(item.position, b"", entry["resource"], "", number, -item.position, url)


def parsed(raw: bytes) -> tuple[Any, str]:
    """The JSON value and "", or None and the fault: bad_json or too_deep. Numbers are exact."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    try:
        return DECODER.decode(text), ""
    except RecursionError:
        return None, "too_deep"
    except ValueError:
        return None, "bad_json"


def _no_number(text: str) -> None:
    raise ValueError(text)


DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number, strict=False)


def _in_lines(head: bytes) -> bool:
    """Whether each line is a resource of its own: the first one is whole, or the second one begins as one does."""
    first, newline, rest = head.partition(b"\n")
    following = rest.lstrip(BLANKS)
    if not head.startswith(b"{") or not newline or not following:
        return False
    return following.startswith(RESOURCE) or (following.startswith(b"{") and isinstance(parsed(first)[0], dict))


def _of_lines(pieces: Iterator[bytes]) -> Iterator[Item]:
    number, bundles, held = 0, 0, b""
    for piece in pieces:
        *lines, held = (held + piece).split(b"\n")
        for line in lines:
            number += 1
            for item in _of_line(line, number, bundles):
                yield item
                bundles = max(bundles, item.bundle)
        if len(held) > MAX_LINE_BYTES:
            number += 1
            rest = _RestOfLine(held, pieces)
            line_pieces = rest.pieces()
            for item in _of_document(line_pieces, line=number, bundles=bundles):
                yield item
                bundles = max(bundles, item.bundle)
            for _ in line_pieces:
                pass  # what was given up is passed over
            held = rest.after
    yield from _of_line(held, number + 1, bundles)


class _RestOfLine:
    """The pieces of a line whose end is not in sight; `after` is what was read behind its end."""

    def __init__(self, held: bytes, source: Iterator[bytes]) -> None:
        self.held, self.source, self.after = held, source, b""

    def pieces(self) -> Iterator[bytes]:
        yield self.held
        for piece in self.source:
            before, newline, self.after = piece.partition(b"\n")
            yield before
            if newline:
                return


def _of_line(line: bytes, number: int, bundles: int) -> Iterator[Item]:
    line = line.strip(BLANKS)
    if not line:
        return
    if b'"entry"' in line and b'"Bundle"' in line:
        yield from _of_document([line], line=number, bundles=bundles)
    else:
        yield _item(Piece(line), number)


def _of_document(pieces: Iterable[bytes], line: int = 0, bundles: int = 0) -> Iterator[Item]:
    """The values of JSON text; with `line`, all of them stand on that line."""
    cutter = JsonCutter(pieces, "entry", max_bytes=MAX_ITEM_BYTES, keep_bytes=MAX_RAW_BYTES)
    for number, piece in enumerate(cutter.pieces(), start=1):
        entry = number if line and piece.group else 0
        yield _item(piece, line or number, entry=entry, bundle=bundles + piece.group if piece.group else 0)


def _item(piece: Piece, position: int, *, entry: int = 0, bundle: int = 0) -> Item:
    value, fault = (None, piece.fault) if piece.fault else parsed(piece.raw)
    if fault:
        return Item(position, piece.raw[:MAX_RAW_BYTES], None, fault, entry, bundle)
    full_url = ""
    if bundle and isinstance(value, dict):
        url = value.get("fullUrl")
        full_url = url if isinstance(url, str) else ""
        value = value.get("resource")
    return Item(position, piece.raw, value, "", entry, bundle, full_url)
