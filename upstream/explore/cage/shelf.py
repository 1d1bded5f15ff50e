"""Facts as a file system that holds nothing else: names like facts://claims/0, read from open descriptors."""

import io
import os
from datetime import UTC, datetime
from typing import Any

from fsspec import AbstractFileSystem

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class FactsShelf(AbstractFileSystem):
    """`open_files` maps each name to its descriptor; nothing can be written."""

    protocol = "facts"
    cachable = False

    def __init__(self, open_files: dict[str, int]) -> None:
        super().__init__()
        self.open_files = open_files

    def open(self, path: str, mode: str = "rb", **_options: Any) -> io.BufferedReader:
        if mode != "rb":
            raise PermissionError("facts are only read")
        return io.BufferedReader(_Whole(self._descriptor(path)), buffer_size=1 << 16)

    def info(self, path: str, **_options: Any) -> dict[str, Any]:
        return {"name": path, "size": os.fstat(self._descriptor(path)).st_size, "type": "file"}

    def exists(self, path: str, **_options: Any) -> bool:
        return self._strip_protocol(path) in self.open_files

    def glob(self, path: str, **_options: Any) -> list[str]:
        return [path] if self.exists(path) else []

    def modified(self, path: str) -> datetime:
        return LONG_AGO

    def _descriptor(self, path: str) -> int:
        name = self._strip_protocol(path)
        if name not in self.open_files:
            raise FileNotFoundError(name)
        return self.open_files[name]


class _Whole(io.RawIOBase):
    """One descriptor read at its own place, so that several readers do not move one another."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor, self.at = descriptor, 0
        self.size = os.fstat(descriptor).st_size

    def readinto(self, buffer: Any) -> int:
        found = os.preadv(self.descriptor, [buffer], self.at)
        self.at += found
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.size}[whence]
        return self.at

    def tell(self) -> int:
        return self.at

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True
