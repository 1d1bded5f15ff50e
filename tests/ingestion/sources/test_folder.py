"""A watched folder on the real disk: whole files once, half ones never, and nothing outside of it."""

import os

import pytest

from tests.ingestion.sources.conftest import FILE, OTHER, Desk, names, tally
from upstream.core.errors import DomainError
from upstream.ingestion.models import Batch, Source
from upstream.ingestion.sources import services
from upstream.ingestion.sources.choices import Circuit
from upstream.ingestion.sources.sighting import SETTLE
from upstream.tenants.services import tenant_keys


@pytest.fixture
def source(desk: Desk) -> Source:
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    return desk.add("folder", folder="inbox", pattern="*.csv; *.835")


def test_a_file_is_taken_at_the_second_equal_look(desk: Desk, source: Source) -> None:
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 1)
    assert desk.seen(source) == [("a.csv", "listed")]
    assert source.next_run_at - desk.settings.FIXED_NOW == SETTLE
    desk.later(seconds=30)
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert desk.seen(source) == [("a.csv", "acknowledged")]
    assert names() == ["a.csv"]
    batch = Batch.objects.get()
    assert batch.received_from == source.sender
    assert (source.next_run_at.minute, source.next_run_at.hour) == (0, 16)


def test_a_growing_file_waits_until_it_is_whole(desk: Desk, source: Source) -> None:
    desk.pull(source)
    for piece in (b"", b"more"):
        desk.later(seconds=40)
        desk.inbox.joinpath("a.csv").write_bytes(FILE[:50] + piece)
        assert tally(desk.pull(source)) == ("succeeded", 0, 0, 1)
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    desk.later(seconds=40)
    desk.pull(source)
    desk.later(seconds=40)
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert Batch.objects.get().size == len(FILE)


def test_the_same_file_again_changes_nothing_and_another_under_its_name_is_taken(desk: Desk, source: Source) -> None:
    desk.pull(source)
    desk.later(minutes=1)
    desk.pull(source)
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    os.utime(desk.inbox / "a.csv", (1, 1))
    desk.pull(source)
    desk.later(minutes=1)
    assert tally(desk.pull(source)) == ("succeeded", 0, 1, 0)
    desk.inbox.joinpath("a.csv").write_bytes(OTHER)
    desk.pull(source)
    desk.later(minutes=1)
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert names() == ["a.csv", "a.csv"]


def test_only_plain_whole_files_of_the_pattern_are_taken(desk: Desk) -> None:
    folder = desk.inbox
    (desk.root / "secret.csv").write_bytes(FILE)
    folder.joinpath("link.csv").symlink_to(desk.root / "secret.csv")
    for name in ("x.csv.part", ".hidden.csv", "~lock.csv", "y.tmp", "notes.doc", "Z.CSV"):
        folder.joinpath(name).write_bytes(FILE)
    folder.joinpath("sub.csv").mkdir()
    source = desk.add("folder", folder="inbox", pattern="*.csv", complete="rename")
    desk.pull(source)
    assert names() == ["Z.CSV"]


def test_with_markers_only_marked_files_are_taken(desk: Desk) -> None:
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    desk.inbox.joinpath("b.csv").write_bytes(OTHER)
    desk.inbox.joinpath("b.csv.done").touch()
    source = desk.add("folder", folder="inbox", complete="marker", afterwards="delete")
    desk.pull(source)
    assert names() == ["b.csv"]
    assert sorted(path.name for path in desk.inbox.iterdir()) == ["a.csv"]


def test_a_taken_file_is_moved_beside_an_earlier_one_of_its_name(desk: Desk) -> None:
    source = desk.add("folder", folder="inbox", complete="rename", afterwards="move")
    for content in (FILE, OTHER):
        desk.inbox.joinpath("a.csv").write_bytes(content)
        desk.pull(source)
    assert sorted(path.name for path in desk.inbox.joinpath("done").iterdir()) == ["a-2.csv", "a.csv"]
    assert names() == ["a.csv", "a.csv"]


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("../other-practice", "outside of what the operator has opened"),
        ("/etc", "outside of what the operator has opened"),
        ("way-out", "outside of what the operator has opened"),
        ("nowhere", "there is no such folder"),
    ],
)
def test_no_other_folder_is_reached(desk: Desk, folder: str, words: str) -> None:
    (desk.root / "other-practice").mkdir(parents=True)
    (desk.inbox.parent / "way-out").symlink_to("/etc")
    tried = services.try_connection(desk.add("folder", folder=folder))
    assert not tried.works
    assert words in tried.words


def test_without_the_operator_no_folder_is_open(desk: Desk, source: Source) -> None:
    desk.settings.WATCHED_FOLDERS = []
    run = desk.pull(source)
    assert (run.state, run.error_code) == ("failed", "no_folders")
    assert source.circuit == Circuit.OPEN


def test_files_are_never_in_clear_on_our_disk(desk: Desk, source: Source, own_var) -> None:
    desk.pull(source)
    desk.later(minutes=1)
    desk.pull(source)
    stored = [path for path in own_var.rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert b"Summit" not in stored[0].read_bytes()


def test_what_may_not_be_settled_is_received_all_the_same_and_said(desk: Desk) -> None:
    source = desk.add("folder", folder="inbox", pattern="*.csv", complete="rename", afterwards="move")
    desk.inbox.joinpath("a.csv").write_bytes(FILE)
    desk.inbox.joinpath("done").write_bytes(b"a file where the folder should be")
    run = desk.pull(source)
    assert (run.state, run.received) == ("failed", 1)
    assert run.error_message.startswith("files were received, but ")
    assert desk.seen(source) == [("a.csv", "landed")]
    desk.inbox.joinpath("done").unlink()
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    assert desk.seen(source) == [("a.csv", "acknowledged")]


def test_a_file_larger_than_allowed_is_given_up_and_others_go_on(desk: Desk, settings) -> None:
    settings.MAX_UPLOAD_BYTES = len(FILE)
    desk.inbox.joinpath("a.csv").write_bytes(FILE + b"x")
    desk.inbox.joinpath("b.csv").write_bytes(FILE)
    source = desk.add("folder", folder="inbox", complete="rename")
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert desk.seen(source) == [("a.csv", "failed"), ("b.csv", "acknowledged")]


def test_secrets_and_names_are_sealed(desk: Desk, source: Source) -> None:
    desk.pull(source)
    keys = tenant_keys()
    assert source.secrets(keys) == {}
    assert b"a.csv" not in bytes(source.objects_seen.get().sealed_name)
    with pytest.raises(DomainError):
        keys.unseal(source.sealed_secrets, Source.TABLE, "sealed_checkpoint", source.public_id.bytes)
