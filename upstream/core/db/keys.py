"""Asking by thousands of keys at a time."""

import struct
from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from upstream.core.tenancy import required

BYTEA, BYTEA_ARRAY = 17, 1001
KEY_BYTES = 16


class Keys(list[bytes]):
    """Blind indexes, each of 16 bytes, sent as one binary bytea[]."""


class KeysDumper(Dumper):
    """The array in PostgreSQL's binary form: dimensions, flags, element type; size and first index; the elements.

    Element by element, as lists are sent, costs more than finding the rows.
    """

    format = Format.BINARY
    oid = BYTEA_ARRAY

    def dump(self, obj: Keys) -> bytes:
        size = KEY_BYTES.to_bytes(4, "big")
        return struct.pack("!iiiii", 1, 0, BYTEA, len(obj), 1) + b"".join([size + key for key in obj])


def rows_by_key(cursor: Any, statement: str, keys: list[bytes]) -> list[tuple[Any, ...]]:
    """Rows of a statement with the bound tenant as %(tenant)s and the keys as %(keys)s::bytea[]; none for no keys."""
    if not keys:
        return []
    with psycopg.Cursor(cursor.connection) as binding:
        binding.adapters.register_dumper(Keys, KeysDumper)
        binding.execute(statement, {"tenant": required(), "keys": Keys(keys)}, binary=True)
        return binding.fetchall()
