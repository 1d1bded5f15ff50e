"""Where sealed files stand: a folder of this machine, or a bucket of S3 or a server that speaks it.

Names are paths below the shelf. A file is there whole or not at all: a folder gets it by renaming, a bucket by one
request (or a multipart upload, which the server completes at once). What a shelf sees is sealed already.
"""

import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from upstream.core.errors import Unreadable

AHEAD = 1 << 20


class Shelf(Protocol):
    """Named files."""

    def keep(self, part: Path, name: str) -> None:
        """The file that is at `part` stands under the name from now on, in place of an earlier one."""

    def has(self, name: str) -> bool: ...

    def open(self, name: str) -> BinaryIO:
        """To read and seek in; Unreadable("file_missing") when it is not there."""

    def remove(self, name: str) -> None:
        """Nothing when it is not there."""

    def names(self, below: str) -> Iterator[str]:
        """Names of files below a folder, in order."""

    def ready(self) -> None:
        """OSError unless files can be kept now."""


class Folder:
    """A folder of this machine, which several processes may share."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, part: Path, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)
        _sync(target.parent)

    def has(self, name: str) -> bool:
        return (self.root / name).exists()

    def open(self, name: str) -> BinaryIO:
        try:
            return (self.root / name).open("rb")
        except FileNotFoundError as exc:
            raise Unreadable("file_missing", "the stored file is gone") from exc

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    def names(self, below: str) -> Iterator[str]:
        for path in sorted((self.root / below).glob("*/*")):
            yield str(path.relative_to(self.root))

    def ready(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        probe = self.root / f".ready-{uuid.uuid4().hex}"
        try:
            probe.write_bytes(b"ready")
        finally:
            probe.unlink(missing_ok=True)


class Bucket:
    """A bucket that the operator names: `s3://bucket/prefix?endpoint=https://...&region=...`."""

    def __init__(self, url: str, access_key: str, secret_key: str) -> None:
        import boto3  # takes a third of a second, and only those who keep their files there need it
        from botocore.config import Config

        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        self.client = boto3.session.Session(
            aws_access_key_id=access_key or None, aws_secret_access_key=secret_key or None,
            region_name=asked.get("region", "us-east-1"),
        ).client(
            "s3", endpoint_url=asked.get("endpoint"),
            config=Config(
                signature_version="s3v4", connect_timeout=10, read_timeout=60,
                retries={"total_max_attempts": 4, "mode": "standard"},
                s3={"addressing_style": "path" if "endpoint" in asked else "auto"},
                request_checksum_calculation="when_required", response_checksum_validation="when_required",
            ),
        )  # fmt: skip

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def keep(self, part: Path, name: str) -> None:
        with _faults_as_ours():
            self.client.upload_file(str(part), self.bucket, self._key(name))
        part.unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        return self._size(name) is not None

    def open(self, name: str) -> BinaryIO:
        size = self._size(name)
        if size is None:
            raise Unreadable("file_missing", "the stored file is gone")
        return io.BufferedReader(Ranges(self, name, size), buffer_size=AHEAD)

    def remove(self, name: str) -> None:
        with _faults_as_ours():
            self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    def names(self, below: str) -> Iterator[str]:
        with _faults_as_ours():
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._key(below) + "/"):
                for entry in page.get("Contents", []):
                    yield entry["Key"][len(self._key("")) :]

    def piece(self, name: str, begin: int, end: int) -> bytes:
        """Bytes `begin` to `end`, the last one included."""
        with _faults_as_ours():
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key(name), Range=f"bytes={begin}-{end}")
            content: bytes = answer["Body"].read()
        return content

    def ready(self) -> None:
        with _faults_as_ours():
            self.client.head_bucket(Bucket=self.bucket)

    def _size(self, name: str) -> int | None:
        from botocore.exceptions import ClientError

        with _faults_as_ours():
            try:
                return int(self.client.head_object(Bucket=self.bucket, Key=self._key(name))["ContentLength"])
            except ClientError as exc:
                if exc.response["Error"]["Code"] in {"404", "NoSuchKey"}:
                    return None
                raise


class AtAnyPlace(io.RawIOBase):
    """A file of a known size, read from any place on; `at` is the next byte; who inherits says how it is read."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        if self.at < 0:
            raise io.UnsupportedOperation("before the start of the file")
        return self.at


class Ranges(AtAnyPlace):
    """An object of a bucket, asked for part by part."""

    def __init__(self, bucket: Bucket, name: str, size: int) -> None:
        super().__init__(size)
        self.bucket, self.name = bucket, name

    def readinto(self, buffer: Any) -> int:
        end = min(self.at + len(buffer), self.size)
        if end <= self.at:
            return 0
        content = self.bucket.piece(self.name, self.at, end - 1)
        buffer[: len(content)] = content
        self.at += len(content)
        return len(content)


def shelf() -> Shelf:
    """The one that STORAGE_URL names."""
    if not settings.STORAGE_URL.startswith("s3://"):
        return Folder(Path(settings.VAR_DIR))
    return _bucket(settings.STORAGE_URL, settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY)


@lru_cache(maxsize=4)
def _bucket(url: str, access_key: str, secret_key: str) -> Bucket:
    return Bucket(url, access_key, secret_key)


@contextmanager
def _faults_as_ours() -> Iterator[None]:
    """A bucket that is away is a disk that is away: OSError, so that a load is tried again and no file blamed."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as exc:
        raise OSError(f"the bucket refuses: {exc.response['Error']['Code']}") from exc
    except (BotoCoreError, Boto3Error) as exc:
        raise OSError("the bucket does not answer") from exc


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
