"""A mail provider's API on loopback that accepts, refuses, is busy, breaks, or hangs up."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import factories
from upstream.core import tenancy
from upstream.delivery.choices import OutboxState
from upstream.delivery.services import queue_mail, send

ACCEPTED = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "dana@hillside.example"}
INACTIVE = {"ErrorCode": 406, "Message": "Found inactive addresses: dana@hillside.example.\n Inactive recipients are"}
HANG_UP = 0


@contextmanager
def provider(status: int, answer: dict[str, object]) -> Iterator[str]:
    """The address of a server that answers every message so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if status != HANG_UP:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def message(db, settings):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    with tenancy.bind(factories.organization("hillside").pk):
        member = factories.member(email="dana@hillside.example")
        context = {"severity": "High", "claims": 4, "money": "$1", "link": "http://127.0.0.1/"}
        yield queue_mail("incident_opened", about="incident:1", recipient=member, context=context)


@pytest.mark.parametrize(
    ("status", "answer", "state", "code"),
    [
        (200, ACCEPTED, OutboxState.SENT, ""),
        (422, INACTIVE, OutboxState.FAILED, "refused"),
        (401, {}, OutboxState.FAILED, "api_401"),
        (429, {}, OutboxState.QUEUED, "api_429"),
        (503, {}, OutboxState.QUEUED, "api_503"),
        (500, {}, OutboxState.UNKNOWN, "api_500"),
        (HANG_UP, {}, OutboxState.UNKNOWN, "api_cut"),
    ],
)
def test_what_a_provider_answers_decides_what_becomes_of_the_mail(message, settings, status, answer, state, code):
    with provider(status, answer) as address:
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": address}
        send(message.pk)
    message.refresh_from_db()
    assert (message.state, message.error_code) == (state, code)
