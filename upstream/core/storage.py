"""Files of a tenant: named by their content, encrypted in pieces, complete or absent.

A file is  MAGIC | file id (16) | pieces of (length | envelope).  Each envelope is bound to tenant, file id, piece
number and whether it is the last, so that pieces cannot be swapped, dropped or cut off unseen. In a file that begins
with PACKED each piece was compressed before it was sealed.
"""

import hashlib
import io
import os
import re
import uuid
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from upstream.core.errors import DomainError, Unreadable
from upstream.core.phi.keyring import TenantKeys, key_id_of, newest_key_id
from upstream.core.shelves import AtAnyPlace, shelf

MAGIC = b"UPS1"
PACKED = b"UPS2"
PIECE = 1 << 20
NAME = re.compile(r"[0-9a-f]{64}")


def put(kind: str, chunks: Iterable[bytes], keys: TenantKeys) -> tuple[str, int]:
    """Store the bytes durably; returns their SHA-256 (hex) and length. The same content again changes nothing."""
    part = _part(kind, keys)
    try:
        digest, size = _write(part, chunks, keys)
        name = _name(kind, digest, keys)
        if not shelf().has(name):
            shelf().keep(part, name)
    finally:
        part.unlink(missing_ok=True)
    return digest, size


def read(kind: str, sha256: str, keys: TenantKeys) -> Iterator[bytes]:
    """The plain bytes in pieces; Unreadable("file_missing"), UnreadablePHI or Unreadable("file_cut") when not whole."""
    with shelf().open(_name(kind, sha256, keys)) as stored:
        mark = stored.read(4)
        if mark not in (MAGIC, PACKED):
            raise Unreadable("file_damaged", "the stored file is damaged")
        file_id = stored.read(16)
        number, last = 0, False
        while not last:
            head = stored.read(5)
            if len(head) < 5:
                raise Unreadable("file_cut", "the stored file is cut off")
            last = bool(head[4])
            envelope = stored.read(int.from_bytes(head[:4], "big"))
            piece = keys.unseal(envelope, "file", str(last), file_id + number.to_bytes(8, "big"))
            yield zlib.decompress(piece) if mark == PACKED else piece
            number += 1


def opened(kind: str, sha256: str, keys: TenantKeys) -> BinaryIO:
    """The file to read and seek in, opened piece by piece as it is read: nothing of it stands in clear on disk.

    Raises what `read` raises, at once or where the damage lies.
    """
    return BufferedReader(SealedFile(shelf().open(_name(kind, sha256, keys)), keys), buffer_size=1 << 16)


def read_whole(kind: str, sha256: str, keys: TenantKeys) -> bytes:
    return b"".join(read(kind, sha256, keys))


def has(kind: str, sha256: str, keys: TenantKeys) -> bool:
    """Whether the file is stored."""
    return shelf().has(_name(kind, sha256, keys))


def remove(kind: str, sha256: str, keys: TenantKeys) -> None:
    shelf().remove(_name(kind, sha256, keys))


def stored(kind: str, keys: TenantKeys) -> Iterator[str]:
    """SHA-256 names of the tenant's files of a kind."""
    for name in shelf().names(f"{kind}/{keys.tenant_id}"):
        last = name.rpartition("/")[2]
        if NAME.fullmatch(last):
            yield last


def remove_unfinished(kind: str, keys: TenantKeys, before: datetime) -> int:
    """Remove what writers that were killed left behind before then; how many files."""
    left = [part for part in _folder(kind, keys).rglob(".*.part") if part.stat().st_mtime < before.timestamp()]
    for part in left:
        part.unlink(missing_ok=True)
    return len(left)


def key_id(kind: str, sha256: str, keys: TenantKeys) -> str:
    """The ring key under which a file was sealed; UnreadablePHI when its first piece is no envelope."""
    with shelf().open(_name(kind, sha256, keys)) as file:
        return key_id_of(file.read(4 + 16 + 5 + 64)[4 + 16 + 5 :])


def reseal(kind: str, sha256: str, keys: TenantKeys) -> bool:
    """Rewrite one file under the newest ring key; False when all of it is there already."""
    if key_id(kind, sha256, keys) == newest_key_id():
        return False
    _rewrite(kind, sha256, keys, packed=is_packed(kind, sha256, keys))
    return True


