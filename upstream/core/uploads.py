"""Uploads of the portal's forms: on disk only sealed, under a key that lives in this request alone."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic only in the stubs
    """An uploaded file whose `chunks()` are opened as they are read; nothing of it stands in clear on disk."""

    def __init__(self, name: str, content_type: str) -> None:
        # Closed by Django with the request.
        self.sealed = tempfile.TemporaryFile()  # noqa: SIM115
        super().__init__(self.sealed, name, content_type, 0)
        self._cipher = AESGCM(AESGCM.generate_key(256))

    def add(self, piece: bytes) -> None:
        nonce = os.urandom(12)
        sealed = nonce + self._cipher.encrypt(nonce, piece, None)
        self.sealed.write(len(sealed).to_bytes(4, "big") + sealed)
        self.size = (self.size or 0) + len(piece)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.sealed.seek(0)
        while head := self.sealed.read(4):
            sealed = self.sealed.read(int.from_bytes(head, "big"))
            yield self._cipher.decrypt(sealed[:12], sealed[12:], None)

    def read(self, num_bytes: int = -1) -> bytes:
        """All of it, whatever is asked for: readers of pieces use `chunks`."""
        return b"".join(self.chunks())


class SealedUploadHandler(FileUploadHandler):
    """Django's temporary file, sealed."""

    upload: SealedUpload

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.upload = SealedUpload(self.file_name or "", self.content_type or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.upload.add(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        return self.upload
