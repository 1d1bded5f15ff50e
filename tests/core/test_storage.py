import hashlib

import pytest

from upstream.core import storage
from upstream.core.errors import Unreadable
from upstream.core.phi.keyring import TenantKeys, UnreadablePHI

KEYS = TenantKeys(7, b"s" * 32)
CONTENT = bytes(range(256)) * 10_000


def the_file(own_var):
    return next((own_var / "landing" / "7").glob("*/*"))


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, b"y" * storage.PIECE, b"z" * (storage.PIECE + 1)])
def test_what_was_put_is_read(content):
    sha256, size = storage.put("landing", [content[:100], content[100:]], KEYS)
    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert storage.read_whole("landing", sha256, KEYS) == content


def test_nothing_stands_in_clear_and_the_same_content_is_one_file(own_var):
    storage.put("landing", [b"PATIENT NAME" * 1000], KEYS)
    storage.put("landing", [b"PATIENT NAME" * 1000], KEYS)
    assert b"PATIENT" not in the_file(own_var).read_bytes()
    assert len(list((own_var / "landing" / "7").rglob("*.part"))) == 0


@pytest.mark.parametrize("keep", [30, storage.PIECE, -1])
def test_a_cut_file_is_refused(own_var, keep):
    sha256, _ = storage.put("landing", [CONTENT], KEYS)
    path = the_file(own_var)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises((Unreadable, UnreadablePHI)):
        storage.read_whole("landing", sha256, KEYS)


def test_another_tenant_cannot_read_a_copied_file(own_var):
    sha256, _ = storage.put("landing", [CONTENT], KEYS)
    copy = own_var / "landing" / "8" / sha256[:2] / sha256
    copy.parent.mkdir(parents=True)
    copy.write_bytes(the_file(own_var).read_bytes())
    with pytest.raises(UnreadablePHI):
        storage.read_whole("landing", sha256, TenantKeys(8, b"t" * 32))


def test_a_file_is_resealed_once_under_a_new_key(settings):
    settings.PHI_KEYS = {"k1": b"o" * 32}
    sha256, _ = storage.put("landing", [CONTENT], KEYS)
    settings.PHI_KEYS = {"k2": b"n" * 32, "k1": b"o" * 32}
    assert [storage.reseal("landing", sha256, KEYS), storage.reseal("landing", sha256, KEYS)] == [True, False]
    settings.PHI_KEYS = {"k2": b"n" * 32}
    assert storage.read_whole("landing", sha256, KEYS) == CONTENT


def test_what_a_killed_writer_left_is_no_stored_file(own_var):
    sha256, _ = storage.put("landing", [CONTENT], KEYS)
    (the_file(own_var).parent / ".0.part").write_bytes(b"UPS1")
    assert list(storage.stored("landing", KEYS)) == [sha256]
