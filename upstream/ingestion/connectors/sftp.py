"""SFTP: the server is known by its pinned key, the user by a password or a private key.

Nothing is trusted on first use: without the fingerprint the connection is refused, and the words name the fingerprint
that the server shows, for its owner to confirm.
"""

import base64
import hashlib
import io
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import paramiko

from upstream.core import outbound
from upstream.core.outbound import Unreachable
from upstream.ingestion.connectors.contract import (
    Changed,
    CredentialsRefused,
    IdentityChanged,
    RemoteObject,
    Setup,
    WrongSettings,
)
from upstream.ingestion.connectors.names import MARKER, wanted, whole

CONNECT_SECONDS, QUIET_SECONDS = 15.0, 60.0
PIECE = 1 << 18
DONE = "done"
MOST_LISTED = 50_000
KEY_KINDS: tuple[Callable[..., paramiko.PKey], ...] = (
    paramiko.Ed25519Key.from_private_key,
    paramiko.ECDSAKey.from_private_key,
    paramiko.RSAKey.from_private_key,
)


class Sftp:
    """An open session; files known by their size and time."""

    def __init__(self, transport: paramiko.Transport, setup: Setup) -> None:
        self.transport = transport
        self.folder = setup.settings.get("folder") or "."
        self.pattern = setup.settings.get("pattern", "")
        self.complete = setup.settings.get("complete", "stable")
        self.afterwards = setup.settings.get("afterwards", "leave")
        with _faults_in_words():
            client = paramiko.SFTPClient.from_transport(transport)
            if client is None:
                raise Unreachable("unreachable", "the server opens no SFTP session")
            self.client = client
            self._channel().settimeout(QUIET_SECONDS)

    def _channel(self) -> paramiko.Channel:
        channel = self.client.get_channel()
        if channel is None:
            raise Unreachable("unreachable", "the connection broke off")
        return channel

    def list(self) -> Iterator[RemoteObject]:
        with _faults_in_words("the folder may not be read"), _no_such_folder():
            entries = []
            for entry in self.client.listdir_iter(self.folder):
                entries.append(entry)
                if len(entries) >= MOST_LISTED:
                    break
        plain = [entry for entry in entries if stat.S_ISREG(entry.st_mode or 0)]
        taken = [entry for entry in plain if wanted(entry.filename, self.pattern)]
        taken.sort(key=lambda entry: (entry.st_mtime or 0, entry.filename))
        objects = (RemoteObject(self._path(entry.filename), _version(entry), entry.st_size) for entry in taken)
        yield from whole(objects, {entry.filename for entry in plain}, self.complete)

    def _path(self, name: str) -> str:
        return f"{self.folder.rstrip('/')}/{name}"

    def fetch(self, found: RemoteObject) -> Iterator[bytes]:
        with _faults_in_words(), _gone_is_changed(), self.client.open(found.handle, "rb") as file:
            file.prefetch(found.size)
            while piece := file.read(PIECE):
                yield piece
            if _version(self.client.lstat(found.handle)) != found.version:
                raise Changed("changed", "the file was still being written")

    def acknowledge(self, found: RemoteObject) -> None:
        if self.afterwards == "leave":
            return
        with _faults_in_words("the file may not be moved or deleted there"):
            try:
                if _version(self.client.lstat(found.handle)) != found.version:
                    return
                self._settle(found)
                self.client.remove(found.handle + MARKER)
            except FileNotFoundError:
                return

    def _settle(self, found: RemoteObject) -> None:
        if self.afterwards == "delete":
            self.client.remove(found.handle)
            return
        folder = self._path(DONE)
        try:
            self.client.stat(folder)
        except FileNotFoundError:
            self.client.mkdir(folder)
        self.client.rename(found.handle, self._free(f"{folder}/{found.name}"))

    def _free(self, path: str) -> str:
        number, free = 1, path
        while self._exists(free):
            number += 1
            free = f"{path}.{number}"
        return free

    def _exists(self, path: str) -> bool:
        try:
            self.client.lstat(path)
        except FileNotFoundError:
            return False
        return True

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        self.transport.close()


