"""Bytes before any format looks at them: UTF-16 made narrow, chunks made even, Latin-1 text made readable."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

HEAD_BYTES = 64
BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf16_of(head: bytes) -> str | None:
    """The UTF-16 codec that the first bytes of a file call for, by its mark or by its zero bytes, else None."""
    marked = BOMS.get(head[:2])
    if marked or len(head) < 4:
        return marked
    even, odd = head[:HEAD_BYTES:2], head[1:HEAD_BYTES:2]
    if not any(odd) and all(even):
        return "utf-16-le"
    if not any(even) and all(odd):
        return "utf-16-be"
    return None


def narrow(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, but UTF-16 files as UTF-8; decided once, from the first bytes, in constant memory."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    codec = utf16_of(head)
    if codec is None:
        yield head
        yield from source
        return
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    yield decoder.decode(head).encode()
    for chunk in source:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def recoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text as UTF-8 where the encoding is said; as it stands without, or where it is UTF-16 all the same."""
    source = iter(chunks)
    head = next(source, b"")
    if encoding in ("", "utf-8") or utf16_of(head):
        yield head
        yield from source
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chain([head], source):
        yield decoder.decode(chunk).encode()


def even(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of at least `size` and less than twice `size` (the last one may be smaller)."""
    held: list[bytes] = []
    length = 0
    for chunk in chunks:
        for start in range(0, len(chunk), size):
            piece = chunk[start : start + size]
            held.append(piece)
            length += len(piece)
            if length >= size:
                yield b"".join(held)
                held.clear()
                length = 0
    if held:
        yield b"".join(held)


def shown(text: str) -> str:
    """Text that was read losslessly as Latin-1, as people wrote it: UTF-8 where its bytes are that, else cp1252."""
    if text.isascii():
        return text
    raw = text.encode("latin-1")
    for codec in ("utf-8", "cp1252"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return text


def decoded(head: bytes) -> str:
    """The first bytes of a file as text, without a byte order mark; a character cut at the end is dropped."""
    codec = utf16_of(head)
    if codec is not None:
        return head.decode(codec, "ignore").removeprefix("\ufeff")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")
