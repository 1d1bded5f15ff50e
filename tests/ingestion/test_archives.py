"""Archives and compressed files: each file inside is one of its own, and what is wrong with one costs that one."""

import gzip
import io
import zipfile
from typing import Any

import pytest
from django.db import transaction

from tests.ingestion.formats.fhir import PAID as PAID_ITEM
from tests.ingestion.formats.fhir import eob, item, lines
from tests.ingestion.formats.workbooks import HEADER, workbook, zipped
from tests.ingestion.world import DENIED_835, MAY, PAID_835, csv_of, load, paid, x12
from upstream.claims.models import Adjudication, Claim
from upstream.core import storage
from upstream.core.errors import Unreadable
from upstream.ingestion import archives, services
from upstream.ingestion.models import Batch
from upstream.tenants.services import tenant_keys

pytestmark = pytest.mark.usefixtures("practice")
REMIT = x12(PAID_835, amount="64")
OTHER = x12(DENIED_835, amount="0", check="CHK2", control="000000002")
ROW = ["X1", "Summit Mutual", "99213", "M54.50", "Main", "2026-03-02", "2026-03-16", "paid", "", "100", "80", "64"]


def members(archive: Batch) -> list[tuple[str, str, str]]:
    """(name, status, error code) of each member, loaded."""
    found = []
    for member in archives.members_of(archive):
        if member.batch:
            services.load(member.batch.pk)
            member.batch.refresh_from_db()
        found.append((member.name(tenant_keys()), member.batch.status if member.batch else "", member.error_code))
    return found


def test_each_file_of_an_archive_is_one_of_its_own():
    archive = load(
        zipped(
            {
                "era/remit.835": REMIT,
                "claims.csv": csv_of(paid("C9")),
                "eob.ndjson": gzip.compress(lines(eob(item(*PAID_ITEM)))),
                "sheet.xlsx": workbook([HEADER, ROW]),
                "page.835": "<html><body>Please sign in</body></html>",
                "era/": b"",
            }
        ),
        name="march.zip",
    )
    assert (archive.format, archive.status, archive.state, archive.claims) == ("zip", "loaded", "analysed", 0)
    assert members(archive) == [
        ("era/remit.835", "loaded", ""),
        ("claims.csv", "loaded", ""),
        ("eob.ndjson", "loaded", ""),
        ("sheet.xlsx", "loaded", ""),
        ("page.835", "rejected", ""),
    ]
    batches = Batch.objects.exclude(pk=archive.pk).order_by("pk")
    assert [(b.format, b.claims, b.received_from) for b in batches] == [
        ("x12", 1, "test"), ("csv", 1, "test"), ("fhir", 1, "test"), ("xlsx", 1, "test"), ("", 0, "test"),
    ]  # fmt: skip
    assert batches[0].name(tenant_keys()) == "remit.835"
    assert archives.archive_of(batches[0]) == archive


def test_a_file_that_came_before_is_a_member_and_is_not_doubled():
    first = load(REMIT)
    archive = load(zipped({"a.835": REMIT, "b.835": OTHER, "again.835": OTHER}))
    found = list(archives.members_of(archive))
    assert [(member.batch == first, member.new) for member in found] == [(True, False), (False, True), (False, False)]
    members(archive)
    assert Adjudication.objects.count() == 2
    assert load(zipped({"other/a.835": REMIT})).status == "loaded"
    assert Adjudication.objects.count() == 2


def test_what_systems_leave_in_archives_is_passed_over():
    archive = load(zipped({"__MACOSX/._a.835": "x", "a/.DS_Store": "x", "Thumbs.db": "x", "a/b.835": REMIT}))
    assert members(archive) == [("a/b.835", "loaded", "")]


def test_names_are_never_paths():
    archive = load(zipped({"../../../../tmp/evil.835": REMIT, "C:\\temp\\\u202e.835": OTHER}))
    assert members(archive) == [("../../../../tmp/evil.835", "loaded", ""), ("C:\\temp\\.835", "loaded", "")]
    assert [b.name(tenant_keys()) for b in Batch.objects.exclude(pk=archive.pk).order_by("pk")] == [
        "evil.835", "C:\\temp\\.835",
    ]  # fmt: skip


def damaged(content: bytes) -> bytes:
    """The archive with its first member's bytes changed."""
    at = content.index(b"first.835") + len(b"first.835") + 20
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 40]) + content[at + 40 :]


def test_one_damaged_member_does_not_stop_the_others():
    archive = load(damaged(zipped({"first.835": REMIT, "second.835": OTHER, "empty.835": b""})))
    assert (archive.status, archive.rejected) == ("partly_loaded", 2)
    assert members(archive) == [
        ("first.835", "", "member_damaged"), ("second.835", "loaded", ""), ("empty.835", "", "empty_file"),
    ]  # fmt: skip


def encrypted(content: bytes) -> bytes:
    """The archive with the flag of a password in each of its headers."""
    out = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)


