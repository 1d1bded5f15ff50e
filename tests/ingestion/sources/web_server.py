"""An HTTPS server on loopback whose certificate is signed by an authority of its own."""

import ipaddress
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Authority:
    """A certificate authority made for one test run."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests' own authority")])
        basics = x509.BasicConstraints(ca=True, path_length=0)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = self._begun(self.name, self.key.public_key()).add_extension(basics, critical=True)
        self.certificate = made.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def context(self) -> ssl.SSLContext:
        """For a server that is 127.0.0.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.certified())
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def certified(self, host: str = "127.0.0.1") -> bytes:
        """Certificate and key of a host, as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._begun(subject, key.public_key()).add_extension(names, critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        signed = made.add_extension(issuer, critical=False).sign(self.key, hashes.SHA256())
        kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        pem = serialization.Encoding.PEM
        return signed.public_bytes(pem) + key.private_bytes(pem, kind, plain)

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        begun = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
        begun = begun.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        begun = begun.serial_number(x509.random_serial_number())
        return begun.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class WebServer:
    """Answers by `answer`; keeps what was asked. `cut_after`: bytes of a body after which it hangs up, once."""

    answer: Callable[[Asked], Answer]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    cut_after: int = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    server: "Listener"
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
        web = self.server.web
        web.asked.append(asked)
        status, headers, body = web.answer(asked)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if web.cut_after and len(body) > web.cut_after:
            self.wfile.write(body[: web.cut_after])
            web.cut_after, self.close_connection = 0, True
            return
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_DELETE = answer

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Listener(ThreadingHTTPServer):
    web: WebServer
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever hangs up is no error here."""


@contextmanager
def web_serving(web: WebServer, authority: Authority | None) -> Iterator[WebServer]:
    """The server; without an authority it speaks plain http."""
    listener = Listener(("127.0.0.1", 0), Handler)
    listener.web = web
    if authority:
        listener.socket = authority.context().wrap_socket(
            listener.socket, server_side=True, do_handshake_on_connect=False
        )
    web.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join(timeout=5)
