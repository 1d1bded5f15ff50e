"""A real S3 server from PyPI on loopback, which checks signatures."""

from collections.abc import Iterator

import pytest

from tests.ingestion.sources.conftest import FILE, OTHER, Desk, names, tally
from tests.ingestion.sources.s3_server import Bucket, s3_serving
from upstream.ingestion.models import Batch, Source, SourceObject
from upstream.ingestion.sources import services
from upstream.ingestion.sources.choices import Circuit, ObjectState


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with s3_serving() as running:
        yield running


@pytest.fixture
def bucket(server: Bucket) -> Bucket:
    for key in server.held():
        server.client().delete_object(Bucket=server.name, Key=key)
    return server


def add(desk: Desk, at: Bucket, **values: str) -> Source:
    told = {
        "endpoint": at.url, "bucket": at.name, "access_key": at.access_key, "secret_key": at.secret_key,
        "prefix": "out/", **values,
    }  # fmt: skip
    return desk.add("s3", **told)


def test_objects_below_the_folder_are_fetched_once(desk: Desk, bucket: Bucket) -> None:
    for key in ("out/a.835", "out/b c.835", "out/deep/x.835", "other/y.835", "out/z.tmp"):
        bucket.put(key, FILE + key.encode())
    source = add(desk, bucket)
    assert services.try_connection(source).words == "It works: 2 files lie there that would be taken."
    assert tally(desk.pull(source)) == ("succeeded", 2, 0, 0)
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    assert names() == ["a.835", "b c.835"]


def test_the_same_content_again_changes_nothing_and_a_new_one_is_taken(desk: Desk, bucket: Bucket) -> None:
    bucket.put("out/a.835", FILE)
    source = add(desk, bucket)
    desk.pull(source)
    bucket.put("out/a.835", FILE)
    bucket.put("out/copy.835", FILE)
    assert tally(desk.pull(source)) == ("succeeded", 0, 1, 0)
    bucket.put("out/a.835", OTHER)
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)


@pytest.mark.parametrize(("afterwards", "left"), [("delete", []), ("move", ["out/done/"])])
def test_a_taken_object_is_settled(afterwards: str, left: list[str], desk: Desk, bucket: Bucket) -> None:
    bucket.put("out/a.835", FILE)
    desk.pull(add(desk, bucket, afterwards=afterwards))
    assert [key[: len("out/done/")] for key in bucket.held()] == left


def test_an_object_that_came_after_is_not_settled(desk: Desk, bucket: Bucket) -> None:
    bucket.put("out/a.835", FILE)
    source = add(desk, bucket)
    desk.pull(source)
    bucket.put("out/a.835", OTHER)
    SourceObject.objects.update(state=ObjectState.LANDED)
    Source.objects.update(settings={**source.settings, "afterwards": "delete", "pattern": "nothing"})
    desk.pull(source)
    assert bucket.held() == ["out/a.835"]


def test_a_large_object_streams(desk: Desk, bucket: Bucket) -> None:
    bucket.put("out/a.csv", FILE + b"\n" * 3_000_000)
    assert tally(desk.pull(add(desk, bucket))) == ("succeeded", 1, 0, 0)
    assert Batch.objects.get().size == len(FILE) + 3_000_000


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"secret_key": "wrong"}, "credentials_refused"),
        ({"access_key": "AKIAIOSFODNN7EXAMPLE"}, "credentials_refused"),
        ({"bucket": "nobodys"}, "no_bucket"),
        ({"bucket": "NO BUCKET/"}, "bad_bucket"),
        ({"endpoint": "http://10.0.0.8:9000"}, "address_refused"),
        ({"endpoint": "ftp://x"}, "bad_bucket"),
    ],
)
def test_what_cannot_work_is_said(values: dict[str, str], code: str, desk: Desk, bucket: Bucket) -> None:
    source = add(desk, bucket, **values)
    assert desk.pull(source).error_code == code
    assert source.circuit == Circuit.OPEN


def test_a_server_that_is_away_is_asked_again_soon(desk: Desk, bucket: Bucket) -> None:
    source = add(desk, bucket, endpoint="http://127.0.0.1:9")
    run = desk.pull(source)
    assert (run.error_code, source.circuit) == ("unreachable", Circuit.CLOSED)
