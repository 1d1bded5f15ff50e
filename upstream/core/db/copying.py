"""Rows as PostgreSQL's binary COPY stream, built column by column without a connection.

PostgreSQL manual, "COPY", "Binary Format": a header, per row the number of fields and each field's length and bytes
(-1 for NULL), and a trailer. Building it apart lets one thread prepare what another sends.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain, repeat
from struct import Struct
from typing import Any

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
EPOCH_DAY = date(2000, 1, 1).toordinal()
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BASE = 10_000
NEGATIVE = 0x4000

Field = Callable[[Any], bytes]
LENGTH, INT2, INT4, INT8, BOOL = (Struct(f"!i{kind}").pack for kind in ("", "h", "i", "q", "?"))


def _text(value: str) -> bytes:
    raw = value.encode()
    return LENGTH(len(raw)) + raw


def _bytea(value: bytes) -> bytes:
    return LENGTH(len(value)) + value


def _date(value: date) -> bytes:
    return INT4(4, value.toordinal() - EPOCH_DAY)


def _timestamptz(value: datetime) -> bytes:
    return INT8(8, (value - EPOCH) // MICROSECOND)


def _numeric(value: Decimal) -> bytes:
    """Digits to the base of 10 000 around the decimal point, as numeric_recv takes them."""
    _, digits, exponent = value.as_tuple()
    scale = max(0, -int(exponent))
    whole, _, part = f"{abs(value):f}".partition(".")
    whole = whole.lstrip("0")
    whole, part = whole.zfill(-(-len(whole) // 4) * 4), part.ljust(-(-len(part) // 4) * 4, "0")
    text = whole + part
    groups = [int(text[at : at + 4]) for at in range(0, len(text), 4)]
    sign = NEGATIVE if value < 0 else 0
    body = Struct(f"!hhHH{len(groups)}h").pack(len(groups), len(whole) // 4 - 1, sign, scale, *groups)
    return LENGTH(len(body)) + body


FIELDS: dict[str, Field] = {
    "int2": lambda value: INT2(2, value),
    "int4": lambda value: INT4(4, value),
    "int8": lambda value: INT8(8, value),
    "bool": lambda value: BOOL(1, value),
    "text": _text,
    "date": _date,
    "timestamptz": _timestamptz,
    "numeric": _numeric,
    "bytea": _bytea,
    "uuid": _bytea,
}
# Values of these kinds come again and again in a column: each is built once.
REPEATED = frozenset({"int2", "bool", "text", "date", "timestamptz", "numeric"})


class _Built(dict[Any, bytes]):
    """Fields by value, built when first met."""

    def __init__(self, field: Field) -> None:
        super().__init__({None: NULL})
        self.field = field

    def __missing__(self, value: Any) -> bytes:
        built = self[value] = self.field(value)
        return built


def _column(kind: str, values: Iterable[Any]) -> list[bytes]:
    if kind == "int8":
        return [NULL if value is None else INT8(8, value) for value in values]
    if kind in REPEATED:
        return list(map(_Built(FIELDS[kind]).__getitem__, values))
    field = FIELDS[kind]
    return [NULL if value is None else field(value) for value in values]


def copy_stream(kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """The whole stream of these rows, whose columns are of these kinds (uuid as its 16 bytes); b"" for no rows."""
    if not rows:
        return b""
    columns = [_column(kind, values) for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)]
    width = len(kinds).to_bytes(2, "big")
    body = b"".join(chain.from_iterable(zip(repeat(width, len(rows)), *columns, strict=True)))
    return HEADER + body + TRAILER
