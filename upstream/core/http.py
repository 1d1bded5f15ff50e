"""HTTPS to others on a tenant's word: to judged addresses alone, certificates checked, redirects never followed.

No proxy, cookie, netrc or environment takes part. Bodies come in pieces. Plain http is refused unless the operator's
OUTBOUND_ALLOW opens the network: then it stays on machines that he answers for.
"""

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from upstream.core import outbound
from upstream.core.errors import DomainError
from upstream.core.outbound import AddressRefused, BrokenOff

PIECE = 1 << 16
MAX_DOCUMENT = 8 << 20
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
Response = urllib3.BaseHTTPResponse


class BadAnswer(DomainError):
    """The server answered with what cannot be used; `http_status` is its status, 0 for another fault."""

    status = 502

    def __init__(self, code: str, message: str, *, http_status: int = 0) -> None:
        super().__init__(code, message)
        self.http_status = http_status


def _judged_socket(connection: HTTPConnection) -> socket.socket:
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else CONNECT_SECONDS
    return outbound.connect(connection._dns_host, connection.port or connection.default_port, timeout)


class _JudgedHttp(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _judged_socket(self)


class _JudgedHttps(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _judged_socket(self)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _JudgedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _JudgedHttps


class Caller:
    """Makes requests under these rules; `ca` is the PEM of a certificate authority to trust instead of the system's."""

    def __init__(self, *, ca: str = "", read_seconds: float = READ_SECONDS) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=4,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
            ssl_context=_context(ca),
        )
        self._pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    @contextmanager
    def answer(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Iterator[Response]:
        """The response, its body not yet read. AddressRefused, Unreachable, BadAnswer for a certificate not trusted."""
        response = self.begin(method, url, headers=headers, body=body)
        try:
            yield response
        finally:
            response.close()

    def begin(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | IO[bytes] | None = None
    ) -> Response:
        """As `answer`, for a caller that closes the response itself."""
        check(url)
        with _faults_in_words():
            return self._pool.request(
                method, url, headers=dict(headers or {}), body=body, redirect=False, preload_content=False
            )

    def document(self, method: str, url: str, **request: Any) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and parsed JSON (None for an empty or other body) of a small answer."""
        with self.answer(method, url, **request) as response:
            content = b"".join(pieces(response, limit=MAX_DOCUMENT))
            return response.status, response.headers, _json_of(content)


def check(url: str) -> None:
    """AddressRefused unless the URL is https (or http to a network that is opened) and carries no password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as exc:
        raise AddressRefused("bad_address", "this is no web address") from exc
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressRefused("bad_address", "the address must begin with https://")
    if parts.username or parts.password:
        raise AddressRefused("password_in_address", "the address must not carry a user or password")
    if parts.scheme == "http" and outbound.is_public(host, port or 80):
        raise AddressRefused("not_encrypted", "the address must begin with https://: http can be read on the way")


def pieces(response: Response, *, limit: int = 0) -> Iterator[bytes]:
    """The body as it comes; BrokenOff when it ends early, BadAnswer past `limit` bytes."""
    size = 0
    with _faults_in_words():
        for piece in response.stream(PIECE, decode_content=True):
            size += len(piece)
            if limit and size > limit:
                raise BadAnswer("too_large", "the answer is larger than any real one")
            yield piece


def _context(ca: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_verify_locations(cadata=ca)
        except ssl.SSLError as exc:
            raise BadAnswer("bad_ca", "the certificate authority's text is no certificate") from exc
    return context


@contextmanager
def _faults_in_words() -> Iterator[None]:
    try:
        yield
    except urllib3.exceptions.SSLError as exc:
        raise BadAnswer("certificate_refused", "the server's certificate is not trusted") from exc
    except (urllib3.exceptions.LocationValueError, UnicodeError) as exc:
        raise AddressRefused("bad_address", "this is no web address") from exc
    except (urllib3.exceptions.HTTPError, OSError) as exc:
        raise BrokenOff("unreachable", "the server does not answer, or the answer broke off") from exc


def _json_of(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None
