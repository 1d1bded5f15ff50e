"""The same files in a folder and in a bucket of a real S3 server."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.ingestion.sources.s3_server import Bucket, s3_serving
from upstream.core import health, shelves, storage
from upstream.core.errors import Unreadable
from upstream.core.phi.keyring import TenantKeys
from upstream.settings import env

KEYS, OTHERS = TenantKeys(7, b"s" * 32), TenantKeys(70, b"t" * 32)
CONTENT = bytes(range(256)) * 10_000


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with s3_serving() as running:
        yield running


@pytest.fixture
def bucket(server: Bucket, settings) -> Bucket:
    for key in server.held():
        server.client().delete_object(Bucket=server.name, Key=key)
    settings.STORAGE_URL = f"s3://{server.name}/up/stream?endpoint={server.url}"
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = server.access_key, server.secret_key
    return server


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, b"z" * (9 << 20)])
def test_what_was_put_is_read(bucket: Bucket, own_var: Path, content: bytes) -> None:
    sha256, size = storage.put("landing", [content[:100], content[100:]], KEYS)
    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert storage.read_whole("landing", sha256, KEYS) == content
    assert bucket.held() == [f"up/stream/landing/7/{sha256[:2]}/{sha256}"]
    assert not [path for path in own_var.rglob("*") if path.is_file()]


def test_nothing_stands_in_clear(bucket: Bucket) -> None:
    storage.put("landing", [b"PATIENT NAME" * 1000], KEYS)
    (key,) = bucket.held()
    assert b"PATIENT" not in bucket.client().get_object(Bucket=bucket.name, Key=key)["Body"].read()


def test_a_file_can_be_sought_in(bucket: Bucket) -> None:
    sha256, _ = storage.put("landing", [CONTENT], KEYS)
    with storage.opened("landing", sha256, KEYS) as file:
        assert (file.seek(-10, 2), file.read()) == (len(CONTENT) - 10, CONTENT[-10:])
        assert (file.seek(storage.PIECE - 5), file.read(10)) == (storage.PIECE - 5, CONTENT[storage.PIECE - 5 :][:10])


@pytest.mark.parametrize("content", [b"", CONTENT])
def test_a_packed_file_can_be_sought_in_too(bucket: Bucket, content: bytes) -> None:
    sha256, _ = storage.put("landing", [content], KEYS)
    assert storage.pack("landing", sha256, KEYS)
    with storage.opened("landing", sha256, KEYS) as file:
        assert (file.seek(0, 2), file.seek(0), file.read()) == (len(content), 0, content)


def test_files_are_listed_removed_and_missed(bucket: Bucket) -> None:
    mine, _ = storage.put("landing", [b"one"], KEYS)
    storage.put("landing", [b"two"], OTHERS)
    assert list(storage.stored("landing", KEYS)) == [mine]
    storage.remove("landing", mine, KEYS)
    storage.remove("landing", mine, KEYS)
    with pytest.raises(Unreadable, match="gone"):
        storage.read_whole("landing", mine, KEYS)


def test_a_file_is_resealed_and_packed(bucket: Bucket, settings) -> None:
    settings.PHI_KEYS = {"k1": b"o" * 32}
    sha256, _ = storage.put("landing", [CONTENT], KEYS)
    settings.PHI_KEYS = {"k2": b"n" * 32, "k1": b"o" * 32}
    assert storage.reseal("landing", sha256, KEYS)
    assert storage.pack("landing", sha256, KEYS)
    assert storage.key_id("landing", sha256, KEYS) == "k2"
    assert storage.read_whole("landing", sha256, KEYS) == CONTENT


def test_a_bucket_that_is_away_or_refuses_is_no_fault_of_the_file(bucket: Bucket, settings) -> None:
    sha256, _ = storage.put("landing", [b"one"], KEYS)
    settings.S3_SECRET_KEY = "wrong"
    with pytest.raises(OSError, match="refuses"):
        storage.read_whole("landing", sha256, KEYS)
    with pytest.raises(OSError, match="refuses"):
        health.storage()
    settings.STORAGE_URL = f"s3://{bucket.name}?endpoint=http://127.0.0.1:9"
    shelf = shelves.shelf()
    assert isinstance(shelf, shelves.Bucket)
    with pytest.raises(OSError, match="does not answer"):
        shelf.has("x")


@pytest.mark.parametrize("url", ["s3://", "gs://bucket", "/var/lib/upstream"])
def test_what_is_no_place_is_refused_at_boot(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        env.storage(Path("/tmp"))