def bomb() -> bytes:
    return zipped({"zeros.835": b"\0" * (20 << 20)})


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (encrypted(zipped({"a.835": REMIT})), "archive_encrypted", "password"),
        (bomb(), "archive_bomb", "200 times its size"),
        (zipped({f"{n}": "x" for n in range(5001)}), "too_many_members", "more than 5,000"),
        (zipped({}), "empty_archive", "no file"),
        (zipped({".hidden": "x"}), "empty_archive", "no file"),
        (zipped({"a": REMIT}).replace(b"a", b"\0"), "empty_archive", "no file"),
        (zipped({"a.835": REMIT})[:-10], "archive_damaged", "damaged or cut off"),
        (damaged(zipped({"first.835": REMIT})), "archive_damaged", "no file of this archive"),
        (gzip.compress(csv_of(paid()).encode() + b"\n" * (20 << 20)), "archive_bomb", "200 times its size"),
        (gzip.compress(REMIT)[:-9], "archive_damaged", "cut off"),
        (gzip.compress(REMIT)[:20] + b"\xff" * 200, "archive_damaged", "damaged"),
        (gzip.compress(zipped({"a.835": REMIT})), "unknown_format", "send the archive itself"),
        (gzip.compress(gzip.compress(REMIT)), "unknown_format", "send the archive itself"),
        (gzip.compress(b"", mtime=0), "empty_file", "empty"),
    ],
)
def test_what_is_refused_as_a_whole(content: bytes, code: str, words: str):
    batch = load(content)
    assert (batch.state, batch.error_code) == ("rejected", code)
    assert words in batch.error_message
    assert Batch.objects.count() == 1


def test_an_archive_in_an_archive_is_unpacked_once():
    inner = zipped({"a.835": REMIT})
    outer = load(zipped({"inner.zip": inner, "third.zip": zipped({"inner.zip": zipped({"b.835": OTHER})})}))
    assert members(outer) == [("inner.zip", "loaded", ""), ("third.zip", "loaded", "")]
    first, second = (member.batch for member in archives.members_of(outer))
    assert first is not None
    assert second is not None
    assert members(first) == [("a.835", "loaded", "")]
    assert members(second) == [("inner.zip", "rejected", "")]
    assert Batch.objects.filter(error_code="nested_too_deep").count() == 1
    assert Claim.objects.count() == 1


def test_a_compressed_file_is_what_is_inside():
    batch = load(gzip.compress(REMIT[:200]) + gzip.compress(REMIT[200:]) + b"\0" * 512)
    assert (batch.format, batch.status, batch.claims) == ("x12", "loaded", 1)


def test_the_same_content_by_any_way_gives_the_same_claims():
    for content in (REMIT, gzip.compress(REMIT), zipped({"a.835": REMIT}), zipped({"a.gz": gzip.compress(REMIT)})):
        members(load(content))
    assert (Claim.objects.count(), Adjudication.objects.count()) == (1, 1)


def test_a_stored_archive_is_opened_anywhere_and_never_stands_in_clear():
    content = bytes(range(256)) * 9000
    with transaction.atomic():
        keys = tenant_keys()
    sha256, size = storage.put("landing", [content], keys)
    with storage.opened("landing", sha256, keys) as file:
        assert (file.seek(0, io.SEEK_END), file.seek(-300, io.SEEK_CUR)) == (size, size - 300)
        assert file.read() == content[-300:]
        file.seek((1 << 20) - 5)
        assert file.read(10) == content[(1 << 20) - 5 : (1 << 20) + 5]
        file.seek(0)
        assert file.read() == content
    with pytest.raises(Unreadable, match="gone"):
        storage.opened("landing", "0" * 64, keys)


def test_an_archive_that_was_compressed_in_the_meantime_is_unpacked_again():
    content = damaged(zipped({"first.835": REMIT}))
    archive = load(content)
    with transaction.atomic():
        keys = tenant_keys()
    assert storage.pack("landing", archive.sha256, keys)
    again = load(content)
    assert (again.pk, again.error_code) == (archive.pk, "archive_damaged")
    whole = load(zipped({"a.835": REMIT, "b.835": OTHER}))
    assert storage.pack("landing", whole.sha256, keys)
    Batch.objects.filter(pk=whole.pk).update(state="landed")
    services.load(whole.pk)
    assert members(Batch.objects.get(pk=whole.pk)) == [("a.835", "loaded", ""), ("b.835", "loaded", "")]


def test_a_refused_file_whose_content_was_removed_stands_here_again_when_sent_again():
    page = b"<html><body>Please sign in</body></html>"
    refused = load(page)
    with transaction.atomic():
        storage.remove("landing", refused.sha256, tenant_keys())
    Batch.objects.filter(pk=refused.pk).update(archived_at=MAY, removed_at=MAY)
    again = load(page)
    assert (again.pk, again.status, again.archived_at, again.removed_at) == (refused.pk, "rejected", None, None)


def test_zip_written_as_a_stream_is_read():
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.written += bytes(data)
            return len(data)

    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.835", REMIT)
    assert members(load(out.written)) == [("a.835", "loaded", "")]