def is_packed(kind: str, sha256: str, keys: TenantKeys) -> bool:
    """Whether the file's pieces are compressed."""
    with shelf().open(_name(kind, sha256, keys)) as file:
        return file.read(4) == PACKED


def pack(kind: str, sha256: str, keys: TenantKeys) -> bool:
    """Rewrite one file compressed; False when it is already, or is not there. It reads as before."""
    if not has(kind, sha256, keys) or is_packed(kind, sha256, keys):
        return False
    _rewrite(kind, sha256, keys, packed=True)
    return True


def _rewrite(kind: str, sha256: str, keys: TenantKeys, *, packed: bool) -> None:
    part = _part(kind, keys)
    try:
        digest, _ = _write(part, read(kind, sha256, keys), keys, packed=packed)
        if digest != sha256:
            raise Unreadable("file_damaged", f"the stored file {sha256[:12]} is not what its name says")
        shelf().keep(part, _name(kind, sha256, keys))
    finally:
        part.unlink(missing_ok=True)


class SealedFile(AtAnyPlace):
    """The plain bytes of a stored file at any place, one opened piece at a time."""

    def __init__(self, stored: BinaryIO, keys: TenantKeys) -> None:
        self.keys = keys
        self.pieces: list[tuple[int, int, bool]] = []  # where each envelope begins, its length, whether it is the last
        super().__init__(size=0)
        self.held, self.plain = -1, b""
        self.stored = stored
        try:
            self._measure()
        except DomainError:
            self.stored.close()
            raise

    def _measure(self) -> None:
        mark = self.stored.read(4)
        if mark not in (MAGIC, PACKED):
            raise Unreadable("file_damaged", "the stored file is damaged")
        self.packed = mark == PACKED
        self.file_id = self.stored.read(16)
        while not self.pieces or not self.pieces[-1][2]:
            head = self.stored.read(5)
            if len(head) < 5:
                raise Unreadable("file_cut", "the stored file is cut off")
            length = int.from_bytes(head[:4], "big")
            self.pieces.append((self.stored.tell(), length, bool(head[4])))
            self.stored.seek(length, io.SEEK_CUR)
        self.size = (len(self.pieces) - 1) * PIECE + len(self._piece(len(self.pieces) - 1))

    def readinto(self, buffer: Any) -> int:
        number, offset = divmod(self.at, PIECE)
        if self.at >= self.size:
            return 0
        part = self._piece(number)[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)

    def close(self) -> None:
        self.stored.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if number != self.held:
            begin, length, last = self.pieces[number]
            self.stored.seek(begin)
            envelope = self.stored.read(length)
            place = self.file_id + number.to_bytes(8, "big")
            piece = self.keys.unseal(envelope, "file", str(last), place)
            self.held, self.plain = number, zlib.decompress(piece) if self.packed else piece
        return self.plain


def _folder(kind: str, keys: TenantKeys) -> Path:
    """Where files of this machine are being written: sealed, whatever shelf they go to."""
    return Path(settings.VAR_DIR) / kind / str(keys.tenant_id)


def _part(kind: str, keys: TenantKeys) -> Path:
    folder = _folder(kind, keys)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f".{uuid.uuid4().hex}.part"


def _name(kind: str, sha256: str, keys: TenantKeys) -> str:
    return f"{kind}/{keys.tenant_id}/{sha256[:2]}/{sha256}"


def _write(part: Path, chunks: Iterable[bytes], keys: TenantKeys, *, packed: bool = False) -> tuple[str, int]:
    digest, size, file_id, number = hashlib.sha256(), 0, os.urandom(16), 0
    fold = zlib.compress if packed else bytes
    with part.open("wb") as out:
        out.write((PACKED if packed else MAGIC) + file_id)
        held: bytes | None = None
        for piece in _pieces(chunks):
            if held is not None:
                out.write(_sealed(fold(held), keys, file_id, number, last=False))
                number += 1
            held = piece
            digest.update(piece)
            size += len(piece)
        out.write(_sealed(fold(held or b""), keys, file_id, number, last=True))
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _sealed(piece: bytes, keys: TenantKeys, file_id: bytes, number: int, *, last: bool) -> bytes:
    envelope = keys.seal(piece, "file", str(last), file_id + number.to_bytes(8, "big"))
    return len(envelope).to_bytes(4, "big") + bytes((last,)) + envelope
