"""Real databases on loopback: Debian's MariaDB, and the PostgreSQL of the tests behind a door of TCP."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
from django.conf import settings

from tests.ingestion.sources.web_server import Authority
from upstream.dev.names import with_database

MARIADB = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or "mariadbd"
SHARE = Path("/usr/share/mysql")
PASSWORD = "a reader's password"


@dataclass
class Server:
    """Where it listens, who reads there, and a connection of its owner."""

    kind: str
    port: int
    database: str
    user: str
    password: str
    owner: Any

    def run(self, *statements: str) -> None:
        with closing(self.owner.cursor()) as cursor:
            for statement in statements:
                cursor.execute(statement)
        self.owner.commit()

    @property
    def told(self) -> dict[str, str]:
        return {
            "database_kind": self.kind, "host": "127.0.0.1", "port": str(self.port), "database": self.database,
            "user": self.user, "password": self.password, "tls": "off",
        }  # fmt: skip


@contextmanager
def mariadb(authority: Authority) -> Iterator[Server]:
    """A server of its own, with nothing in it but one user who may read; its certificate is the authority's."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [
            MARIADB,
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            *(["--user=root"] if not os.getuid() else []),
        ]
        (folder / "data").mkdir()
        subprocess.run([*command, "--bootstrap"], input=_tables(), check=True, capture_output=True, timeout=120)
        serve = [*command, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder / 's'}"]
        serve += _certificate(authority, folder)
        process = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(process.wait, timeout=60)
        stack.callback(process.terminate)
        owner = stack.enter_context(closing(_root(str(folder / "s"))))
        server = Server("mysql", port, "pms", "reader", PASSWORD, owner)
        server.run(
            "CREATE DATABASE pms",
            f'CREATE USER reader@"127.0.0.1" IDENTIFIED BY "{PASSWORD}"',
            'GRANT SELECT ON pms.* TO reader@"127.0.0.1"',
            "USE pms",
        )
        yield server


def _certificate(authority: Authority, folder: Path) -> list[str]:
    both = folder / "server.pem"
    both.write_bytes(authority.certified())
    return [f"--ssl-cert={both}", f"--ssl-key={both}"]


def _tables() -> bytes:
    """The server's own tables, as its package tells them: what mariadb-install-db would read, which is not in it."""
    files = [*SHARE.glob("*_system_tables.sql"), *SHARE.glob("*_system_tables_data.sql")]
    first = b"CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\nSET @skip_auth_anonymous = 1;\n"
    return first + b"\n".join(path.read_bytes() for path in files)


def _root(address: str) -> Any:
    for _ in range(300):
        time.sleep(0.2)
        if Path(address).exists():
            return pymysql.connect(unix_socket=address, user="root")
    raise TimeoutError("MariaDB did not start")


@contextmanager
def postgresql() -> Iterator[Server]:
    """The tests' own server, reached over TCP."""
    url = with_database(os.environ["DATABASE_OWNER_URL"], settings.DATABASES["default"]["NAME"])
    parts = urlsplit(url)
    host, number = unquote(parts.hostname or ""), parts.port or 5432
    # urlsplit lowers the case of a host, which a path does not stand.
    host = unquote(parts.netloc.rpartition("@")[2].rpartition(":")[0]) if host.startswith("/") else host
    with ExitStack() as stack:
        port = stack.enter_context(_door(host, number))
        owner = stack.enter_context(psycopg.connect(url))
        server = Server("postgresql", port, parts.path[1:], parts.username or "", unquote(parts.password or ""), owner)
        server.run("CREATE SCHEMA pms", "SET search_path TO pms")
        try:
            yield server
        finally:
            server.run("DROP SCHEMA pms CASCADE")


@contextmanager
def _door(host: str, number: int) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, host, number), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, host: str, number: int) -> None:
    with suppress(OSError):
        while True:
            link, _ = listener.accept()
            if host.startswith("/"):
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{host}/.s.PGSQL.{number}")
            else:
                server = socket.create_connection((host, number))
            for pair in ((link, server), (server, link)):
                threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(from_: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while piece := from_.recv(65_536):
            to.sendall(piece)
    for each in (from_, to):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
