"""Two practices, each with a client that may do everything, and a way to call the API as one of them."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import findings
from upstream.alerts.models import Incident
from upstream.claims.choices import Outcome
from upstream.core import tenancy
from upstream.detection.models import DetectionRun
from upstream.tenants import services
from upstream.tenants.models import ApiClient, Organization

ALL_SCOPES = ["read", "read_phi", "upload", "work", "report", "payers", "route", "query", "audit"]


@dataclass
class Caller:
    """A practice's API client with its token."""

    practice: Organization
    client: ApiClient
    secret: str
    token: str = ""
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send JSON (or raw bytes) to a path below /api/v1/."""
        sent = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        content_type = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else json.dumps(body) if body is not None else ""
        if not path.startswith("http"):
            path = f"/api/v1/{path}"
        return self.browser.generic(method, path, data, content_type=content_type, headers=sent)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)


@pytest.fixture(autouse=True)
def own_cache() -> Iterator[None]:
    """Counters of a test are its own, without emptying a Redis that others use."""
    cache = caches["default"]
    before, cache.key_prefix = cache.key_prefix, uuid.uuid4().hex
    yield
    cache.key_prefix = before


@pytest.fixture
def caller_of(db: None) -> Callable[..., Caller]:
    def make(practice: Organization, *scopes: str) -> Caller:
        with tenancy.bind(practice.pk), transaction.atomic():
            client, secret = services.create_api_client(name="script", scopes=list(scopes or ALL_SCOPES))
        caller = Caller(practice, client, secret)
        caller.token = json.loads(ask_token(client.client_id, secret).content)["access_token"]
        return caller

    return make


@pytest.fixture
def us(caller_of: Callable[..., Caller]) -> Caller:
    """Our practice's client, with every scope."""
    return caller_of(factories.organization())


@pytest.fixture
def bound(us: Caller) -> Iterator[Caller]:
    """Our client, with its practice bound, so that rows can be made and read beside its calls."""
    with tenancy.bind(us.practice.pk):
        yield us


@pytest.fixture
def stranger(caller_of: Callable[..., Caller]) -> Caller:
    """Another practice's client, with every scope."""
    return caller_of(factories.organization())


@pytest.fixture
def incident(us: Caller) -> Incident:
    """Two denied claims of $800 behind it."""
    with tenancy.bind(us.practice.pk):
        payer = factories.payer("Summit Mutual")
        made = findings.incident(payer, findings.run())
        facts = {"outcome": Outcome.DENIED, "denial_group": "CO", "denial_carc": "197"}
        findings.behind(made, factories.claim(payer, **facts), factories.claim(payer, **facts))
        made.payer, made.last_run = payer, DetectionRun.objects.get()
        return made


def ask_token(client_id: str, client_secret: str, **more: str) -> HttpResponse:
    body = {"client_id": client_id, "client_secret": client_secret, **more}
    return Client().post("/api/v1/auth/token/", body, content_type="application/json")


def told(response: HttpResponse) -> dict[str, Any]:
    """A problem's status and body without its trace id."""
    body = json.loads(response.content)
    body.pop("trace_id")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert body["status"] == response.status_code
    return body


@contextmanager
def asked_of_database() -> Iterator[list[str]]:
    """The statements that read or write rows meanwhile, without those of transactions and of the tenant's binding."""
    asked: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield asked
    quiet = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT set_config")
    asked += [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(quiet)]


def rows_of(response: HttpResponse) -> list[dict[str, Any]]:
    """The rows of a page."""
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = json.loads(response.content)["results"]
    return rows
