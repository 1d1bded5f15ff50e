"""Zip archives from strangers: opened, listed and measured before anything of them is read."""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from upstream.core.errors import Unreadable

MAX_MEMBERS = 5_000
MAX_RATIO = 200  # text of claims shrinks 5 to 60 fold; nothing but a bomb shrinks more
RATIO_FROM = 1 << 24  # small members may shrink as they like
ENCRYPTED = 0x1
PIECE = 1 << 16
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)


def opened(file: IO[bytes], *, max_bytes: int) -> zipfile.ZipFile:
    """The archive, whose members are not encrypted and would not fill more than `max_bytes` when unpacked.

    Raises Unreadable: archive_damaged, archive_encrypted, too_many_members, archive_too_large, archive_bomb.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (*DAMAGES, UnicodeDecodeError):
        raise Unreadable("archive_damaged", "this archive is damaged or cut off") from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise Unreadable("too_many_members", f"this archive holds more than {MAX_MEMBERS:,} files")
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Unreadable("archive_encrypted", "this archive has a password: send it without one")
    total = sum(member.file_size for member in members)
    if total > max_bytes:
        raise Unreadable("archive_too_large", f"this archive would unpack to more than {max_bytes >> 20:,} MB")
    if total > RATIO_FROM and total > MAX_RATIO * max(sum(member.compress_size for member in members), 1):
        raise Unreadable("archive_bomb", f"this archive unpacks to more than {MAX_RATIO} times its size: refused")
    return archive


def pieces_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes, never more than the archive says it has; Unreadable("member_damaged") when it cannot be."""
    if member.compress_type not in METHODS:
        raise Unreadable("member_damaged", "this file is packed in a way that we cannot unpack")
    try:
        with archive.open(member) as file:
            while piece := file.read(PIECE):
                yield piece
    except DAMAGES:
        raise Unreadable("member_damaged", "this file is damaged inside its archive") from None
