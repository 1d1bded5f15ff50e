"""Asking by thousands of keys at a time."""

import struct
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

from upstream.core.tenancy import required

BYTEA, BYTEA_ARRAY = 17, 1001
BIGINT, BIGINT_ARRAY = 20, 1016
KEY_BYTES, ID_BYTES = 16, 8
ELEMENT_BYTES = 4 + ID_BYTES


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


class Ids(list[int]):
    """Ids of rows, sent as one binary bigint[]."""


class IdsDumper(Dumper):
    """The array in PostgreSQL's binary form, as KeysDumper writes it."""

    format = Format.BINARY
    oid = BIGINT_ARRAY

    def dump(self, obj: Ids) -> bytes:
        ids, elements = struct.pack(f"!{len(obj)}q", *obj), bytearray(ELEMENT_BYTES * len(obj))
        elements[3::ELEMENT_BYTES] = bytes([ID_BYTES]) * len(obj)
        for byte in range(ID_BYTES):
            elements[4 + byte :: ELEMENT_BYTES] = ids[byte::ID_BYTES]
        return struct.pack("!iiiii", 1, 0, BIGINT, len(obj), 1) + bytes(elements)


def rows_by_id(cursor: Any, statement: str, ids: list[int], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of a statement with the bound tenant as %(tenant)s, the ids as %(ids)s and these values; none for no ids."""
    if not ids:
        return []
    with psycopg.Cursor(cursor.connection) as binding:
        binding.adapters.register_dumper(Ids, IdsDumper)
        binding.execute(statement, {**values, "tenant": required(), "ids": Ids(ids)}, binary=True)
        return binding.fetchall()


def rows_by_key(cursor: Any, statement: str, keys: list[bytes]) -> list[tuple[Any, ...]]:
    """Rows of a statement with the bound tenant as %(tenant)s and the keys as %(keys)s::bytea[]; none for no keys."""
    if not keys:
        return []
    with psycopg.Cursor(cursor.connection) as binding:
        binding.adapters.register_dumper(Keys, KeysDumper)
        binding.execute(statement, {"tenant": required(), "keys": Keys(keys)}, binary=True)
        return binding.fetchall()