def connect(setup: Setup) -> Sftp:
    """A session with the server whose key is pinned; IdentityChanged and CredentialsRefused say what is wrong."""
    settings, secrets = setup.settings, setup.secrets
    key = _private_key(secrets["private_key"], secrets.get("passphrase", "")) if secrets.get("private_key") else None
    if key is None and not secrets.get("password"):
        raise WrongSettings("no_credentials", "a password or a private key is needed")
    link = outbound.connect(settings["host"], port_of(settings.get("port", "22")), CONNECT_SECONDS)
    transport: paramiko.Transport | None = None
    try:
        with _faults_in_words():
            transport = paramiko.Transport(link)
            transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = CONNECT_SECONDS
            transport.start_client(timeout=CONNECT_SECONDS)
        _check_identity(transport, settings.get("host_key", ""))
        _sign_in(transport, settings["user"], secrets.get("password", ""), key)
        return Sftp(transport, setup)
    except BaseException:
        (transport or link).close()
        raise


def port_of(text: str) -> int:
    """A port number; WrongSettings when the text is none."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise WrongSettings("bad_port", "the port is a number between 1 and 65535")
    return int(text)


def _check_identity(transport: paramiko.Transport, pinned: str) -> None:
    digest = hashlib.sha256(transport.get_remote_server_key().asbytes()).digest()
    shown = "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    known = [word.rstrip("=") for word in pinned.replace(",", " ").split()]
    if not known:
        raise IdentityChanged(
            "host_key_unknown", f"the server shows the key {shown}; when its owner confirms it, put it into Host key"
        )
    if shown not in known:
        raise IdentityChanged(
            "host_key_changed",
            f"the server shows another key than the one that is known ({shown}); nothing was sent to it. Ask its owner",
        )


def _sign_in(transport: paramiko.Transport, user: str, password: str, key: paramiko.PKey | None) -> None:
    try:
        with _faults_in_words():
            if key is not None:
                transport.auth_publickey(user, key)
            if not transport.is_authenticated():
                transport.auth_password(user, password)
    except paramiko.AuthenticationException as exc:
        raise CredentialsRefused("credentials_refused", "the server does not take the user, password or key") from exc
    if not transport.is_authenticated():
        raise CredentialsRefused("credentials_refused", "the server wants a further proof of who we are")


def _private_key(text: str, passphrase: str) -> paramiko.PKey:
    for read in KEY_KINDS:
        try:
            return read(io.StringIO(text.strip() + "\n"), password=passphrase or None)
        except paramiko.PasswordRequiredException as exc:
            raise WrongSettings("bad_key", "the private key needs its passphrase") from exc
        except (paramiko.SSHException, ValueError, TypeError, IndexError):
            continue
    raise WrongSettings("bad_key", "the private key cannot be read, or its passphrase is wrong")


def _version(state: paramiko.SFTPAttributes) -> str:
    return f"{state.st_size}:{state.st_mtime}"


@contextmanager
def _no_such_folder() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise Unreachable("no_folder", "there is no such folder on the server") from exc


@contextmanager
def _gone_is_changed() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise Changed("gone", "the file went before it was read") from exc


@contextmanager
def _faults_in_words(refused: str = "the server refuses it") -> Iterator[None]:
    """The library's faults as ours; those of signing in pass, for the caller knows what was tried."""
    try:
        yield
    except (paramiko.AuthenticationException, FileNotFoundError):
        raise
    except paramiko.SFTPError as exc:
        raise WrongSettings("no_sftp", "the server opens no SFTP session for this user") from exc
    except PermissionError as exc:
        raise WrongSettings("may_not", refused) from exc
    except (OSError, paramiko.SSHException, EOFError) as exc:
        raise Unreachable("unreachable", "the server does not answer, or the connection broke off") from exc
