"""Sealing of identifying values: AES-256-GCM under per-tenant keys, bound to the place where the value stands.

An envelope is  1 | length of key id | key id | nonce (12) | ciphertext and tag.  Its additional data name the tenant,
table, column and row, so that a ciphertext moved to another place is refused. The data key of (ring key, tenant) is
HKDF-SHA256 of the ring key salted with the tenant's secret: without that secret the tenant's rows are unreadable.
Blind indexes are HMAC-SHA256 under a key drawn from the tenant's secret alone, so that ring rotation leaves them be.
"""

import os
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from upstream.core.errors import DomainError

VERSION = 1
SECRET_BYTES = 32
INDEX_BYTES = 16


class UnreadablePHI(DomainError):
    """A sealed value cannot be opened here: wrong key, wrong place or changed bytes. Never carries the value."""

    status = 500

    def __init__(self, key_id: str = "") -> None:
        super().__init__("unreadable_phi", f"a sealed value under key {key_id or '?'} cannot be opened")


def place(*parts: str | int | bytes) -> bytes:
    """Unambiguous bytes naming where a value stands: each part with its length."""
    out = bytearray()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        out += len(raw).to_bytes(4, "big") + raw
    return bytes(out)


def newest_key_id() -> str:
    return next(iter(settings.PHI_KEYS))


def _derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def key_id_of(envelope: bytes) -> str:
    """The ring key id under which an envelope was sealed; UnreadablePHI when it is no envelope."""
    if len(envelope) < 2 + 1 + 12 + 16 or envelope[0] != VERSION:
        raise UnreadablePHI
    return envelope[2 : 2 + envelope[1]].decode("ascii", "replace")


def _cipher(key_id: str, secret: bytes) -> AESGCM:
    ring: dict[str, bytes] = settings.PHI_KEYS
    if key_id not in ring:
        raise UnreadablePHI(key_id)
    return _cached_cipher(ring[key_id], secret)


@lru_cache(maxsize=256)
def _cached_cipher(key: bytes, secret: bytes) -> AESGCM:
    return AESGCM(_derive(key, secret, b"upstream data key"))


def seal(plain: bytes, *, secret: bytes, where: bytes) -> bytes:
    """An envelope under the newest ring key."""
    key_id = newest_key_id()
    nonce = os.urandom(12)
    return (
        bytes((VERSION, len(key_id))) + key_id.encode() + nonce + _cipher(key_id, secret).encrypt(nonce, plain, where)
    )


def unseal(envelope: bytes, *, secret: bytes, where: bytes) -> bytes:
    """The plain bytes; UnreadablePHI for another place, an unknown key or a changed byte."""
    key_id = key_id_of(envelope)
    start = 2 + envelope[1]
    try:
        return _cipher(key_id, secret).decrypt(envelope[start : start + 12], envelope[start + 12 :], where)
    except InvalidTag as exc:
        raise UnreadablePHI(key_id) from exc


class TenantKeys:
    """One tenant's keys: seals, opens and indexes for it alone."""

    __slots__ = ("_index_key", "_keyed", "_secret", "tenant_id")

    def __init__(self, tenant_id: int, secret: bytes) -> None:
        self.tenant_id = tenant_id
        self._secret = secret
        self._index_key = _derive(secret, b"", b"upstream blind index")
        self._keyed: dict[str, HMAC] = {}

    def seal(self, plain: bytes, table: str, column: str, row: bytes) -> bytes:
        return seal(plain, secret=self._secret, where=place(self.tenant_id, table, column, row))

    def sealer(self, table: str, column: str) -> Callable[[bytes, bytes], bytes]:
        """`seal` for many values of one column: (plain, row) -> envelope, under the key that is newest now."""
        key_id = newest_key_id()
        head = bytes((VERSION, len(key_id))) + key_id.encode()
        encrypt, where = _cipher(key_id, self._secret).encrypt, place(self.tenant_id, table, column)

        def seal_value(plain: bytes, row: bytes) -> bytes:
            nonce = os.urandom(12)
            return head + nonce + encrypt(nonce, plain, where + len(row).to_bytes(4, "big") + row)

        return seal_value

    def unseal(self, envelope: bytes, table: str, column: str, row: bytes) -> bytes:
        return unseal(bytes(envelope), secret=self._secret, where=place(self.tenant_id, table, column, row))

    def index(self, field: str, value: str) -> bytes:
        """16 bytes, equal for equal values of the same field of the same tenant; for identifiers only."""
        return self._digest(field, value.encode())

    def mark(self, plain: bytes) -> bytes:
        """16 bytes by which an unchanged sealed value is recognised without opening it."""
        return self._digest("\x00sealed", plain)

    def _digest(self, field: str, value: bytes) -> bytes:
        """The start of HMAC-SHA256(field, 0, value). A copied state costs a tenth of a new one."""
        keyed = self._keyed.get(field)
        if keyed is None:
            keyed = HMAC(self._index_key, SHA256())
            keyed.update(f"{field}\x00".encode())
            self._keyed[field] = keyed
        state = keyed.copy()
        state.update(value)
        return state.finalize()[:INDEX_BYTES]


def new_secret() -> bytes:
    return os.urandom(SECRET_BYTES)
