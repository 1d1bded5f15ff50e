"""Delimited text as rows of cells, whatever its encoding, line ends and quoting, in constant memory."""

import csv
from collections.abc import Generator, Iterable, Iterator
from typing import TypeAlias

from upstream.core.errors import Unreadable
from upstream.ingestion.formats.encoding import even, narrow

BLOCK_BYTES = 1 << 16
MAX_LINE_BYTES = 1 << 20
MAX_LINES_IN_A_ROW = 50
UTF8_MARK = b"\xef\xbb\xbf"

Row: TypeAlias = tuple[int, str, list[str] | None]
"""First physical line (1-based), the text as it stood, the cells (None when its quoting or size is broken)."""


def lines_of(chunks: Iterable[bytes], *, block_bytes: int = BLOCK_BYTES) -> Iterator[list[str]]:
    """The file's lines, without their ends, in lists of about `block_bytes`.

    UTF-8 with or without a mark, UTF-16, and cp1252 line by line where a line is not UTF-8; LF, CRLF and CR ends.
    Raises Unreadable("row_too_long") for a line over MAX_LINE_BYTES.
    """
    rest = b""
    count = 0
    for piece in even(narrow(chunks), block_bytes):
        data = rest + piece
        end = _end_of_lines(data)
        if end:
            lines = _decoded(data[:end], first=count == 0)
            count += len(lines)
            yield lines
        rest = data[end:]
        if len(rest) > MAX_LINE_BYTES:
            raise Unreadable("row_too_long", "a row is longer than any real one", line=count + 1)
    if rest:
        yield _decoded(rest, first=count == 0)


def rows_of(blocks: Iterable[list[str]], delimiter: str, first_line: int = 1) -> Iterator[Row]:
    """Rows of the lines, `first_line` being the number of the first one; quoted cells may span lines."""
    number = first_line
    open_row: list[str] = []
    for lines in blocks:
        block = open_row + lines
        cells = None if any(line.count('"') & 1 for line in block) else _cells(block, delimiter)
        if cells is None:
            used = yield from _quoted_rows(block, delimiter, number, last=False)
        else:
            used = len(block)
            yield from zip(range(number, number + used), block, cells, strict=True)
        open_row = block[used:]
        number += used
    yield from _quoted_rows(open_row, delimiter, number, last=True)


def text_of(cells: Iterable[str]) -> str:
    """The cells as one row of a comma separated file."""
    return ",".join(
        f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(mark in cell for mark in ',"\n\r') else cell for cell in cells
    )


def _end_of_lines(data: bytes) -> int:
    """Where the last whole line ends; a carriage return counts where no line feed does, unless one may follow."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, len(data) - 1) + 1


def _decoded(data: bytes, *, first: bool) -> list[str]:
    """The lines of whole-line bytes; the mark at the start of the file is dropped."""
    if first:
        data = data.removeprefix(UTF8_MARK)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        lines = [_line(raw) for raw in data.split(b"\n")]
    if not lines[-1]:
        lines.pop()
    return lines


def _line(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _cells(lines: list[str], delimiter: str) -> Iterable[list[str] | None] | None:
    """The cells of lines that each hold a whole row; None when one does not: paired quotes may still leave one open."""
    if not any('"' in line for line in lines):
        return (line.split(delimiter) for line in lines)
    found: list[list[str] | None] = []
    reader = csv.reader(lines, delimiter=delimiter)
    for number in range(1, len(lines) + 1):
        try:
            found.append(next(reader, None))
        except csv.Error:
            found.append(None)
        if reader.line_num != number:
            return None
    return found


def _quoted_rows(lines: list[str], delimiter: str, number: int, *, last: bool) -> Generator[Row, None, int]:
    """Rows of lines with unpaired quotes; returns how many lines they took (a row still open waits for more).

    A quote that is not closed within MAX_LINES_IN_A_ROW lines costs its own line only.
    """
    at = 0
    while at < len(lines):
        within = lines[at : at + MAX_LINES_IN_A_ROW]
        reader = csv.reader([*(line + "\n" for line in within), ""], delimiter=delimiter)
        try:
            cells: list[str] | None = next(reader)
        except csv.Error:
            cells = None
        size = reader.line_num
        if cells is None:
            size = 1
        elif size > len(within):  # it ran into the end mark: the quote is still open
            if len(within) < MAX_LINES_IN_A_ROW and not last:
                return at
            cells, size = None, 1
        yield number + at, "\n".join(lines[at : at + size]), cells
        at += size
    return at
