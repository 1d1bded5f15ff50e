"""The rows of a worksheet as its XML, written a row at a time as text and held compressed: fast, and not on disk.

openpyxl makes everything else of the workbook; its objects for single cells are what takes the time in a large sheet.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from upstream.core.documents.tables import Formula, letter_of

DAY_ZERO = date(1899, 12, 30).toordinal()
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
RETURN = {"\r": "&#13;"}
LONGEST_TEXT = 32_767
PIECE = 2_000
REMEMBERED = 20_000

Writer = Callable[[int, object], str]
Rows = Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Styles:
    """Numbers of a column's styles in the workbook: for its values, and for text that must not calculate."""

    value: int
    plain: int
    quoted: int


def held(
    rows: Iterable[Sequence[object]], columns: Sequence[tuple[str, Styles]], first: int
) -> tuple[list[bytes], int]:
    """All rows from row `first` on, compressed piece by piece, and how many they were; columns by kind and styles."""
    writers = [_writer(letter_of(n), kind, styles) for n, (kind, styles) in enumerate(columns, 1)]
    pieces, lines, number = [], list[str](), first - 1
    for number, row in enumerate(rows, first):
        cells = "".join([write(number, value) for write, value in zip(writers, row, strict=True)])
        lines.append(f'<row r="{number}">{cells}</row>')
        if len(lines) == PIECE:
            pieces.append(_packed(lines))
            lines = []
    if lines:
        pieces.append(_packed(lines))
    return pieces, number - first + 1


def opened(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The XML again."""
    return (zlib.decompress(piece) for piece in pieces)


def _packed(lines: list[str]) -> bytes:
    return zlib.compress("".join(lines).encode(), 1)


def _writer(letter: str, kind: str, styles: Styles) -> Writer:
    """How the values of one column become cells; text is written out once as long as it repeats."""
    number = f'" s="{styles.value}"><v>'
    texts: dict[str, str] = {}
    is_money = kind == "money"

    def write(row: int, value: object) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            text = texts.get(value)
            if text is None:
                text = _text(value, styles)
                if len(texts) < REMEMBERED:
                    texts[value] = text
            return f'<c r="{letter}{row}{text}' if text else ""
        if isinstance(value, Formula):
            return f'<c r="{letter}{row}" s="{styles.value}"><f>{escape(value.text.removeprefix("="))}</f><v></v></c>'
        return f'<c r="{letter}{row}{number}{_number(value, is_money=is_money)}</v></c>'

    return write


def _number(value: object, *, is_money: bool) -> str:
    if isinstance(value, int):
        return repr(value / 100) if is_money else str(int(value))
    if isinstance(value, date):
        return str(value.toordinal() - DAY_ZERO)
    if isinstance(value, float | Decimal):
        return str(value)
    raise TypeError(f"a cell cannot hold a {type(value).__name__}")


def _text(text: str, styles: Styles) -> str:
    """Text that stays text, also when somebody edits the cell and presses Enter; nothing where none of it can be."""
    text = NOT_XML.sub("", text)[:LONGEST_TEXT]
    if not text:
        return ""
    style = styles.quoted if text.startswith(FORMULA_STARTS) else styles.plain
    return f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text, RETURN)}</t></is></c>'
