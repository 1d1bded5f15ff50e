"""Debian's sftp-server on loopback: half files, cut connections, wrong passwords, a changed host key."""

import os
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from tests.ingestion.sources.conftest import FILE, OTHER, Desk, names, tally
from tests.ingestion.sources.sftp_server import SftpServer, serving
from upstream.core.errors import Invalid
from upstream.ingestion.models import Batch, Source
from upstream.ingestion.sources import services
from upstream.ingestion.sources.choices import Circuit
from upstream.tenants.services import tenant_keys


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    folder = tmp_path / "mailbox"
    folder.joinpath("out").mkdir(parents=True)
    with serving(SftpServer(folder)) as running:
        yield running


def add(desk: Desk, server: SftpServer, **values: str) -> Source:
    told = {
        "host": "127.0.0.1", "port": str(server.port), "host_key": server.fingerprint, "user": "lakeside",
        "password": server.password, "folder": "out", "complete": "rename", **values,
    }  # fmt: skip
    return desk.add("sftp", **told)


def put(server: SftpServer, name: str, content: bytes) -> Path:
    path = server.folder / "out" / name
    path.write_bytes(content)
    return path


def test_each_file_is_fetched_once_and_moved(desk: Desk, server: SftpServer) -> None:
    put(server, "b.835", FILE)
    put(server, "c.835", OTHER)
    put(server, "d.835.filepart", OTHER)
    source = add(desk, server, pattern="*.835", afterwards="move")
    assert services.try_connection(source).words == "It works: 2 files lie there that would be taken."
    assert tally(desk.pull(source)) == ("succeeded", 2, 0, 0)
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 0)
    assert sorted(names()) == ["b.835", "c.835"]
    assert sorted(path.name for path in (server.folder / "out" / "done").iterdir()) == ["b.835", "c.835"]


def test_a_half_written_file_waits_and_the_same_one_again_changes_nothing(desk: Desk, server: SftpServer) -> None:
    path = put(server, "a.835", FILE[:40])
    source = add(desk, server, complete="stable")
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 1)
    desk.later(minutes=1)
    path.write_bytes(FILE)
    assert tally(desk.pull(source)) == ("succeeded", 0, 0, 1)
    desk.later(minutes=1)
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    os.utime(path, (1, 1))
    desk.pull(source)
    desk.later(minutes=1)
    assert tally(desk.pull(source)) == ("succeeded", 0, 1, 0)
    assert Batch.objects.get().size == len(FILE)


def test_a_cut_connection_is_made_again_and_the_file_comes_whole(desk: Desk, server: SftpServer) -> None:
    content = FILE + b"\n" * 3_000_000
    put(server, "large.csv", content)
    source = add(desk, server)
    server.cut_after = 1_000_000
    assert tally(desk.pull(source)) == ("succeeded", 1, 0, 0)
    assert (Batch.objects.get().size, server.sign_ins) == (len(content), 2)


def test_a_server_that_is_away_is_asked_again_soon(desk: Desk, tmp_path: Path) -> None:
    with serving(SftpServer(tmp_path)) as gone:
        source = add(desk, gone)
    run = desk.pull(source)
    assert (run.state, run.error_code, run.error_message) == ("failed", "unreachable", "the server does not answer")
    assert (source.circuit, source.failures) == (Circuit.CLOSED, 1)


def test_a_wrong_password_is_tried_once_and_rests(desk: Desk, server: SftpServer) -> None:
    source = add(desk, server, password="wrong")
    run = desk.pull(source)
    assert (run.error_code, source.circuit) == ("credentials_refused", Circuit.OPEN)
    assert run.error_message == "the server does not take the user, password or key"
    assert server.sign_ins == 1
    assert "wrong" not in str(source.settings)


def test_another_host_key_gets_no_password(desk: Desk, server: SftpServer) -> None:
    source = add(desk, server)
    desk.pull(source)
    server.sign_ins, server.host_key = 0, paramiko.ECDSAKey.generate()
    run = desk.pull(source)
    assert (run.error_code, source.circuit, server.sign_ins) == ("host_key_changed", Circuit.OPEN, 0)
    assert server.fingerprint in run.error_message


def test_an_unknown_host_key_is_shown_and_nothing_is_sent(desk: Desk, server: SftpServer) -> None:
    tried = services.try_connection(add(desk, server, host_key=""))
    assert (tried.works, tried.code, server.sign_ins) == (False, "host_key_unknown", 0)
    assert server.fingerprint in tried.words


def test_a_private_key_opens_the_door(desk: Desk, server: SftpServer, tmp_path: Path) -> None:
    key = paramiko.RSAKey.generate(2048)
    server.keys.append(key)
    path = tmp_path / "key"
    key.write_private_key_file(str(path), password="open sesame")
    told = {"password": "", "private_key": path.read_text()}
    assert services.try_connection(add(desk, server, passphrase="open sesame", **told)).works
    assert services.try_connection(add(desk, server, passphrase="open barley", **told)).code == "bad_key"
    assert services.try_connection(add(desk, server, **told)).code == "bad_key"
    assert services.try_connection(add(desk, server, password="", private_key="no key")).code == "bad_key"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"port": "many"}, "bad_port"),
        ({"password": ""}, "no_credentials"),
        ({"folder": "nowhere"}, "no_folder"),
        ({"host": "169.254.169.254"}, "address_refused"),
        ({"host": "10.1.2.3"}, "address_refused"),
        ({"host": "no such host."}, "unknown_host"),
    ],
)
def test_what_cannot_work_is_said(values: dict[str, str], code: str, desk: Desk, server: SftpServer) -> None:
    assert services.try_connection(add(desk, server, **values)).code == code


def test_secrets_are_sealed_kept_when_blank_and_never_taken_elsewhere(desk: Desk, server: SftpServer) -> None:
    source = add(desk, server)
    told = {**source.settings, "password": ""}
    services.change_source(source, name="New name", values=told, schedule_words="daily")
    assert source.secrets(tenant_keys()) == {"password": server.password}
    with pytest.raises(Invalid) as refused:
        services.change_source(source, name="x", values={**told, "host": "evil.example"}, schedule_words="daily")
    assert refused.value.code == "secrets_again"
    source.refresh_from_db()
    assert source.settings["host"] == "127.0.0.1"
    assert server.password.encode() not in bytes(source.sealed_secrets)


def test_a_login_that_opens_no_session_is_said(desk: Desk, server: SftpServer) -> None:
    server.says_no = True
    assert services.try_connection(add(desk, server)).code == "no_sftp"


def test_links_are_not_followed(desk: Desk, server: SftpServer) -> None:
    (server.folder / "out" / "link.835").symlink_to("/etc/passwd")
    assert tally(desk.pull(add(desk, server))) == ("succeeded", 0, 0, 0)
