"""Public ids that are made in bulk."""

import os
from datetime import datetime
from uuid import UUID

SHORT = 8


def public_ids(count: int, at: datetime) -> list[bytes]:
    """So many UUIDs of version 7 as their 16 bytes, ascending enough that a B-tree takes them at its right end.

    48 bits of milliseconds, 12 of a running number that steps every eighth id, 62 random ones (RFC 9562, 5.7, 6.2).
    A random UUID's place in its index costs a claim more than the writing of its row.
    """
    head = int(at.timestamp() * 1000).to_bytes(6, "big")
    noise = os.urandom(8 * count)
    return [
        b"%b%b%b%b"
        % (head, _running(number), bytes((0x80 | (noise[8 * number] & 0x3F),)), noise[8 * number + 1 : 8 * number + 8])
        for number in range(count)
    ]


def _running(number: int) -> bytes:
    return (0x7000 | ((number >> 3) & 0xFFF)).to_bytes(2, "big")


def short(public_id: UUID | str) -> str:
    """The end of an id, enough to tell two things apart on one page: ids made together begin alike."""
    return str(public_id)[-SHORT:]
