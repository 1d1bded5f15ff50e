"""The embedded servers survive what happens to development machines."""

import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from tests.dev.conftest import ask
from upstream.dev import servers
from upstream.dev.environment import ensure
from upstream.dev.folder import DevError, Folder
from upstream.dev.postgres import Postgres
from upstream.dev.redis_server import HOST, Redis


def postgres_pid(folder: Folder) -> int:
    return int((Postgres(folder).cluster.data / "postmaster.pid").read_text().splitlines()[0])


def redis_pid(folder: Folder) -> int:
    return int((Redis(folder).home / "redis.pid").read_text())


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_the_second_command_finds_the_same_servers(shared_folder: Folder) -> None:
    first = ensure({}, shared_folder)
    pids = postgres_pid(shared_folder), redis_pid(shared_folder)
    assert ensure({}, shared_folder) == first
    assert (postgres_pid(shared_folder), redis_pid(shared_folder)) == pids


def test_commands_at_the_same_time_start_one_pair_of_servers(folder: Folder) -> None:
    with ThreadPoolExecutor(4) as pool:
        environments = list(pool.map(lambda _: ensure({}, folder), range(4)))
    assert all(each == environments[0] for each in environments)
    assert ask(environments[0]["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_killed_servers_come_back_with_their_data(shared_folder: Folder) -> None:
    before = ensure({}, shared_folder)
    ask(before["DATABASE_OWNER_URL"], "CREATE TABLE survivor AS SELECT 7 AS seven")
    with redis.Redis.from_url(before["REDIS_URL"]) as client:
        client.set("seven", "7")
    kill(postgres_pid(shared_folder))
    kill(redis_pid(shared_folder))
    after = ensure({}, shared_folder)
    assert ask(after["DATABASE_URL"], "SELECT seven FROM survivor") == [(7,)]
    with redis.Redis.from_url(after["REDIS_URL"]) as client:
        assert client.get("seven") == b"7"


def test_a_pid_file_whose_number_another_process_carries_is_no_obstacle(shared_folder: Folder) -> None:
    ensure({}, shared_folder)
    pid_file = Postgres(shared_folder).cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill(int(lines[0]))
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(ensure({}, shared_folder)["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_an_interrupted_creation_is_begun_again(folder: Folder) -> None:
    (folder.root / "postgres" / "data-new" / "base").mkdir(parents=True)
    assert ask(ensure({}, folder)["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_stopped_servers_are_down_and_keep_their_data(shared_folder: Folder) -> None:
    ask(ensure({}, shared_folder)["DATABASE_OWNER_URL"], "CREATE TABLE kept ()")
    servers.stop(shared_folder)
    assert servers.status(shared_folder) == {"postgres": False, "redis": False}
    assert ask(ensure({}, shared_folder)["DATABASE_URL"], "SELECT * FROM kept") == []
    assert servers.status(shared_folder) == {"postgres": True, "redis": True}


def test_a_folder_closed_to_the_servers_user_works_and_leaves_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    folder = Folder(tmp_path / "a folder's name that is far too long for the address of a unix socket" / "dev")
    ensure({}, folder)
    home, socket_folder = Postgres(folder).cluster.home, Path(folder.read("state")["postgres_socket_folder"])
    servers.destroy(folder)
    assert [path.exists() for path in (folder.root, home, socket_folder)] == [False, False, False]


def test_redis_moves_when_its_port_was_taken_meanwhile(folder: Folder) -> None:
    taken = Redis(folder)
    ensure({}, folder)
    servers.stop(folder)
    port = taken.port
    with socket.create_server((HOST, port)):
        after = ensure({}, folder)
    assert f":{port}/" not in after["REDIS_URL"]
    with redis.Redis.from_url(after["REDIS_URL"]) as client:
        assert client.ping()


def test_redis_refuses_strangers_and_never_drops_a_message(environment: dict[str, str]) -> None:
    with redis.Redis.from_url(environment["REDIS_URL"]) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        port = client.connection_pool.connection_kwargs["port"]
    with redis.Redis(HOST, port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_postgres_listens_on_a_socket_that_only_its_user_enters(
    environment: dict[str, str], shared_folder: Folder
) -> None:
    assert ask(environment["DATABASE_OWNER_URL"], "SHOW listen_addresses") == [("",)]
    socket_folder = Path(shared_folder.read("state")["postgres_socket_folder"])
    assert len(str(socket_folder)) < 90
    assert socket_folder.stat().st_mode & 0o077 == 0


def test_the_log_never_carries_a_value(environment: dict[str, str], shared_folder: Folder) -> None:
    with psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TEMPORARY TABLE member (id text PRIMARY KEY)")
        owner.execute("INSERT INTO member VALUES ('CANARY-1')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("INSERT INTO member VALUES ('CANARY-1')")
        with pytest.raises(psycopg.errors.DivisionByZero):
            owner.execute("SELECT 1 / 0, %s::text", ["CANARY-2"])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            owner.execute("SELECT 'CANARY-3'::int")
    log = Postgres(shared_folder).cluster.log.read_text()
    assert "ready to accept connections" in log
    assert "CANARY" not in log


def test_secrets_are_readable_by_their_owner_only(environment: dict[str, str], shared_folder: Folder) -> None:
    path = shared_folder.root / "secrets.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert environment["SECRET_KEY"] in path.read_text()


def test_a_broken_state_file_is_named(shared_folder: Folder) -> None:
    ensure({}, shared_folder)
    state = (shared_folder.root / "state.json").read_text()
    (shared_folder.root / "state.json").write_text("{")
    with pytest.raises(DevError, match="state.json cannot be read"):
        ensure({}, shared_folder)
    (shared_folder.root / "state.json").write_text(state)
