"""Archives and compressed files from strangers: measured before, or while, anything of them is read."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from upstream.core.errors import Unreadable

MAX_MEMBERS = 5_000
MAX_RATIO = 200  # text of claims shrinks 5 to 60 fold; nothing but a bomb shrinks more
RATIO_FROM = 1 << 24  # small members may shrink as they like
MAX_UNPACKED = 32 << 30
ENCRYPTED = 0x1
LEFT_BEHIND = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
NAME_LENGTH = 200
PIECE = 1 << 16
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What zipfile and zlib raise on bad input; OSError is left out, as that is the disk.
DAMAGES = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError,
    OverflowError, RuntimeError,
)  # fmt: skip


def opened(file: IO[bytes], *, max_bytes: int) -> zipfile.ZipFile:
    """The archive, whose members are not encrypted and would not fill more than `max_bytes` when unpacked.

    Raises Unreadable: archive_damaged, archive_encrypted, too_many_members, archive_too_large, archive_bomb.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGES:
        raise Unreadable("archive_damaged", "this archive or workbook is damaged or cut off") from None
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


def members_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files that somebody meant to send: no folders, no dot files, nothing that a system leaves by itself."""
    return [member for member in archive.infolist() if not _left_behind(member.filename)]


def _left_behind(name: str) -> bool:
    folders, file = posixpath.split(name.replace("\\", "/"))
    hidden = not file or file.startswith(".") or file.lower() in LEFT_BEHIND
    return hidden or "__MACOSX" in folders.split("/")


def shown_name(name: str) -> str:
    """A member's name for people: never used as a path."""
    return "".join(letter for letter in name if letter.isprintable())[:NAME_LENGTH]


def gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The unpacked bytes of a gzip stream (of several one after another), in pieces of up to 64 KiB.

    Raises Unreadable: archive_damaged (also when it is cut off), archive_bomb, archive_too_large.
    """
    unpacker = zlib.decompressobj(wbits=31)
    packed = unpacked = 0
    for chunk in chunks:
        packed += len(chunk)
        while chunk:
            if unpacker.eof:
                if not chunk.strip(b"\0"):
                    break  # padding to a block size
                unpacker = zlib.decompressobj(wbits=31)
            try:
                piece = unpacker.decompress(chunk, PIECE)
            except zlib.error:
                raise Unreadable("archive_damaged", "this compressed file is damaged") from None
            chunk = unpacker.unconsumed_tail or unpacker.unused_data
            unpacked += len(piece)
            if unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed:
                raise Unreadable("archive_bomb", f"this file unpacks to more than {MAX_RATIO} times its size: refused")
            if unpacked > MAX_UNPACKED:
                raise Unreadable("archive_too_large", f"this file would unpack to more than {MAX_UNPACKED >> 30} GB")
            if piece:
                yield piece
    if not unpacker.eof:
        raise Unreadable("archive_damaged", "this compressed file is cut off")


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
