"""Debian's own sftp-server behind an SSH front on loopback: passwords, keys and the host key are the test's."""

import base64
import hashlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

SFTP_SERVER = "/usr/lib/openssh/sftp-server"


@dataclass
class SftpServer:
    """What the server takes and shows. `cut_after`: bytes after which the connection breaks, once."""

    folder: Path
    host_key: paramiko.PKey = field(default_factory=lambda: paramiko.ECDSAKey.generate())
    password: str = "right horse battery"
    keys: list[paramiko.PKey] = field(default_factory=list)
    cut_after: int = 0
    says_no: bool = False
    port: int = 0
    sign_ins: int = 0

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(self.host_key.asbytes()).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


class Front(paramiko.ServerInterface):
    """Lets in whoever the server takes, to the sftp subsystem alone."""

    def __init__(self, server: SftpServer) -> None:
        self.server = server

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        return self._let_in(password == self.server.password)

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return self._let_in(key in self.server.keys)

    def _let_in(self, known: bool) -> int:
        self.server.sign_ins += 1
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        threading.Thread(target=_carry, args=(self.server, channel), daemon=True).start()
        return name == "sftp"


def _carry(server: SftpServer, channel: paramiko.Channel) -> None:
    """Bytes between the channel and a process of sftp-server that stands in the folder."""
    command = [SFTP_SERVER, "-d", str(server.folder)]
    if server.says_no:  # as a login without a shell does
        command = ["echo", "This account is currently not available."]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    threading.Thread(target=_downwards, args=(process, channel), daemon=True).start()
    sent = 0
    assert process.stdout
    while piece := process.stdout.read1(32_768):
        sent += len(piece)
        if server.cut_after and sent > server.cut_after:
            server.cut_after = 0
            channel.get_transport().close()
            break
        try:
            channel.sendall(piece)
        except OSError:
            break
    process.kill()
    process.wait()
    process.stdout.close()


def _downwards(process: subprocess.Popen, channel: paramiko.Channel) -> None:
    assert process.stdin
    with suppress(OSError):
        while piece := channel.recv(32_768):
            process.stdin.write(piece)
            process.stdin.flush()
    with suppress(OSError):
        process.stdin.close()


@contextmanager
def serving(server: SftpServer) -> Iterator[SftpServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, server: SftpServer) -> None:
    while True:
        try:
            link, _ = listener.accept()
        except OSError:
            return
        transport = paramiko.Transport(link)
        transport.add_server_key(server.host_key)
        try:
            transport.start_server(server=Front(server))
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()
