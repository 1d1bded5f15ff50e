"""The embedded PostgreSQL server: starting, stopping, finding it. It listens on a unix socket only."""

import re
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from upstream.dev.cluster import Cluster
from upstream.dev.folder import DevError, Folder
from upstream.dev.identity import Identity, server_identity

PORT = 5432
START_SECONDS = 60.0
# PostgreSQL manual, "Message Formats": SSLRequest; any server replies with one byte.
SSL_REQUEST = bytes.fromhex("0000000804d2162f")
# A unix socket's path holds at most 107 bytes, and dj-database-url decodes no other escape than %2F.
LONGEST_SOCKET_FOLDER = 80
PLAIN_PATH = re.compile(r"[\w./-]+", re.ASCII)

SETTINGS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
fsync = on
jit = off
wal_level = minimal
max_wal_senders = 0
timezone = 'UTC'
log_timezone = 'UTC'
# The log never carries a value of a claim: no parameters, no statements, no details of a failed constraint, and no
# message of a failed statement, which quotes what it could not read; the application tells its class and place.
log_min_messages = log
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
log_error_verbosity = terse
"""


@dataclass(frozen=True)
class Postgres:
    folder: Folder

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.folder)

    def url(self, role: str, password: str, database: str) -> str:
        socket_folder = self.folder.read("state").get("postgres_socket_folder", "")
        return f"postgres://{role}:{password}@{quote(socket_folder, safe='')}:{PORT}/{database}"

    def is_up(self) -> bool:
        """True when the server accepts queries."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready" and _answers(Path(lines[4]))

    def start(self, superuser_password: str) -> None:
        """The server accepts queries; its data folder is made when missing. Call with the folder locked."""
        if self.is_up():
            return
        identity = server_identity()
        cluster = self.cluster
        cluster.create(identity, superuser_password)
        self._forget_dead_server()
        self._configure(identity)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            try:
                cluster.run(identity, "pg_ctl", "start", "-D", cluster.data, "-w", "-s")
            except DevError:
                # A killed server's last backends hold the data folder for a moment; one that starts takes its time.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def stop(self, mode: str = "fast") -> None:
        """The server is down. Its data stays; after mode `immediate` the next start repairs it first."""
        self._forget_dead_server()
        if self._pid_file():
            self.cluster.run(server_identity(), "pg_ctl", "stop", "-D", self.cluster.data, "-w", "-m", mode, "-s")

    def destroy(self) -> None:
        """Stops the server and removes everything it kept."""
        self.stop("immediate")
        state = self.folder.read("state")
        for path in (self.cluster.home, state.get("postgres_socket_folder")):
            if path:
                shutil.rmtree(path, ignore_errors=True)

    def _configure(self, identity: Identity) -> None:
        path = self.cluster.data / "upstream.conf"
        path.write_text(SETTINGS.format(port=PORT, socket_folder=self._socket_folder(identity)))
        identity.give(path)

    def _socket_folder(self, identity: Identity) -> Path:
        """A folder whose path is short enough for a unix socket; kept from one start to the next."""
        known = Path(self.folder.read("state").get("postgres_socket_folder") or self.cluster.home / "run")
        if known.parent.is_dir() and len(str(known)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(known)):
            known.mkdir(mode=0o700, exist_ok=True)
        else:
            known = Path(tempfile.mkdtemp(prefix="upstream-", dir="/tmp"))
        identity.give(known)
        self.folder.remember(postgres_socket_folder=str(known))
        return known

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _forget_dead_server(self) -> None:
        """Removes the pid file of a killed server, whose number another process may carry by now."""
        lines = self._pid_file()
        if lines and not _is_server_of(lines[0], self.cluster.data):
            (self.cluster.data / "postmaster.pid").unlink()
            for socket_folder in lines[4:5]:
                (Path(socket_folder) / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _is_server_of(pid: str, data: Path) -> bool:
    try:
        arguments = Path(f"/proc/{int(pid)}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    return str(data).encode() in arguments


def _answers(socket_folder: Path) -> bool:
    """Whether a server replies: a killed one's last children still hold its socket, which accepts and says nothing."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(str(socket_folder / f".s.PGSQL.{PORT}"))
            client.sendall(SSL_REQUEST)
            return client.recv(1) in {b"N", b"S"}
        except OSError:
            return False
